package ui

import (
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/visible"
)

// scriptLog keeps the end of what scripts printed. Lines come on any
// goroutine; they are drawn in batches, so a flood does not hold up the window.
type scriptLog struct {
	w     *Window
	label *widget.Label // while the log is open

	mu   sync.Mutex
	text string
	due  bool // a drawing is on its way
}

// mostLog bounds the bytes of the log.
const mostLog = 64 << 10

func (l *scriptLog) add(id, text string) {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimRight(text, "\n")) {
		b.WriteString(id + ": " + visible.Program(strings.TrimRight(line, "\n")) + "\n")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = lastLines(l.text+b.String(), mostLog)
	if !l.due {
		l.due = true
		l.w.do(l.draw)
	}
}

// lastLines is the end of text that fits, from the start of a line if it can.
func lastLines(text string, most int) string {
	if len(text) <= most {
		return text
	}
	text = text[len(text)-most:]
	if _, rest, ok := strings.Cut(text, "\n"); ok && rest != "" {
		return rest
	}
	return strings.ToValidUTF8(text, "")
}

func (l *scriptLog) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.due = false
	if l.text == "" {
		return "Nothing yet. The output of scripts appears here."
	}
	return l.text
}

func (l *scriptLog) draw() {
	if text := l.take(); l.label != nil && !l.w.closed {
		l.label.SetText(text)
	}
}

func (l *scriptLog) clear() {
	l.mu.Lock()
	l.text = ""
	l.mu.Unlock()
	l.draw()
}

// open shows the log over the window; it goes on while it is open.
func (l *scriptLog) open() {
	l.label = widget.NewLabel("")
	l.label.TextStyle.Monospace = true
	l.label.Selectable = true
	clear := widget.NewButton("Clear", l.clear)
	l.draw()
	l.w.inform("Script log", container.NewBorder(nil, container.NewHBox(clear), nil, nil, container.NewScroll(l.label)), fyne.NewSize(720, 420))
}

package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Line is one line of text in a place that may be too narrow for all there is to say:
// it shows the first way to say it that fits. Only the last way, where that does not
// fit either, is cut off.
type Line struct {
	widget.Label
	ways []string // the longest first
}

// NewLine makes an empty line.
func NewLine() *Line {
	l := &Line{}
	l.Truncation = fyne.TextTruncateEllipsis
	l.ExtendBaseWidget(l)
	return l
}

// Say gives the ways to say something, the longest first.
func (l *Line) Say(ways ...string) {
	l.ways = ways
	l.fit()
}

// Resize chooses anew what fits.
func (l *Line) Resize(size fyne.Size) {
	l.Label.Resize(size)
	l.fit()
}

// fit shows the first way that is no wider than the line.
func (l *Line) fit() {
	if len(l.ways) == 0 {
		return
	}
	name := l.SizeName
	if name == "" {
		name = theme.SizeNameText
	}
	room, shown := l.Size().Width-2*theme.InnerPadding(), len(l.ways)-1
	for i, way := range l.ways {
		if fyne.MeasureText(way, theme.Size(name), l.TextStyle).Width <= room {
			shown = i
			break
		}
	}
	if l.Text != l.ways[shown] {
		l.SetText(l.ways[shown])
	}
}

// Dropping are the ways to say parts in one line, with ever fewer of the last ones.
func Dropping(parts []string, between string) []string {
	var ways []string
	all := ""
	for i, part := range parts {
		if i > 0 {
			all += between
		}
		all += part
		ways = append([]string{all}, ways...)
	}
	return ways
}

package ui

import (
	"picasso/ui/keys"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/widgets"
)

// palette finds any action by words of its title, its menu or its keys, and
// runs it.
type palette struct {
	w     *Window
	over  *widget.PopUp
	entry *paletteEntry
	list  *widget.List
	none  *widget.Label // what stands where nothing was found
	found []keys.Action
	at    int // highlighted
}

// showPalette opens the palette over the window.
func (w *Window) showPalette() {
	if w.covered() {
		return
	}
	w.hideWelcome()
	p := &palette{w: w}
	p.entry = &paletteEntry{p: p}
	p.entry.ExtendBaseWidget(p.entry)
	p.entry.SetPlaceHolder("What do you want to do?")
	p.entry.OnChanged = p.search
	p.list = widget.NewList(func() int { return len(p.found) }, newPaletteRow, p.fill)
	p.list.OnSelected = func(i widget.ListItemID) {
		if i != p.at { // a click; keys move only the highlight
			p.at = i
			p.run()
		}
	}
	p.none = widgets.Faint("No action is called that. Try one word of it, or the name of a menu.")
	p.none.Wrapping, p.none.Alignment = fyne.TextWrapWord, fyne.TextAlignCenter
	size := w.win.Canvas().Size()
	content := container.NewBorder(p.entry, nil, nil, nil, container.NewStack(p.list, container.NewVBox(p.none)))
	p.over = widget.NewModalPopUp(widgets.AtLeast(min(520, size.Width-80), min(420, size.Height-120), content), w.win.Canvas())
	w.palette = p
	p.search("")
	p.over.Show()
	w.win.Canvas().Focus(p.entry)
}

func newPaletteRow() fyne.CanvasObject {
	keys := widgets.Faint("")
	keys.Alignment = fyne.TextAlignTrailing
	title := widget.NewLabel("")
	title.Truncation = fyne.TextTruncateEllipsis
	return container.NewBorder(nil, nil, nil, keys, title)
}

func (p *palette) fill(i widget.ListItemID, o fyne.CanvasObject) {
	if i >= len(p.found) {
		return
	}
	a, row := p.found[i], o.(*fyne.Container)
	title, _ := a.State()
	if a.Menu != "" {
		title = a.Menu + ": " + title
	}
	row.Objects[0].(*widget.Label).SetText(title)
	row.Objects[1].(*widget.Label).SetText(a.Strokes())
}

// search lists the actions that hold every word; those whose title begins with
// the text come first.
func (p *palette) search(text string) {
	text = strings.ToLower(strings.TrimSpace(text))
	p.found = nil
	for _, a := range p.w.actions {
		if a.Run == nil {
			continue
		}
		title, _ := a.State()
		all := strings.ToLower(a.Menu + " " + title + " " + a.Strokes())
		if !slices.ContainsFunc(strings.Fields(text), func(word string) bool { return !strings.Contains(all, word) }) {
			p.found = append(p.found, a)
		}
	}
	begins := func(a keys.Action) int {
		if strings.HasPrefix(strings.ToLower(a.Title), text) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(p.found, func(a, b keys.Action) int { return begins(a) - begins(b) })
	widgets.Visible(p.none, len(p.found) == 0)
	p.list.UnselectAll()
	p.at = -1
	p.list.Refresh()
	p.move(1)
}

// move highlights a neighbour.
func (p *palette) move(by int) {
	if len(p.found) == 0 {
		return
	}
	p.at = min(max(p.at+by, 0), len(p.found)-1)
	p.list.Select(p.at)
	p.list.ScrollTo(p.at)
}

// run closes the palette and does what is highlighted.
func (p *palette) run() {
	if p.at < 0 || p.at >= len(p.found) {
		return
	}
	a := p.found[p.at]
	p.close()
	a.Run()
}

func (p *palette) close() {
	p.w.palette = nil
	p.over.Hide()
}

// paletteEntry gives the keys that are not text to the palette.
type paletteEntry struct {
	widget.Entry
	p *palette
}

// TypedKey implements fyne.Focusable.
func (e *paletteEntry) TypedKey(k *fyne.KeyEvent) {
	if !e.p.key(k) {
		e.Entry.TypedKey(k)
	}
}

// key acts on a key that is not for the text; false for all others.
func (p *palette) key(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyEscape:
		p.close()
	case fyne.KeyReturn, fyne.KeyEnter:
		p.run()
	case fyne.KeyDown:
		p.move(1)
	case fyne.KeyUp:
		p.move(-1)
	default:
		return false
	}
	return true
}

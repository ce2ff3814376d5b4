package scanpane

import (
	"fmt"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control/settings"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

// windowRow edits one window for CT.
type windowRow struct{ name, width, level *widgets.Entry }

func newWindowRow(p settings.WindowPreset) windowRow {
	r := windowRow{widgets.NewEntry(nil), widgets.NewEntry(nil), widgets.NewEntry(nil)}
	r.put(p)
	return r
}

func (r windowRow) put(p settings.WindowPreset) {
	r.name.SetText(p.Name)
	r.width.SetText("")
	r.level.SetText("")
	if p.Name != "" {
		r.width.SetText(strconv.FormatFloat(p.Width, 'g', -1, 64))
		r.level.SetText(strconv.FormatFloat(p.Level, 'g', -1, 64))
	}
}

// preset reads a row; one without a name is left out.
func (r windowRow) preset() (p settings.WindowPreset, ok bool, err error) {
	p.Name = strings.TrimSpace(r.name.Text)
	if p.Name == "" {
		return p, false, nil
	}
	var err1, err2 error
	p.Width, err1 = strconv.ParseFloat(strings.TrimSpace(r.width.Text), 64)
	p.Level, err2 = strconv.ParseFloat(strings.TrimSpace(r.level.Text), 64)
	if err1 != nil || err2 != nil || !(p.Width >= 1) {
		return p, false, fmt.Errorf("the window “%s” needs a level and a width of at least 1, both in Hounsfield units", p.Name)
	}
	return p, true, nil
}

// WindowList edits the windows of the keys 2…9.
type WindowList struct {
	rows  []windowRow
	fault *widgets.Fault // what is wrong with the first row that is
	Box   fyne.CanvasObject
}

// NewWindowList shows presets, as many as there are keys.
func NewWindowList(presets []settings.WindowPreset) *WindowList {
	l := &WindowList{rows: make([]windowRow, settings.MostPresets), fault: widgets.NewFault()}
	grid := container.NewGridWithColumns(4, widgets.Faint("Key"), widgets.Faint("Name"), widgets.Faint("Width, HU"), widgets.Faint("Level, HU"))
	for i := range l.rows {
		var p settings.WindowPreset
		if i < len(presets) {
			p = presets[i]
		}
		l.rows[i] = newWindowRow(p)
		for _, o := range []fyne.CanvasObject{widget.NewLabel(strconv.Itoa(i + 2)), l.rows[i].name, l.rows[i].width, l.rows[i].level} {
			grid.Add(o)
		}
		for _, e := range []*widgets.Entry{l.rows[i].name, l.rows[i].width, l.rows[i].level} {
			e.OnChanged = func(string) { l.check() }
		}
	}
	usual := widget.NewButton("Restore defaults", func() {
		for i, p := range settings.New("").WindowPresets() {
			l.rows[i].put(p)
		}
	})
	l.Box = container.NewBorder(nil, container.NewVBox(l.fault, container.NewHBox(usual)), nil, nil, container.NewVScroll(grid))
	return l
}

// check tells below the rows what is wrong with one.
func (l *WindowList) check() {
	l.fault.Say("")
	if _, err := l.Presets(); err != nil {
		l.fault.Say(words.Sentence(err.Error()))
	}
}

// Presets are the windows as they were edited, all or none of them.
func (l *WindowList) Presets() ([]settings.WindowPreset, error) {
	var list []settings.WindowPreset
	for _, r := range l.rows {
		p, ok, err := r.preset()
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, p)
		}
	}
	return list, nil
}

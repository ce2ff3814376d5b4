package ui

import (
	"fmt"
	"picasso/ui/control/settings"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"
)

// windowRow edits one window for CT.
type windowRow struct{ name, width, level *widget.Entry }

func newWindowRow(p settings.WindowPreset) windowRow {
	r := windowRow{widget.NewEntry(), widget.NewEntry(), widget.NewEntry()}
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
		return p, false, fmt.Errorf("the window “%s” needs a width of at least 1 and a level, in Hounsfield units", p.Name)
	}
	return p, true, nil
}

// editWindows lets the user change the windows of the keys 2…9.
func (w *Window) editWindows() {
	presets := w.c.Settings().WindowPresets()
	rows := make([]windowRow, settings.MostPresets)
	grid := container.NewGridWithColumns(4, faint("Key"), faint("Name"), faint("Width, HU"), faint("Level, HU"))
	for i := range rows {
		var p settings.WindowPreset
		if i < len(presets) {
			p = presets[i]
		}
		rows[i] = newWindowRow(p)
		for _, o := range []fyne.CanvasObject{widget.NewLabel(strconv.Itoa(i + 2)), rows[i].name, rows[i].width, rows[i].level} {
			grid.Add(o)
		}
	}
	usual := widget.NewButton("The usual ones", func() {
		for i, p := range settings.New("").WindowPresets() {
			rows[i].put(p)
		}
	})
	content := container.NewBorder(nil, container.NewHBox(usual), nil, nil, container.NewVScroll(grid))
	d := dialog.NewCustomConfirm("Windows for CT", "Keep", "Cancel", content, func(keep bool) {
		if keep {
			w.c.Tell("keep the windows", w.keepWindows(rows))
		}
	}, w.win)
	d.Resize(fyne.NewSize(560, 460))
	w.over(d)
}

// keepWindows takes over what was edited, all or nothing.
func (w *Window) keepWindows(rows []windowRow) error {
	var list []settings.WindowPreset
	for _, r := range rows {
		p, ok, err := r.preset()
		if err != nil {
			return err
		}
		if ok {
			list = append(list, p)
		}
	}
	w.c.Settings().SetWindowPresets(list)
	w.renewActions()
	w.picture.scan.show()
	return nil
}

package scanpane

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/picture"
	"picasso/ui/control"
	"picasso/ui/widgets"
)

// choosers pick the volume of a scan that has several and, of PET, the unit.
type choosers struct {
	volume *widgets.Select
	unit   *widgets.Select
	title  *widget.Label
	row    *fyne.Container // with both, below the picture
}

func newChoosers(p *Pane) choosers {
	h := choosers{}
	h.volume = widgets.NewSelect(nil, func(string) {
		p.set(func() { p.c.SelectVolume(h.volume.SelectedIndex()) })
	})
	h.unit = widgets.NewSelect(nil, func(string) {
		p.set(func() { p.c.SetUptake(h.unit.SelectedIndex() == 1) })
	})
	h.title = widgets.Faint("")
	h.row = container.NewBorder(nil, nil, widgets.AtLeast(92, 0, h.title), widgets.Narrow(130, h.unit), widgets.Narrow(120, h.volume))
	return h
}

// show lists what there is to choose for the current picture, while the pane is
// mute.
func (h choosers) show(c *control.Controller) {
	s := c.State()
	p := s.Selected()
	all, uptake := p.Volumes(), c.HasUptake()
	several := len(all) > 1
	widgets.Visible(h.row, several || uptake)
	widgets.Visible(h.volume, several)
	widgets.Visible(h.unit, uptake)
	h.title.SetText(map[bool]string{true: "Volume", false: "Values"}[several])
	if several {
		h.volume.Options = volumeNames(all)
		h.volume.SetSelectedIndex(p.Volume)
	}
	if !uptake {
		return
	}
	if !p.Uptake {
		h.unit.Options = []string{unitName(s.Look.Image.Unit), "SUV by weight"}
	}
	h.unit.SetSelectedIndex(map[bool]int{false: 0, true: 1}[p.Uptake])
}

// unitName is the unit of the file's values for a choice.
func unitName(unit string) string {
	if unit == "" {
		return "values of the file"
	}
	return unit
}

// volumeNames number the volumes, so that no two are called the same.
func volumeNames(all []picture.Volume) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = fmt.Sprintf("%d / %d", i+1, len(all))
		if v.Name != "" && !strings.HasPrefix(v.Name, "volume ") {
			out[i] += "  " + v.Name
		}
	}
	return out
}

package scanpane

import (
	"fmt"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/picture"
	"picasso/ui/control"
	"picasso/ui/widgets"
)

// Channels asks which series of the list is which channel of a model of volumes.
type Channels struct {
	Box     fyne.CanvasObject
	series  []*control.Picture
	choices []*widgets.Select
}

// NewChannels asks for n of the series; at first they are in the order of the list.
func NewChannels(n int, series []*control.Picture) *Channels {
	h := &Channels{series: series}
	names := make([]string, len(series))
	for i, p := range series {
		path, _ := p.Series.Path(0)
		names[i] = fmt.Sprintf("%d  %s, %s", i+1, filepath.Base(picture.Said(path)), p.Name)
	}
	what := widget.NewLabel("The model takes a volume for each of its channels. They have to lie at the same place in the patient, slice by slice.")
	what.Wrapping = fyne.TextWrapWord
	rows := container.NewVBox(what)
	for k := range n {
		choice := widgets.NewSelect(names, nil)
		if k < len(series) {
			choice.SetSelectedIndex(k)
		}
		h.choices = append(h.choices, choice)
		rows.Add(container.NewBorder(nil, nil, widgets.AtLeast(92, 0, widget.NewLabel(fmt.Sprintf("Channel %d", k+1))), nil, choice))
	}
	h.Box = container.NewVScroll(rows)
	return h
}

// Chosen are the series in the order of the channels, nil for a channel without one.
func (h *Channels) Chosen() []*control.Picture {
	out := make([]*control.Picture, len(h.choices))
	for k, choice := range h.choices {
		if i := choice.SelectedIndex(); i >= 0 {
			out[k] = h.series[i]
		}
	}
	return out
}

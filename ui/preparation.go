package ui

import (
	"fmt"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"picasso/backend"
	"picasso/backend/picture"
	"picasso/ui/control"
)

// preparationForm lets the user correct how pictures are prepared and how the
// output is read.
type preparationForm struct {
	w          *Window
	was        control.Preparation
	channels   int
	preset     *widget.Select
	color      *widget.Select
	resize     *widget.Select
	filter     *widget.Select
	scale      *widget.Entry
	offset     *widget.Entry
	mean       *widget.Entry
	std        *widget.Entry
	activation *widget.Select
	fault      *widget.Label
}

// preset is a usual way of scaling values.
type preset struct {
	title     string
	scale     [2]float64
	mean, std []float64
	color     string // "" leaves it
}

func presets() []preset {
	return []preset{
		{title: "0…1 (÷ 255)", scale: [2]float64{1.0 / 255, 0}},
		{title: "−1…1 (÷ 127.5 − 1)", scale: [2]float64{1 / 127.5, -1}},
		{title: "0…255 (as they are)", scale: [2]float64{1, 0}},
		{title: "ImageNet, torchvision", scale: [2]float64{1.0 / 255, 0}, mean: []float64{0.485, 0.456, 0.406}, std: []float64{0.229, 0.224, 0.225}},
		{title: "ImageNet, Caffe (BGR means)", scale: [2]float64{1, 0}, mean: []float64{103.939, 116.779, 123.68}, color: backend.BGR},
	}
}

// showPreparation opens the form for the open model.
func (w *Window) showPreparation() {
	a, ok := w.c.State().Model.(control.Adjustable)
	if !ok {
		w.hint("No model is open.")
		return
	}
	f := newPreparationForm(w, a.Preparation())
	form := container.New(layout.NewFormLayout(),
		widget.NewLabel("Values"), f.preset,
		widget.NewLabel("Scale, offset"), container.NewGridWithColumns(2, f.scale, f.offset),
		widget.NewLabel("Mean"), f.mean,
		widget.NewLabel("Deviation"), f.std,
		widget.NewLabel("Colour"), f.color,
		widget.NewLabel("Resize"), container.NewGridWithColumns(2, f.resize, f.filter),
		widget.NewLabel("Output"), f.activation)
	apply := widget.NewButton("Apply", func() { f.apply() })
	apply.Importance = widget.HighImportance
	save := widget.NewButton("Apply and save beside the model", func() {
		if f.apply() {
			w.c.SaveSidecar()
		}
	})
	note := faint("value = (pixel × scale + offset − mean) ÷ deviation, per channel. “What the model sees” (W) shows the result.")
	note.Wrapping = fyne.TextWrapWord
	w.inform("How pictures are prepared", container.NewVScroll(container.NewVBox(
		form, note, f.fault, container.NewHBox(apply, save))), fyne.NewSize(560, 480))
}

func newPreparationForm(w *Window, p control.Preparation) *preparationForm {
	f := &preparationForm{
		w: w, was: p, scale: widget.NewEntry(), offset: widget.NewEntry(), mean: widget.NewEntry(), std: widget.NewEntry(),
		fault: widget.NewLabel(""),
	}
	f.channels, _, _ = w.c.State().Model.Shape()
	f.fault.Wrapping = fyne.TextWrapWord
	f.fault.Importance = widget.DangerImportance
	f.fault.Hide()
	colors := []string{backend.RGB, backend.BGR}
	if f.channels == 1 {
		colors = []string{backend.Grey}
	}
	f.color = choose(colors, p.Preprocess.Color)
	f.resize = choose([]string{backend.Stretch, backend.Crop, backend.Letterbox}, p.Preprocess.Resize.Mode)
	f.filter = choose(filters(), string(p.Preprocess.Resize.Filter))
	f.activation = choose([]string{string(backend.Softmax), string(backend.Sigmoid), string(backend.Identity)}, string(p.Activation))
	f.numbers(p.Preprocess.Scale, p.Preprocess.Mean, p.Preprocess.Std)
	var titles []string
	for _, s := range presets() {
		titles = append(titles, s.title)
	}
	f.preset = widget.NewSelect(titles, func(title string) {
		for _, s := range presets() {
			if s.title == title {
				f.numbers(s.scale, s.mean, s.std)
				if s.color != "" && f.channels == 3 {
					f.color.SetSelected(s.color)
				}
			}
		}
	})
	f.preset.PlaceHolder = "Take a usual scale"
	return f
}

func filters() []string {
	var out []string
	for _, f := range picture.Filters() {
		out = append(out, string(f))
	}
	return out
}

func choose(options []string, now string) *widget.Select {
	s := widget.NewSelect(options, nil)
	s.SetSelected(now)
	return s
}

// numbers fills the fields.
func (f *preparationForm) numbers(scale [2]float64, mean, std []float64) {
	f.scale.SetText(strconv.FormatFloat(scale[0], 'g', 10, 64))
	f.offset.SetText(strconv.FormatFloat(scale[1], 'g', 10, 64))
	f.mean.SetText(listed(mean))
	f.std.SetText(listed(std))
}

func listed(x []float64) string {
	parts := make([]string, len(x))
	for i, v := range x {
		parts[i] = strconv.FormatFloat(v, 'g', 10, 64)
	}
	return strings.Join(parts, ", ")
}

// apply uses what the form says, or tells what is wrong with it.
func (f *preparationForm) apply() bool {
	p, err := f.read()
	if err == nil {
		err = f.w.c.Adjust(p)
	}
	visible(f.fault, err != nil)
	if err != nil {
		f.fault.SetText(sentence(err.Error()))
	}
	return err == nil
}

// read turns the fields into a preparation; what the form does not show stays
// as it was.
func (f *preparationForm) read() (control.Preparation, error) {
	p := f.was
	pre := &p.Preprocess
	pre.Color, pre.Resize.Mode, pre.Resize.Filter = f.color.Selected, f.resize.Selected, picture.Filter(f.filter.Selected)
	p.Activation = backend.Activation(f.activation.Selected)
	var err error
	for _, field := range []struct {
		name string
		text string
		set  func([]float64) bool
	}{
		{"scale", f.scale.Text, func(x []float64) bool { pre.Scale[0] = first(x, 1); return len(x) == 1 }},
		{"offset", f.offset.Text, func(x []float64) bool { pre.Scale[1] = first(x, 0); return len(x) <= 1 }},
		{"mean", f.mean.Text, func(x []float64) bool { pre.Mean = x; return f.perChannel(x) }},
		{"deviation", f.std.Text, func(x []float64) bool { pre.Std = x; return f.perChannel(x) }},
	} {
		x, parseErr := parseList(field.text)
		if parseErr != nil || !field.set(x) {
			err = fmt.Errorf("the %s “%s” is not what this model needs; write numbers with commas, one or %d", field.name, field.text, f.channels)
		}
	}
	return p, err
}

func (f *preparationForm) perChannel(x []float64) bool { return len(x) <= 1 || len(x) == f.channels }

func first(x []float64, none float64) float64 {
	if len(x) == 0 {
		return none
	}
	return x[0]
}

func parseList(text string) ([]float64, error) {
	var out []float64
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		x, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

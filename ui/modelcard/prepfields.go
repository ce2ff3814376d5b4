package modelcard

import (
	"fmt"
	"math"
	"picasso/backend/preprocess"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/picture"
	"picasso/ui/widgets"
)

// all are the values of a preprocessing, in the order of its steps, for a
// model with that many channels.
func (f *prepForm) all(channels int) []prepField {
	return []prepField{
		f.color(channels), f.channels(channels),
		f.resize(), f.size(), f.bars(),
		f.intensity(), f.scale(),
		f.list("preprocess.clip", "Clip", "lowest, highest; empty means no limit", []int{0, 2},
			func(p preprocess.Preprocess) []float64 { return p.Clip },
			func(p *preprocess.Preprocess, x []float64) { p.Clip = x }),
		f.list("preprocess.mean", "Mean", "one, or one per channel", []int{0, 1, channels},
			func(p preprocess.Preprocess) []float64 { return p.Mean },
			func(p *preprocess.Preprocess, x []float64) { p.Mean = x }),
		f.list("preprocess.std", "Standard deviation", "one, or one per channel", []int{0, 1, channels},
			func(p preprocess.Preprocess) []float64 { return p.Std },
			func(p *preprocess.Preprocess, x []float64) { p.Std = x }),
	}
}

// choice is a list that applies at once.
func (f *prepForm) choice(options []string) *widgets.Select {
	return widgets.NewSelect(options, func(string) { f.apply() })
}

// entry is a text that Enter applies.
func (f *prepForm) entry(placeholder string) *widgets.Entry {
	e := widgets.NewEntry(nil)
	e.PlaceHolder = placeholder
	e.OnRestored = f.clear
	e.OnSubmitted = func(string) { f.apply() }
	return e
}

func (f *prepForm) color(channels int) prepField {
	colors := []string{preprocess.RGB, preprocess.BGR}
	if channels == 1 {
		colors = []string{preprocess.Grey}
	}
	list := f.choice(colors)
	return prepField{
		key: "preprocess.color", title: "Colour", control: list,
		show: func(p preprocess.Preprocess) { list.SetSelected(p.Color) },
		read: func(p *preprocess.Preprocess) error { p.Color = list.Selected; return nil },
	}
}

// channels says where each channel comes from, where that is not plain colour.
func (f *prepForm) channels(channels int) prepField {
	entry := f.entry("from Colour, or a list: red, alpha, grey-1 …")
	return prepField{
		key: "preprocess.channels", title: "Channels", control: entry,
		show: func(p preprocess.Preprocess) {
			sources := make([]string, len(p.Channels))
			for i, c := range p.Channels {
				sources[i] = c.String()
			}
			entry.SetText(strings.Join(sources, ", "))
		},
		read: func(p *preprocess.Preprocess) error {
			sources := items(entry.Text)
			if len(sources) == 0 {
				p.Channels = nil
				return nil
			}
			if len(sources) != channels {
				return fmt.Errorf("“%s” are %d channels, but the model takes %d", entry.Text, len(sources), channels)
			}
			list := make([]preprocess.Channel, channels)
			copy(list, p.Channels) // their own windows stay
			for i, s := range sources {
				c, err := preprocess.ParseChannel(s)
				if err != nil {
					return err
				}
				list[i].Source, list[i].Slice, list[i].Volume = c.Source, c.Slice, c.Volume
			}
			p.Channels = list
			return nil
		},
	}
}

func (f *prepForm) resize() prepField {
	mode := f.choice([]string{preprocess.Stretch, preprocess.Crop, preprocess.Letterbox})
	filter := f.choice(filters())
	sharp := widget.NewCheck("sharp", func(bool) { f.apply() })
	floor := widget.NewCheck("round down", func(bool) { f.apply() })
	return prepField{
		key: "preprocess.resize", title: "Resize",
		control: container.NewVBox(container.NewGridWithColumns(2, mode, filter), container.NewGridWithColumns(2, sharp, floor)),
		show: func(p preprocess.Preprocess) {
			mode.SetSelected(p.Resize.Mode)
			filter.SetSelected(string(p.Resize.Filter))
			sharp.SetChecked(p.Resize.Sharp)
			floor.SetChecked(p.Resize.Floor)
		},
		read: func(p *preprocess.Preprocess) error {
			p.Resize.Mode, p.Resize.Filter = mode.Selected, picture.Filter(filter.Selected)
			p.Resize.Sharp, p.Resize.Floor = sharp.Checked, floor.Checked
			return nil
		},
	}
}

func filters() []string {
	var out []string
	for _, f := range picture.Filters() {
		out = append(out, string(f))
	}
	return out
}

// size is the first size of a picture, before the model's is cut out of it.
func (f *prepForm) size() prepField {
	entry := f.entry("the model's size; or shortest side; or height, width")
	return prepField{
		key: "preprocess.resize", title: "Resize to", control: entry,
		show: func(p preprocess.Preprocess) {
			switch r := p.Resize; {
			case len(r.Size) == 2:
				entry.SetText(fmt.Sprintf("%d, %d", r.Size[0], r.Size[1]))
			case r.Edge > 0:
				entry.SetText(strconv.Itoa(r.Edge))
			default:
				entry.SetText("")
			}
		},
		read: func(p *preprocess.Preprocess) error {
			x, err := integers(entry.Text)
			if err != nil || len(x) > 2 {
				return fmt.Errorf("“%s” is not a size: give one or two whole numbers", entry.Text)
			}
			p.Resize.Edge, p.Resize.Size = 0, nil
			switch len(x) {
			case 1:
				p.Resize.Edge = x[0]
			case 2:
				p.Resize.Size = x
			}
			return nil
		},
	}
}

func (f *prepForm) bars() prepField {
	return f.list("preprocess.resize", "Bars", "raw value of the letterbox bars; empty means 0", []int{0, 1, 3},
		func(p preprocess.Preprocess) []float64 { return p.Resize.Pad },
		func(p *preprocess.Preprocess, x []float64) { p.Resize.Pad = x })
}

// The ways to map raw values, as the form names them.
const (
	asTheyAre    = "unchanged"
	byWindow     = "window: centre, width"
	byRange      = "range: low, high"
	byPercentile = "percentiles: low, high"
	byDepth      = "bits of the file"
	byStandard   = "mean 0, deviation 1"
)

func (f *prepForm) intensity() prepField {
	entry := f.entry("two numbers")
	how := widgets.NewSelect([]string{asTheyAre, byWindow, byRange, byPercentile, byDepth, byStandard}, nil)
	nonzero := widget.NewCheck("measured over what is not 0", func(bool) { f.apply() })
	how.OnChanged = func(now string) { // the numbers of another way mean nothing here
		if !f.mute && (now == asTheyAre || now == byDepth || now == byStandard || entry.Text != "") {
			f.apply()
		}
	}
	return prepField{
		key: "preprocess.window", title: "Raw values", control: container.NewVBox(container.NewGridWithColumns(2, how, entry), nonzero),
		show: func(p preprocess.Preprocess) {
			nonzero.SetChecked(p.Intensity.NonZero)
			switch i := p.Intensity; {
			case i.Window != nil:
				how.SetSelected(byWindow)
				entry.SetText(listed([]float64{i.Window.Center, i.Window.Width}))
			case len(i.Range) == 2:
				how.SetSelected(byRange)
				entry.SetText(listed(i.Range))
			case len(i.Percentile) == 2:
				how.SetSelected(byPercentile)
				entry.SetText(listed(i.Percentile))
			case i.Depth:
				how.SetSelected(byDepth)
				entry.SetText("")
			case i.Standard:
				how.SetSelected(byStandard)
				entry.SetText("")
			default:
				how.SetSelected(asTheyAre)
				entry.SetText("")
			}
		},
		read: func(p *preprocess.Preprocess) error {
			p.Intensity = preprocess.Intensity{}
			switch how.Selected {
			case asTheyAre:
				return nil
			case byDepth:
				p.Intensity.Depth = true
				return nil
			case byStandard:
				p.Intensity.Standard, p.Intensity.NonZero = true, nonzero.Checked
				return nil
			}
			x, err := parseList(entry.Text)
			if err != nil || len(x) != 2 {
				name, parts, _ := strings.Cut(how.Selected, ": ")
				return fmt.Errorf("give two numbers for %s (%s), not “%s”", name, parts, entry.Text)
			}
			switch how.Selected {
			case byWindow:
				p.Intensity.Window = &preprocess.Window{Center: x[0], Width: x[1]}
			case byRange:
				p.Intensity.Range = x
			case byPercentile:
				p.Intensity.Percentile, p.Intensity.NonZero = x, nonzero.Checked
			}
			return nil
		},
	}
}

func (f *prepForm) scale() prepField {
	return f.list("preprocess.scale", "Scale, offset", "factor, offset", []int{2},
		func(p preprocess.Preprocess) []float64 { return p.Scale[:] },
		func(p *preprocess.Preprocess, x []float64) { p.Scale = [2]float64(x) })
}

// list is a field for numbers with commas, as many as one of counts says.
func (f *prepForm) list(key, title, hint string, counts []int,
	get func(preprocess.Preprocess) []float64, set func(*preprocess.Preprocess, []float64)) prepField {
	entry := f.entry(hint)
	return prepField{
		key: key, title: title, control: entry,
		show: func(p preprocess.Preprocess) { entry.SetText(listed(get(p))) },
		read: func(p *preprocess.Preprocess) error {
			x, err := parseList(entry.Text)
			if err != nil || !slices.Contains(counts, len(x)) {
				return fmt.Errorf("“%[2]s” is not a valid %[1]s for this model; expected: %[3]s", strings.ToLower(title), entry.Text, hint)
			}
			set(p, x)
			return nil
		},
	}
}

// items are the words of a list with commas or spaces.
func items(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ',' || r == ' ' })
}

func listed(x []float64) string {
	parts := make([]string, len(x))
	for i, v := range x {
		parts[i] = number(v)
	}
	return strings.Join(parts, ", ")
}

// number writes small fractions as people know them: 1/255, 1/127.5.
func number(v float64) string {
	if v > 0 && v < 0.1 {
		if below := math.Round(2/v) / 2; math.Abs(v*below-1) < 1e-9 {
			return "1/" + strconv.FormatFloat(below, 'g', -1, 64)
		}
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func parseList(text string) ([]float64, error) {
	var out []float64
	for _, part := range items(text) {
		above, below, fraction := strings.Cut(part, "/")
		x, err := strconv.ParseFloat(above, 64)
		if err == nil && fraction {
			var y float64
			y, err = strconv.ParseFloat(below, 64)
			x /= y
		}
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

func integers(text string) ([]int, error) {
	var out []int
	for _, part := range items(text) {
		x, err := strconv.Atoi(part)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

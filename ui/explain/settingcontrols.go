package explain

import (
	"fmt"
	"math"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers"
)

// hand is who works the controls: the window around them, and who is told while
// a slider is dragged.
type hand struct {
	Host
	move, rest func()
}

// controlFor makes the control for a setting by its type; ok is false for a
// type that has none.
func controlFor(h hand, set visualizers.Setting, s visualizers.Subject, report func(any)) (settingRow, bool) {
	switch set := set.(type) {
	case visualizers.Int:
		return intControl(h, set, report), true
	case visualizers.Float:
		return floatControl(h, set, report), true
	case visualizers.Extent:
		return extentControl(h, set, s, report), true
	case visualizers.Choice:
		return choiceControl(h, set, s, report), true
	case visualizers.Toggle:
		return toggleControl(h, set, report), true
	}
	return settingRow{}, false
}

func intControl(h hand, set visualizers.Int, report func(any)) settingRow {
	step := max(set.Step, 1)
	scale := numberScale{
		steps:  (set.Max - set.Min + step - 1) / step,
		value:  func(i int) any { return min(set.Min+i*step, set.Max) },
		step:   func(v any) int { n, _ := v.(int); return (n - set.Min + step/2) / step },
		suffix: func(any) string { return set.Unit },
	}
	return slide(h, set, scale, report)
}

func floatControl(h hand, set visualizers.Float, report func(any)) settingRow {
	step := set.Step
	if step <= 0 {
		step = (set.Max - set.Min) / 100
	}
	scale := numberScale{
		steps: int(math.Ceil((set.Max-set.Min)/step - 1e-9)),
		value: func(i int) any { // rounded to what a step can change, so 0.3 is not 0.30000000000000004
			v := min(set.Min+float64(i)*step, set.Max)
			digits := math.Pow(10, math.Ceil(-math.Log10(step))+2)
			return math.Round(v*digits) / digits
		},
		step:   func(v any) int { x, _ := v.(float64); return int(math.Round((x - set.Min) / step)) },
		suffix: func(any) string { return set.Unit },
	}
	return slide(h, set, scale, report)
}

// extentControl slides a square in pixels, or per cent of each side of a volume; the
// field takes both, and width x height too.
func extentControl(h hand, set visualizers.Extent, s visualizers.Subject, report func(any)) settingRow {
	low, high := set.Range(s)
	_, height, width := s.Shape()
	depth := visualizers.DepthOf(s)
	height /= max(1, depth)
	scale := numberScale{
		steps: high - low,
		value: func(i int) any { return set.At(s, low+i) },
		step: func(v any) int {
			span, _ := v.(visualizers.Span)
			return set.Place(s, span) - low
		},
		suffix: func(v any) string {
			span, _ := v.(visualizers.Span)
			if depth > 0 {
				vx := set.InVolume(visualizers.Values{set.Key(): span}, [3]int{depth, height, width})
				return fmt.Sprintf("= %d×%d×%d", vx[0], vx[1], vx[2])
			}
			px := span.Pixels(width, height)
			share := fmt.Sprintf("%.0f %%", 100*float64(px.X)/float64(max(width, 1)))
			switch {
			case span.X.Percent:
				return fmt.Sprintf("= %d×%d px", px.X, px.Y)
			case px.X != px.Y:
				return "px"
			}
			return "px = " + share
		},
	}
	return slide(h, set, scale, report)
}

// numberScale maps slider steps to values.
type numberScale struct {
	steps  int
	value  func(step int) any
	step   func(v any) int
	suffix func(v any) string // unit, and what else helps to read the value
}

// unitWidth is the room for what stands behind a value, also where nothing does, so
// that the fields of all rows stand below each other.
const unitWidth = 72

// slide is a row of label, exact value and slider.
func slide(h hand, set visualizers.Setting, scale numberScale, report func(any)) settingRow {
	entry, fault := widgets.NewEntry(h.Unfocus), widgets.NewFault()
	entry.OnRestored = func() { fault.Say("") }
	unit := widgets.Faint("")
	label := widgets.NewHelpLabel(h, set.Label(), set.Help())
	write := func(v any) {
		entry.SetText(set.Format(v))
		unit.SetText(scale.suffix(v))
		fault.Say("")
	}
	sl := widgets.NewSlider(h, set.Help(), scale.steps, func(step int) {
		v := scale.value(step)
		write(v)
		report(v)
	})
	sl.OnMove, sl.OnRest = h.move, h.rest
	entry.OnSubmitted = func(text string) {
		v, err := set.Parse(text)
		if err != nil {
			fault.Say(words.Sentence(err.Error()))
			return
		}
		sl.Put(scale.step(v))
		write(v)
		report(v)
		h.Unfocus()
	}
	value := container.NewHBox(widgets.AtLeast(58, 0, entry), widgets.AtLeast(unitWidth, 0, unit))
	return settingRow{
		control: container.NewVBox(widgets.Tight(container.NewBorder(nil, nil, label, value), sl), fault),
		show: func(v any) {
			sl.Put(scale.step(v))
			write(v)
		},
	}
}

func choiceControl(h hand, set visualizers.Choice, s visualizers.Subject, report func(any)) settingRow {
	label := widgets.NewHelpLabel(h, set.Label(), set.Help())
	if !set.Number {
		list := widgets.NewSelect(set.All(s), nil)
		quiet := false
		list.OnChanged = func(v string) {
			if !quiet {
				report(v)
				h.Unfocus()
			}
		}
		show := func(v any) {
			quiet = true
			list.SetSelected(fmt.Sprint(v))
			quiet = false
		}
		return settingRow{control: widgets.Halves(label, list), show: show}
	}
	entry, fault := widgets.NewCombo(set.All(s), h.Unfocus), widgets.NewFault()
	quiet := false
	take := func(text string) {
		if quiet {
			return
		}
		v, err := set.Parse(text)
		if err != nil {
			return // half a number; Enter tells what is wrong
		}
		fault.Say("")
		report(v)
	}
	entry.OnChanged = take
	entry.OnRestored = func() { fault.Say("") }
	entry.OnSubmitted = func(text string) {
		if _, err := set.Parse(text); err != nil {
			fault.Say(words.Sentence(err.Error()))
			return
		}
		h.Unfocus()
	}
	show := func(v any) {
		quiet = true
		entry.SetText(fmt.Sprint(v))
		quiet = false
	}
	return settingRow{control: container.NewVBox(widgets.Halves(label, entry), fault), show: show}
}

func toggleControl(h hand, set visualizers.Toggle, report func(any)) settingRow {
	quiet := false
	check := widget.NewCheck(set.Label(), func(on bool) {
		if !quiet {
			report(on)
			h.Unfocus()
		}
	})
	show := func(v any) {
		on, _ := v.(bool)
		quiet = true
		check.SetChecked(on)
		quiet = false
	}
	help := widgets.NewHelpLabel(h, "", set.Help())
	return settingRow{control: container.NewBorder(nil, nil, check, nil, help), show: show}
}

// textControl takes any setting as text.
func textControl(h hand, set visualizers.Setting, report func(any)) settingRow {
	entry, fault := widgets.NewEntry(h.Unfocus), widgets.NewFault()
	entry.OnRestored = func() { fault.Say("") }
	entry.OnSubmitted = func(text string) {
		v, err := set.Parse(text)
		if err != nil {
			fault.Say(words.Sentence(err.Error()))
			return
		}
		fault.Say("")
		report(v)
		h.Unfocus()
	}
	return settingRow{
		control: container.NewVBox(widgets.Halves(widgets.NewHelpLabel(h, set.Label(), set.Help()), entry), fault),
		show:    func(v any) { entry.SetText(set.Format(v)) },
	}
}

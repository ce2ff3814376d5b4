package inside

import (
	"fmt"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/visible"
	"picasso/ui/control"
	"picasso/ui/control/insight"
	"picasso/ui/drawing"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers"
)

// drawnPane shows what the network would draw for the class and for the unit.
type drawnPane struct {
	in     *insight.Controller
	box    fyne.CanvasObject
	method *widgets.Select
	steps  *widgets.Select
	seed   *widgets.Entry
	halves [2]*drawnHalf
	mute   bool
}

// stepChoices are how often a picture may be changed.
var stepChoices = []string{"64 steps", "128 steps", "256 steps", "512 steps", "1024 steps"}

func newDrawn(h Host, c *control.Controller, in *insight.Controller) *drawnPane {
	p := &drawnPane{in: in}
	set := func() {
		if p.mute {
			return
		}
		w := insight.Wish{Method: p.method.Selected}
		fmt.Sscanf(p.steps.Selected, "%d", &w.Steps)
		if n, err := strconv.Atoi(p.seed.Text); err == nil && n >= 0 && n <= 9999 {
			w.Seed = n
		} else {
			w.Seed = in.State().Drawn.Seed
		}
		in.SetWish(w)
	}
	p.method = widgets.NewSelect([]string{"fourier", "simonyan", "maco"}, func(string) { set(); h.Unfocus() })
	p.steps = widgets.NewSelect(stepChoices, func(string) { set(); h.Unfocus() })
	p.seed = widgets.NewEntry(h.Unfocus)
	p.seed.OnSubmitted = func(string) { set(); h.Unfocus() }
	p.seed.OnChanged = func(string) { set() }
	head := container.NewHBox(p.method, p.steps, widget.NewLabel("seed"), widgets.AtLeast(70, 0, p.seed))
	for of := range p.halves {
		p.halves[of] = newDrawnHalf(h, c, in, of)
	}
	p.box = container.NewBorder(container.NewHScroll(head), nil, nil, nil, container.NewGridWithColumns(2, p.halves[0].box, p.halves[1].box))
	return p
}

func (p *drawnPane) show() {
	w := p.in.State().Drawn
	p.mute = true
	p.method.SetSelected(w.Method)
	p.steps.SetSelected(fmt.Sprintf("%d steps", w.Steps))
	if n, err := strconv.Atoi(p.seed.Text); err != nil && p.seed.Text != "" || n != w.Seed || p.seed.Text == "" {
		if p.seed.Text == "" || err == nil {
			p.seed.SetText(strconv.Itoa(w.Seed))
		}
	}
	p.mute = false
	for _, half := range p.halves {
		half.show()
	}
}

// drawnHalf is one picture with its button and its words.
type drawnHalf struct {
	c     *control.Controller
	in    *insight.Controller
	of    int
	box   fyne.CanvasObject
	start *widget.Button
	save  *widget.Button
	image *canvas.Image
	text  *widget.Label
	drawn *visualizers.Picture
}

func newDrawnHalf(h Host, c *control.Controller, in *insight.Controller, of int) *drawnHalf {
	p := &drawnHalf{c: c, in: in, of: of, text: widget.NewLabel(""), image: &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScalePixels}}
	p.text.Wrapping = fyne.TextWrapWord
	p.start = widget.NewButton("", func() {
		if in.State().Drawings[of].Running {
			in.StopDrawing(of)
		} else {
			in.Draw(of)
		}
		h.Unfocus()
	})
	p.save = widget.NewButton("Save…", func() {
		h.Ask(widgets.Question{Title: "Save this drawing as PNG", Kind: "Pictures", Extensions: []string{"png"}, Save: "drawing.png"}, func(path string) {
			h.Replacing([]string{path}, func() { in.Save(of, path) })
		})
		h.Unfocus()
	})
	p.image.Hide()
	text := container.NewVScroll(p.text)
	side := container.NewBorder(container.NewVBox(container.NewHBox(p.start, layout.NewSpacer()), container.NewHBox(p.save, layout.NewSpacer())), nil, nil, nil, text)
	p.box = container.NewGridWithColumns(2, p.image, side)
	return p
}

func (p *drawnHalf) show() {
	s := p.in.State()
	d := s.Drawings[p.of]
	name := [2]string{"Draw the class", "Draw the unit"}[p.of]
	if d.Running {
		name = "Stop"
	}
	p.start.SetText(name)
	cost, err := p.in.Cost(p.of)
	if (cost == "" || err != nil || !p.c.State().Look.Answered()) && !d.Running {
		p.start.Disable()
	} else {
		p.start.Enable()
	}
	widgets.Visible(p.save, d.Picture != nil)
	p.text.SetText(p.words(s, d, cost, err))
	if d.Picture == p.drawn {
		return
	}
	p.drawn = d.Picture
	if p.drawn == nil {
		p.image.Hide()
		return
	}
	p.image.Image = drawing.Picture(p.drawn)
	p.image.Show()
	p.image.Refresh()
}

// words say what the picture is, or what drawing it would take.
func (p *drawnHalf) words(s *insight.State, d insight.Drawing, cost string, err error) string {
	switch {
	case d.Err != nil:
		return words.Sentence(d.Err.Error())
	case d.Picture != nil:
		text := d.Caption
		if d.Partial && !d.Running {
			text += " It was stopped."
		}
		if d.Note != "" {
			text += " " + d.Note
		}
		return fmt.Sprintf("%s Seed %d.", text, d.Seed)
	case d.Running:
		return "Drawing " + d.Title + ": the first sight comes soon."
	case err != nil:
		return words.Sentence(err.Error())
	case cost == "" || !p.c.State().Look.Answered():
		return "Open a model and a picture first."
	}
	return visible.Text(p.in.Named(p.of)) + ": " + cost + "."
}

package modelcard

import (
	"fmt"
	"image"
	"path/filepath"
	"picasso/backend/metadata"
	"picasso/backend/score"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/control/intake"
	"picasso/ui/widgets"
	"picasso/ui/words"
)

// answerForm lets the user correct how the model's output is read: which
// output, what it holds, and which number of it is explained.
type answerForm struct {
	host  Host
	c     *control.Controller
	box   *fyne.Container
	fault *widgets.Fault // what is wrong with a choice from a list
}

func newAnswerForm(h Host, c *control.Controller) *answerForm {
	f := &answerForm{host: h, c: c, box: container.NewVBox(), fault: widgets.NewFault()}
	f.show()
	return f
}

// show rebuilds the rows: what there is to choose depends on the output.
func (f *answerForm) show() {
	card, ok := f.c.Known()
	if !ok {
		f.box.Objects = []fyne.CanvasObject{widgets.Faint("The output of this model cannot be changed.")}
		f.box.Refresh()
		return
	}
	form := container.New(layout.NewFormLayout())
	row := func(title string, o fyne.CanvasObject) {
		form.Add(widget.NewLabel(title))
		form.Add(o)
	}
	var inputs, outputs []string
	if p, ok := f.c.State().Model.(control.Ported); ok {
		inputs, outputs = p.Ports()
	}
	o := card.Output
	row("Picture input", f.pictureInput(inputs, card.Input.Name))
	if len(card.Constants) > 0 {
		row("Other inputs", f.constants(card.Constants))
	}
	row("Output", f.list(outputs, o.Name, func(v string) metadata.Choices { return metadata.Choices{Output: v} }))
	row("Type", f.kind(o.Kind))
	if o.Kind.OfClasses() && o.Kind != score.Selection {
		row("Probabilities", f.activation(o.Activation))
	}
	switch o.Kind {
	case score.Detection:
		row("Box", f.oneBox(o.Box))
	case score.Segmentation, score.Dense:
		row("Region", f.region(o.Region, o.Kind))
	case score.Sequence:
		row("Step", f.step(o.Step))
	case score.Selection:
		if o.Selected.Width > 1 {
			row("Score column", f.column(o.Selected.Score, o.Selected.Width, func(n int) metadata.Choices { return metadata.Choices{ScoreColumn: &n} }))
		}
		if o.Selected.Width > 1 && o.Selected.Labels == "" {
			row("Class column", f.column(o.Selected.Class, o.Selected.Width, func(n int) metadata.Choices { return metadata.Choices{ClassColumn: &n} }))
		}
	case score.Embedding:
		row("Compared with", f.references(card.References))
	case score.Regression:
		row("Value", f.text(o.Value, "its name, such as age", func(v string) (metadata.Choices, error) { return metadata.Choices{Value: &v}, nil }))
		row("Unit", f.text(o.Unit, "such as years", func(v string) (metadata.Choices, error) { return metadata.Choices{Unit: &v}, nil }))
	}
	how := widgets.Faint(words.Sentence("Found: " + o.Origin))
	how.Wrapping = fyne.TextWrapWord
	note := widgets.Faint("Click a class on the right of the window to explain it; right-click another one to explain the difference.")
	note.Wrapping = fyne.TextWrapWord
	asked := newDoubts(f.host, f.c, 0)
	asked.show()
	f.box.Objects = []fyne.CanvasObject{f.fault, asked.box, form, how, note}
	f.box.Refresh()
}

// choose uses the model otherwise, or tells what is wrong with the choice.
func (f *answerForm) choose(c metadata.Choices) { say(f.fault, f.c.Choose(c)) }

// say tells of an error on a line; nil clears it.
func say(line *widgets.Fault, err error) {
	text := ""
	if err != nil {
		text = words.Sentence(err.Error())
	}
	line.Say(text)
}

func kinds() []string {
	var out []string
	for _, k := range score.Kinds() {
		out = append(out, string(k))
	}
	return out
}

// pictureInput chooses another input for the picture. The former one then needs
// a constant, which is asked for; the constant of the new one is taken back.
func (f *answerForm) pictureInput(inputs []string, now string) fyne.CanvasObject {
	return f.list(inputs, now, func(v string) metadata.Choices {
		return metadata.Choices{Input: v, Inputs: map[string]metadata.GivenInput{v: {}}}
	})
}

// kind is what the output holds. References mean nothing to other kinds than
// an embedding.
func (f *answerForm) kind(now score.OutputKind) fyne.CanvasObject {
	return f.list(kinds(), string(now), func(v string) metadata.Choices {
		c := metadata.Choices{Kind: score.OutputKind(v)}
		if c.Kind != score.Embedding {
			c.References = []string{}
		}
		return c
	})
}

// references lists what embeddings are compared with and adds to it: a picture
// of the list, or a file.
func (f *answerForm) references(paths []string) fyne.CanvasObject {
	names := "nothing: each number is a value of its own"
	if len(paths) > 0 {
		short := make([]string, len(paths))
		for i, p := range paths {
			short[i] = filepath.Base(p)
		}
		names = strings.Join(short, ", ")
	}
	now := widget.NewLabel(names)
	now.Wrapping = fyne.TextWrapWord
	compare := func(paths ...string) { f.c.Tell("compare with a picture", f.c.Compare(paths...)) }
	add := func(path string) { compare(intake.Absolute(append(slices.Clone(paths), path))...) }
	var titles, files []string
	for i, p := range f.c.State().Images {
		if p.Path != "" && !slices.Contains(paths, p.Path) {
			titles, files = append(titles, fmt.Sprintf("%d  %s", i+1, p.Name)), append(files, p.Path)
		}
	}
	list := widgets.NewSelect(titles, nil)
	list.PlaceHolder = "Compare with a picture from the list"
	list.OnChanged = func(string) { add(files[list.SelectedIndex()]) }
	file := widget.NewButton("Compare with a file…", func() {
		f.host.Ask(widgets.Question{Title: "Choose a picture or array to compare with", Kind: "Pictures and arrays", Extensions: append(widgets.ImageExtensions(), "npy")}, add)
	})
	none := widget.NewButton("Compare with nothing", func() { compare() })
	return container.NewVBox(now, list, container.NewGridWithColumns(2, file, none))
}

// list is a list whose choice is used at once.
func (f *answerForm) list(options []string, now string, choice func(string) metadata.Choices) *widgets.Select {
	list := widgets.NewSelect(options, nil)
	list.SetSelected(now)
	list.OnChanged = func(v string) { f.choose(choice(v)) }
	return list
}

// text is list for what is typed; read may refuse it.
func (f *answerForm) text(now, hint string, read func(string) (metadata.Choices, error)) fyne.CanvasObject {
	entry, fault := widgets.NewEntry(nil), widgets.NewFault()
	entry.OnRestored = func() { fault.Say("") }
	entry.PlaceHolder = hint
	entry.SetText(now)
	entry.OnSubmitted = func(text string) {
		c, err := read(strings.TrimSpace(text))
		if err == nil {
			err = f.c.Choose(c)
		}
		say(fault, err)
	}
	return container.NewVBox(entry, fault)
}

// best is the word for the best box of each picture, or the best step of each
// class.
const best = "best"

func (f *answerForm) oneBox(now int) fyne.CanvasObject {
	return f.oneOf("box", now, func(n int) metadata.Choices { return metadata.Choices{Box: &n} })
}

func (f *answerForm) step(now int) fyne.CanvasObject {
	return f.oneOf("step", now, func(n int) metadata.Choices { return metadata.Choices{Step: &n} })
}

// oneOf is a number from 0, or the best, which is −1.
func (f *answerForm) oneOf(what string, now int, choice func(int) metadata.Choices) fyne.CanvasObject {
	shown := best
	if now >= 0 {
		shown = strconv.Itoa(now)
	}
	return f.text(shown, "best, or its number, counted from 0", func(text string) (metadata.Choices, error) {
		if text == best || text == "" {
			return choice(-1), nil
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return metadata.Choices{}, fmt.Errorf("%q is not a %s: give best, or its number, counted from 0", text, what)
		}
		return choice(n), nil
	})
}

// column is one of the numbers in a row of a selected box.
func (f *answerForm) column(now, width int, choice func(int) metadata.Choices) fyne.CanvasObject {
	options := make([]string, width)
	for i := range options {
		options[i] = fmt.Sprintf("number %d of %d", i+1, width)
	}
	list := widgets.NewSelect(options, nil)
	list.SetSelectedIndex(now)
	list.OnChanged = func(string) { f.choose(choice(list.SelectedIndex())) }
	return list
}

// region is typed here, or drawn on the picture.
func (f *answerForm) region(now score.Region, kind score.OutputKind) fyne.CanvasObject {
	allowed := "all, mask, or [left, top, right, bottom]"
	if kind == score.Dense {
		allowed = "all, or [left, top, right, bottom]"
	}
	entry := f.text(now.String(), allowed, func(text string) (metadata.Choices, error) {
		r, err := score.ParseRegion(text)
		return metadata.Choices{Region: &r}, err
	})
	whole := widget.NewButton("Whole picture", func() { f.c.SetRegion(image.Rectangle{}) })
	how := widgets.Faint("Drag over the picture with Shift to draw a region; Esc returns to the whole picture.")
	how.Wrapping = fyne.TextWrapWord
	return container.NewVBox(container.NewBorder(nil, nil, nil, whole, entry), how)
}

func (f *answerForm) activation(now score.Activation) fyne.CanvasObject {
	return f.list([]string{string(score.Softmax), string(score.Sigmoid), string(score.Identity)}, string(now),
		func(v string) metadata.Choices { return metadata.Choices{Activation: score.Activation(v)} })
}

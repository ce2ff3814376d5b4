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
	host Host
	c    *control.Controller
	box  *fyne.Container
}

func newAnswerForm(h Host, c *control.Controller) *answerForm {
	f := &answerForm{host: h, c: c, box: container.NewVBox()}
	f.show()
	return f
}

// show rebuilds the rows: what there is to choose depends on the output.
func (f *answerForm) show() {
	m, ok := f.c.State().Model.(control.Answering)
	if !ok {
		f.box.Objects = []fyne.CanvasObject{widgets.Faint("The output of this model cannot be changed.")}
		f.box.Refresh()
		return
	}
	a := m.Answer()
	form := container.New(layout.NewFormLayout())
	row := func(title string, o fyne.CanvasObject) {
		form.Add(widget.NewLabel(title))
		form.Add(o)
	}
	row("Picture input", f.pictureInput(a))
	if len(a.Constants) > 0 {
		row("Other inputs", f.constants(a.Constants))
	}
	row("Output", f.reuse("output", a.Outputs, a.Output))
	row("Type", f.kind(string(a.Kind)))
	if a.Kind != score.Regression && a.Kind != score.Embedding {
		row("Probabilities", f.activation(a.Activation))
	}
	switch a.Kind {
	case score.Detection:
		box := "best"
		if a.Box >= 0 {
			box = strconv.Itoa(a.Box)
		}
		row("Box", f.text("box", box, "best, or its number, counted from 0", func(s string) string { return strings.TrimPrefix(s, "best") }))
	case score.Segmentation:
		row("Region", f.region(a.Region))
	case score.Embedding:
		row("Compared with", f.references(a.References))
	case score.Regression:
		row("Value", f.text("value", a.Value, "its name, such as age", strings.TrimSpace))
		row("Unit", f.text("unit", a.Unit, "such as years", strings.TrimSpace))
	}
	how := widgets.Faint(words.Sentence("Found: " + a.Origin))
	how.Wrapping = fyne.TextWrapWord
	note := widgets.Faint("Click a class on the right of the window to explain it; right-click another one to explain the difference.")
	note.Wrapping = fyne.TextWrapWord
	f.box.Objects = []fyne.CanvasObject{form, how, note}
	f.box.Refresh()
}

func kinds() []string {
	return []string{string(score.Classes), string(score.Segmentation), string(score.Detection), string(score.Regression), string(score.Embedding)}
}

// pictureInput chooses another input for the picture. The former one then needs
// a constant, which is asked for.
func (f *answerForm) pictureInput(a control.Answer) fyne.CanvasObject {
	list := widget.NewSelect(a.Inputs, nil)
	list.SetSelected(a.Input)
	list.OnChanged = func(v string) {
		rest := slices.DeleteFunc(slices.Clone(a.Constants), func(n metadata.InputNeed) bool { return n.Name == v })
		f.c.Reuse(append(NewInputs(rest, false, nil).Pairs(), "input="+v)...)
	}
	return list
}

// kind is what the output holds. References mean nothing to other kinds than
// an embedding.
func (f *answerForm) kind(now string) fyne.CanvasObject {
	list := widget.NewSelect(kinds(), nil)
	list.SetSelected(now)
	list.OnChanged = func(v string) {
		pairs := []string{"kind=" + v}
		if v != string(score.Embedding) {
			pairs = append(pairs, "reference=")
		}
		f.c.Reuse(pairs...)
	}
	return list
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
	add := func(path string) { f.c.Compare(intake.Absolute(append(slices.Clone(paths), path))...) }
	var titles, files []string
	for i, p := range f.c.State().Images {
		if p.Path != "" && !slices.Contains(paths, p.Path) {
			titles, files = append(titles, fmt.Sprintf("%d  %s", i+1, p.Name)), append(files, p.Path)
		}
	}
	list := widget.NewSelect(titles, nil)
	list.PlaceHolder = "Compare with an image from the list"
	list.OnChanged = func(string) { add(files[list.SelectedIndex()]) }
	file := widget.NewButton("Compare with a file…", func() {
		f.host.Ask(widgets.Question{Title: "Compare with", Kind: "Images and arrays", Extensions: append(widgets.ImageExtensions(), "npy")}, add)
	})
	none := widget.NewButton("Compare with nothing", func() { f.c.Compare() })
	return container.NewVBox(now, list, container.NewGridWithColumns(2, file, none))
}

// reuse is a list whose choice opens the model again with a key set.
func (f *answerForm) reuse(key string, options []string, now string) fyne.CanvasObject {
	list := widget.NewSelect(options, nil)
	list.SetSelected(now)
	list.OnChanged = func(v string) { f.c.Reuse(key + "=" + v) }
	return list
}

// text is reuse for what is typed.
func (f *answerForm) text(key, now, hint string, clean func(string) string) fyne.CanvasObject {
	entry := widget.NewEntry()
	entry.PlaceHolder = hint
	entry.SetText(now)
	entry.OnSubmitted = func(text string) { f.c.Reuse(key + "=" + clean(text)) }
	return entry
}

// region is typed here, or drawn on the picture.
func (f *answerForm) region(now string) fyne.CanvasObject {
	entry := f.text("region", now, "all, mask, or [left, top, right, bottom]", strings.TrimSpace)
	whole := widget.NewButton("Whole picture", func() { f.c.SetRegion(image.Rectangle{}) })
	how := widgets.Faint("Drag over the picture with Shift to draw a region; Esc returns to the whole picture.")
	how.Wrapping = fyne.TextWrapWord
	return container.NewVBox(container.NewBorder(nil, nil, nil, whole, entry), how)
}

// activation is applied without opening the model again.
func (f *answerForm) activation(now score.Activation) fyne.CanvasObject {
	list := widget.NewSelect([]string{string(score.Softmax), string(score.Sigmoid), string(score.Identity)}, nil)
	list.SetSelected(string(now))
	list.OnChanged = func(v string) {
		a, ok := f.c.State().Model.(control.Adjustable)
		if !ok {
			return
		}
		p := a.Preparation()
		p.Activation = score.Activation(v)
		if err := f.c.Adjust(p); err != nil {
			f.c.Tell("use the output with "+v, err)
		}
	}
	return list
}

package ui

import (
	"encoding/json"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/metadata"
)

// inputsForm lets the user say which input of a model takes the picture and
// what the others get.
type inputsForm struct {
	box     *fyne.Container
	picture *widget.Select // nil where that is known
	names   []string       // of the entries
	entries []*widget.Entry
	choose  []*widget.Button // of a picture for each entry; nil where none is possible
}

// inputsOf finds the question behind an error, nil where there is none.
func inputsOf(err error) *metadata.InputsError {
	var need *metadata.InputsError
	errors.As(err, &need)
	return need
}

const constantHint = "a number, a list like [1, 2], or a picture or .npy file"

// askFile asks for a file and hands over its path.
type askFile func(q question, use func(path string))

// newInputsForm asks about inputs; choose lets one of them take the picture.
// Where ask is not nil, files can be chosen with it.
func newInputsForm(inputs []metadata.InputNeed, choose bool, ask askFile) *inputsForm {
	f := &inputsForm{box: container.New(layout.NewFormLayout())}
	var images []string
	for _, n := range inputs {
		if n.Image {
			images = append(images, n.Name)
		}
	}
	if choose {
		f.picture = widget.NewSelect(images, nil)
		f.picture.PlaceHolder = "Choose the input that takes the picture"
		if len(images) > 0 {
			f.picture.SetSelectedIndex(0)
		}
		f.box.Add(widget.NewLabel("Picture"))
		f.box.Add(f.picture)
	}
	for _, n := range inputs {
		entry := widget.NewEntry()
		entry.PlaceHolder = constantHint
		entry.SetText(n.Value)
		f.names, f.entries = append(f.names, n.Name), append(f.entries, entry)
		f.box.Add(widget.NewLabel(n.Name))
		f.box.Add(tight(f.withChoice(n, entry, ask), faint(n.Form)))
	}
	if f.picture != nil {
		f.picture.OnChanged = f.leaveOut
		f.leaveOut(f.picture.Selected)
	}
	return f
}

// withChoice puts a button beside an entry whose constant can be a picture.
// Choosing one is like typing its path.
func (f *inputsForm) withChoice(n metadata.InputNeed, entry *widget.Entry, ask askFile) fyne.CanvasObject {
	if !n.Picture || ask == nil {
		f.choose = append(f.choose, nil)
		return entry
	}
	button := widget.NewButton("Choose a picture…", func() {
		ask(question{title: "What " + n.Name + " gets", kind: "Images and arrays", extensions: append(imageExtensions(), "npy")}, func(path string) {
			entry.SetText(quoted(absolute([]string{path})[0]))
			if entry.OnSubmitted != nil {
				entry.OnSubmitted(entry.Text)
			}
		})
	})
	f.choose = append(f.choose, button)
	return container.NewBorder(nil, nil, nil, button, entry)
}

// leaveOut takes no constant for the input that takes the picture.
func (f *inputsForm) leaveOut(picture string) {
	for i, name := range f.names {
		if name == picture {
			f.entries[i].Disable()
		} else {
			f.entries[i].Enable()
		}
		if b := f.choose[i]; b != nil && name == picture {
			b.Disable()
		} else if b != nil {
			b.Enable()
		}
	}
}

// pairs are the values of a sidecar that the form says.
func (f *inputsForm) pairs() []string {
	var out []string
	taken := ""
	if f.picture != nil {
		taken = f.picture.Selected
		out = append(out, "input="+taken)
	}
	inputs := map[string]json.RawMessage{}
	for i, name := range f.names {
		text := strings.TrimSpace(f.entries[i].Text)
		if name == taken || text == "" {
			continue
		}
		if !json.Valid([]byte(text)) {
			text = quoted(text)
		}
		inputs[name] = json.RawMessage(text)
	}
	data, err := json.Marshal(inputs)
	if err != nil || len(inputs) == 0 {
		return append(out, "inputs=")
	}
	return append(out, "inputs="+string(data))
}

// quoted is a text in JSON.
func quoted(text string) string {
	data, err := json.Marshal(text)
	if err != nil {
		return `""`
	}
	return string(data)
}

// askInputs asks what the inputs of a model get that could not be opened, and
// opens it so.
func (w *Window) askInputs(need *metadata.InputsError) {
	f := newInputsForm(need.Inputs, true, w.ask)
	note := faint("Every input but the picture's needs a constant. What is saved as a sidecar is not asked again.")
	note.Wrapping = fyne.TextWrapWord
	content := container.NewBorder(note, nil, nil, nil, container.NewVScroll(roomy(f.box)))
	d := dialog.NewCustomConfirm("What the inputs get", "Open", "Cancel", content, func(on bool) {
		if on {
			w.c.OpenUsing(need.Path, f.pairs()...)
		}
	}, w.win)
	d.Resize(fyne.NewSize(640, 420))
	w.over(d)
}

// constants lists what the inputs get that take no picture, to be changed.
func (f *answerForm) constants(now []metadata.InputNeed) fyne.CanvasObject {
	form := newInputsForm(now, false, f.w.ask)
	for _, e := range form.entries {
		e.OnSubmitted = func(string) { f.w.c.Reuse(form.pairs()...) }
	}
	return form.box
}

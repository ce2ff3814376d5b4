package modelcard

import (
	"fmt"
	"path/filepath"
	"picasso/backend/metadata"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control/intake"
	"picasso/ui/widgets"
)

// Inputs lets the user say which input of a model takes the picture and
// what the others get.
type Inputs struct {
	Box     *fyne.Container
	picture *widgets.Select // nil where that is known
	names   []string        // of the entries
	before  []string        // what the entries said from the start
	entries []*widgets.Entry
	faults  []*widgets.Fault // one below each entry
	choose  []*widget.Button // of a picture for each entry; nil where none is possible
}

const constantHint = "a number, a list like [1, 2], or a picture or .npy file"

// AskFile asks for a file and hands over its path.
type AskFile func(q widgets.Question, use func(path string))

// NewInputs asks about inputs; choose lets one of them take the picture.
// Where ask is not nil, files can be chosen with it.
func NewInputs(inputs []metadata.InputNeed, choose bool, ask AskFile) *Inputs {
	f := &Inputs{Box: container.New(layout.NewFormLayout())}
	var images []string
	for _, n := range inputs {
		if n.Image {
			images = append(images, n.Name)
		}
	}
	if choose {
		f.picture = widgets.NewSelect(images, nil)
		f.picture.PlaceHolder = "Choose the input that takes the picture"
		if len(images) > 0 {
			f.picture.SetSelectedIndex(0)
		}
		f.Box.Add(widget.NewLabel("Picture"))
		f.Box.Add(f.picture)
	}
	for _, n := range inputs {
		entry, fault := widgets.NewEntry(nil), widgets.NewFault()
		entry.OnRestored = func() { fault.Say("") }
		entry.PlaceHolder = constantHint
		entry.SetText(n.Value)
		f.names, f.entries, f.before = append(f.names, n.Name), append(f.entries, entry), append(f.before, n.Value)
		f.faults = append(f.faults, fault)
		f.Box.Add(widget.NewLabel(n.Name))
		f.Box.Add(container.NewVBox(widgets.Tight(f.withChoice(n, entry, ask), widgets.Faint(n.Form)), fault))
	}
	if f.picture != nil {
		f.picture.OnChanged = f.leaveOut
		f.leaveOut(f.picture.Selected)
	}
	return f
}

// withChoice puts a button beside an entry whose constant can be a picture.
// Choosing one is like typing its path.
func (f *Inputs) withChoice(n metadata.InputNeed, entry *widgets.Entry, ask AskFile) fyne.CanvasObject {
	if !n.Picture || ask == nil {
		f.choose = append(f.choose, nil)
		return entry
	}
	button := widget.NewButton("Choose a picture…", func() {
		ask(widgets.Question{Title: "Choose the picture for the input " + n.Name, Kind: "Pictures and arrays", Extensions: append(widgets.ImageExtensions(), "npy")}, func(path string) {
			entry.SetText(intake.Absolute([]string{path})[0])
			if entry.OnSubmitted != nil {
				entry.OnSubmitted(entry.Text)
			}
		})
	})
	f.choose = append(f.choose, button)
	return container.NewBorder(nil, nil, nil, button, entry)
}

// leaveOut takes no constant for the input that takes the picture.
func (f *Inputs) leaveOut(picture string) {
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

// Choices are what the form says. What an entry said from the start is not
// among them where the model is open already; an entry that was emptied takes
// its constant back. The names of files start from folder. What is wrong is also
// told below the entry.
func (f *Inputs) Choices(folder string) (metadata.Choices, error) {
	c := metadata.Choices{Inputs: map[string]metadata.GivenInput{}}
	if f.picture != nil {
		c.Input = f.picture.Selected
	}
	for _, fault := range f.faults {
		fault.Say("")
	}
	for i, name := range f.names {
		text := strings.TrimSpace(f.entries[i].Text)
		if name == c.Input && f.picture != nil || f.picture == nil && text == f.before[i] {
			continue
		}
		if text == "" {
			c.Inputs[name] = metadata.GivenInput{}
			continue
		}
		given, err := metadata.ParseConstant(text, folder)
		if err != nil {
			say(f.faults[i], err)
			return c, fmt.Errorf("the constant of %s: %w", name, err)
		}
		c.Inputs[name] = given
	}
	return c, nil
}

// constants lists what the inputs get that take no picture, to be changed.
func (f *answerForm) constants(now []metadata.InputNeed) fyne.CanvasObject {
	form := NewInputs(now, false, f.host.Ask)
	for _, e := range form.entries {
		e.OnSubmitted = func(string) {
			c, err := form.Choices(filepath.Dir(f.c.State().About.Path))
			if err == nil { // else it is told below the entry
				f.choose(c)
			}
		}
	}
	return form.Box
}

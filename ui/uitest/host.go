package uitest

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"picasso/backend/metadata"
	"picasso/ui/control"
	"picasso/ui/widgets"
)

// Host is a window around a pane that remembers what it was asked for.
type Host struct {
	Window  fyne.Window
	Queue   *Queue
	Hints   []string
	Asked   []widgets.Question
	Answer  string                  // to the next question, "" for none
	Methods int                     // how often the method was explained
	Choices int                     // how often pictures were asked for
	Inputs  []*metadata.InputsError // those asked about
	// Informed are the titles of the panels shown over the window.
	Informed []string
	// Unfocused counts how often the keys were given back.
	Unfocused int
}

func (h *Host) Hint(text string)                  { h.Hints = append(h.Hints, text) }
func (h *Host) Unfocus()                          { h.Unfocused++ }
func (h *Host) TypedKey(*fyne.KeyEvent)           {}
func (h *Host) TypedRune(rune)                    {}
func (h *Host) Held(fyne.KeyName, bool)           {}
func (h *Host) Canvas() fyne.Canvas               { return h.Window.Canvas() }
func (h *Host) Do(f func())                       { h.Queue.Do(f) }
func (h *Host) SelectImage(*control.Picture)      {}
func (h *Host) Editor(*control.Panel) func()      { return nil }
func (h *Host) ShowModel()                        {}
func (h *Host) ChooseModel()                      {}
func (h *Host) ChooseImages()                     { h.Choices++ }
func (h *Host) ShowPreparation()                  {}
func (h *Host) AskInputs(n *metadata.InputsError) { h.Inputs = append(h.Inputs, n) }
func (h *Host) ShowMethod()                       { h.Methods++ }

// Inform remembers the title.
func (h *Host) Inform(title string, _ fyne.CanvasObject, _ fyne.Size) {
	h.Informed = append(h.Informed, title)
}

// Ask remembers the question and gives the answer there is.
func (h *Host) Ask(q widgets.Question, use func(path string)) {
	h.Asked = append(h.Asked, q)
	if h.Answer != "" {
		use(h.Answer)
	}
}

// All lists an object and everything below it.
func All(o fyne.CanvasObject) []fyne.CanvasObject {
	list := []fyne.CanvasObject{o}
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			list = append(list, All(child)...)
		}
	case *container.Scroll:
		list = append(list, All(o.Content)...)
	case *container.Split:
		list = append(append(list, All(o.Leading)...), All(o.Trailing)...)
	}
	return list
}

// Shown is [All] without what is hidden, and what lies in it.
func Shown(o fyne.CanvasObject) []fyne.CanvasObject {
	if !o.Visible() {
		return nil
	}
	list := []fyne.CanvasObject{o}
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			list = append(list, Shown(child)...)
		}
	case *container.Scroll:
		list = append(list, Shown(o.Content)...)
	case *container.Split:
		list = append(append(list, Shown(o.Leading)...), Shown(o.Trailing)...)
	}
	return list
}

// First is the first object of a kind below another.
func First[T fyne.CanvasObject](t testing.TB, o fyne.CanvasObject) T {
	t.Helper()
	for _, child := range All(o) {
		if found, ok := child.(T); ok {
			return found
		}
	}
	var none T
	t.Fatalf("no %T in %T", none, o)
	return none
}

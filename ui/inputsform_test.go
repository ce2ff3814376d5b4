package ui

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2/widget"

	"picasso/backend/metadata"
)

func TestConstantsOfInputs(t *testing.T) {
	b := newBench(t)
	b.explained()
	needs := []metadata.InputNeed{
		{Name: "image", Form: "float32 1×3×8×8", Image: true, Picture: true},
		{Name: "other", Form: "float32 1×3×8×8", Image: true, Picture: true},
		{Name: "mask.1", Form: "bool 1", Value: "true"},
	}
	file := filepath.Join(t.TempDir(), "second one.png")
	f := newInputsForm(needs, true, func(q question, use func(string)) {
		if !slices.Contains(q.extensions, "png") || !slices.Contains(q.extensions, "npy") {
			t.Errorf("asks for %q", q.extensions)
		}
		use(file)
	})
	if got := f.picture.Options; !slices.Equal(got, []string{"image", "other"}) {
		t.Errorf("the picture may go into %q", got)
	}
	f.entries[1].SetText("second.npy")
	if got, want := f.pairs(), []string{"input=image", `inputs={"mask.1":true,"other":"second.npy"}`}; !slices.Equal(got, want) {
		t.Errorf("says %q, want %q", got, want)
	}
	f.entries[1].SetText("")
	f.choose[1].OnTapped()
	if got, want := f.pairs()[1], `inputs={"mask.1":true,"other":`+quoted(file)+`}`; got != want {
		t.Errorf("a chosen picture says %q, want %q", got, want)
	}
	if f.choose[2] != nil || !f.choose[0].Disabled() || f.choose[1].Disabled() {
		t.Error("pictures can be chosen for other inputs than those that take one")
	}
	f.picture.SetSelected("other")
	f.entries[0].SetText("[1, 2]")
	if got, want := f.pairs(), []string{"input=other", `inputs={"image":[1,2],"mask.1":true}`}; !slices.Equal(got, want) {
		t.Errorf("says %q, want %q", got, want)
	}
	need := &metadata.InputsError{Path: "m.onnx", Inputs: needs, Err: fmt.Errorf("takes 3 inputs")}
	b.c.Tell("open m.onnx", fmt.Errorf("stage: %w", need))
	ask := false
	for _, o := range all(b.Window.banner.choices) {
		if button, ok := o.(*widget.Button); ok && button.Text == "Say what the inputs get…" {
			ask = true
			button.OnTapped()
		}
	}
	if !ask || b.Window.panel == nil {
		t.Error("nothing asks what the inputs get")
	}
}

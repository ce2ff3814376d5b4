package ui

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2/widget"

	"picasso/backend"
)

func TestConstantsOfInputs(t *testing.T) {
	b := newBench(t)
	b.explained()
	needs := []backend.InputNeed{
		{Name: "image", Form: "float32 1×3×8×8", Image: true},
		{Name: "other", Form: "float32 1×3×8×8", Image: true},
		{Name: "mask.1", Form: "bool 1", Value: "true"},
	}
	f := newInputsForm(needs, true, nil)
	if got := f.picture.Options; !slices.Equal(got, []string{"image", "other"}) {
		t.Errorf("the picture may go into %q", got)
	}
	f.entries[1].SetText("second.npy")
	if got, want := f.pairs(), []string{"input=image", `inputs={"mask.1":true,"other":"second.npy"}`}; !slices.Equal(got, want) {
		t.Errorf("says %q, want %q", got, want)
	}
	f.picture.SetSelected("other")
	f.entries[0].SetText("[1, 2]")
	if got, want := f.pairs(), []string{"input=other", `inputs={"image":[1,2],"mask.1":true}`}; !slices.Equal(got, want) {
		t.Errorf("says %q, want %q", got, want)
	}
	need := &backend.InputsError{Path: "m.onnx", Inputs: needs, Err: fmt.Errorf("takes 3 inputs")}
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

package backend_test

import (
	"errors"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/score"
)

// Going back and forth between activations ends where it began: an activation
// of the graph is never applied on top of itself.
func TestActivationIsNeverAppliedTwice(t *testing.T) {
	path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, "Identity", nil)
	m := open(t, answer(constant([]int{3}, 0.5, 0.3, 0.2)), path, backend.ModelOptions{}) // sums to 1: taken for probabilities
	ask := func() []float32 {
		t.Helper()
		s, err := m.Predict(t.Context(), []infer.Tensor{infer.NewTensor(3, 4, 8)})
		if err != nil {
			t.Fatal(err)
		}
		return s[0].Probabilities
	}
	found := m.Known()
	if found.Output.Activation != score.Softmax || !found.Output.InGraph {
		t.Fatalf("found %+v", found.Output)
	}
	for _, a := range []score.Activation{score.Sigmoid, score.Identity, score.Softmax} {
		if err := use(m, metadata.Choices{Activation: a}); err != nil {
			t.Fatal(err)
		}
	}
	closeTo(t, "softmax again", ask(), []float32{0.5, 0.3, 0.2})
	if err := use(m, metadata.Choices{Activation: score.Sigmoid}); err != nil {
		t.Fatal(err)
	}
	if err := m.Use(found); err != nil { // as it was opened
		t.Fatal(err)
	}
	closeTo(t, "reset", ask(), []float32{0.5, 0.3, 0.2})
	if got := m.Known(); got.Origins["activation"] != found.Origins["activation"] {
		t.Errorf("the activation is %q", got.Origins["activation"])
	}
}

// A card takes over what needs no other session and refuses the rest.
func TestCardIsHandedOver(t *testing.T) {
	path := writeModel(t, shape(-1, 3, 4, 8), onnx.Float, "Concat", nil)
	var rows [][]float32
	for i := range 20 {
		rows = append(rows, []float32{50, 40, 10, 20, float32(i) / 20, 0.2, 0.1})
	}
	m := open(t, answer(boxTable(false, rows...)), path, backend.ModelOptions{Choices: choose(t, "skip=4", "box=1")})
	before := m.Known()
	if err := use(m, metadata.Choices{Box: new(-1), Labels: []string{"a", "b", "c"}, Preset: "0..255"}); err != nil {
		t.Fatal(err)
	}
	after := m.Known()
	if after.Output.Box != -1 || after.ClassName(2) != "c" || after.Preprocess.Scale[0] != 1 {
		t.Errorf("known as %+v", after)
	}
	if before.Output.Box != 1 || before.Labels != nil || before.Origins["labels"] == after.Origins["labels"] {
		t.Errorf("a copy follows the model: %+v", before)
	}
	if o := after.Origins; o["preprocess.scale"] != "set by the user" || o["preprocess.color"] != "set by the user" { // a preset says all of it
		t.Errorf("origins %v", o)
	}
	for name, c := range map[string]metadata.Choices{
		"another output": {Output: "z"}, "another kind": {Kind: score.Regression}, "references": {References: []string{"a.png"}}, "constants": {Inputs: map[string]metadata.GivenInput{}},
	} {
		if err := use(m, c); !errors.Is(err, metadata.ErrOtherSession) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, c := range map[string]metadata.Choices{"labels": {Labels: []string{"a"}}, "box": {Box: new(-2)}, "region": {Region: &score.Region{}}} {
		if err := use(m, c); err == nil {
			t.Errorf("the %s are taken", name)
		}
	}
	if got := m.Known(); got.ClassName(2) != "c" {
		t.Errorf("a refused choice leaves %q", got.Labels)
	}
}

package gradient_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"testing"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
)

// field are models from public reports whose gradient PyTorch computed in
// double precision: that of the best score of output 0, unless place says where
// in it the score stands.
var field = map[string]struct {
	place     func(shape []int, top int) int
	picture   bool    // facts of the very picture
	tolerance float64 // 1e-4 by default
}{
	"02-stn-gridsample": {}, "04-cnn-lstm-head": {}, "13e-swin-small-dropout0-nhwc": {}, "16-vit-plain": {}, "16b-vit-multiheadattention": {},
	"16e-vit-hf-gradcam-layer": {}, "20-if-from-squeeze-and-scripted-loop": {}, "20b-scripted-loop": {}, "31-split-to-sequence": {},
	"24-dinov2-bicubic-pos-dynamic": {},
	"16c-vit-dynamic-quantised":     {tolerance: 0.1}, // the reference does not round
	"19-opnorm-boolean-mask":        {picture: true},
	"03-crnn-lstm-ctc":              {place: func([]int, int) int { return 33 }},
}

func TestFieldModelsHaveTheGradientOfPyTorch(t *testing.T) {
	root := fixtures.Path(t, "field", "models")
	r := library(t)
	for name, c := range field {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(root, name)
			m, err := onnx.Open(filepath.Join(folder, "model.onnx"))
			if err != nil {
				t.Skip(err)
			}
			var expected struct{ Top int }
			text, err := os.ReadFile(filepath.Join(folder, "expected.json"))
			if err == nil {
				err = json.Unmarshal(text, &expected)
			}
			if err != nil {
				t.Fatal(err)
			}
			in := readArray(t, filepath.Join(folder, "input.npy"))
			b := &bench{t: t, runtime: r, inputs: []infer.Tensor{in}, picture: c.picture}
			b.prepare(m)
			wrt, y := b.model.Graph.Feeds()[0].Name, b.model.Graph.Outputs[0].Name
			plan, err := gradient.Build(b.model, b.facts, y, []string{wrt}, gradient.Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := b.forward(append(plan.Activations, y), in)
			seed := infer.NewTensor(got[y].Shape...)
			at := expected.Top
			if c.place != nil {
				at = c.place(seed.Shape, at)
			}
			seed.Data[at] = 1
			relative, cosine := compare(b.backward(plan, got, seed)[0].Data, readArray(t, filepath.Join(folder, "grad.npy")).Data)
			t.Logf("%d nodes, %d activations, batching %d: max error %.2g, cosine 1−%.2g", len(plan.Model.Graph.Nodes), len(plan.Activations), plan.Batching, relative, 1-cosine)
			tolerance := 1e-4
			if c.tolerance > 0 {
				tolerance = c.tolerance
			}
			if !(relative <= tolerance) {
				t.Errorf("max error %g, cosine %g; notes %v", relative, cosine, plan.Notes)
			}
		})
	}
}

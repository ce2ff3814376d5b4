package gradient_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
)

// reference is the part of a case.json that concerns gradients.
type reference struct {
	Model   struct{ File string }
	Input   struct{ File, DType, Name string }
	Outputs []struct{ Name, Role string }
	Score   struct {
		Kind   string
		Logits string `json:"logit_tensor"`
		Prob   string
		Inside bool `json:"prob_in_graph"`
	}
	Targets []struct {
		Class  int
		Logit  []any  `json:"logit_index"`
		Output []any  `json:"output_index"`
		File   string `json:"grad_logit"`
		Prob   string `json:"grad_prob"`
	}
	CAM *struct {
		Tensor string
		Grads  map[string]string
	}
	Tolerances struct {
		Max    *float64 `json:"grad_maxabs_over_refmax"`
		Cosine *float64 `json:"grad_cosine_min"`
	}
}

// TestFixtures compares the gradients of every reference model with those of
// PyTorch in double precision.
func TestFixtures(t *testing.T) {
	root := fixtures.Path(t, "public")
	r := library(t)
	folders, err := filepath.Glob(filepath.Join(root, "*", "case.json"))
	if err != nil || len(folders) == 0 {
		t.Fatal("no cases", err)
	}
	all := &report{rows: map[string][3]float64{}}
	for _, file := range folders {
		folder := filepath.Dir(file)
		t.Run(filepath.Base(folder), func(t *testing.T) {
			var ref reference
			text, err := os.ReadFile(file)
			if err == nil {
				err = json.Unmarshal(text, &ref)
			}
			if err != nil {
				t.Fatal(err)
			}
			m, err := onnx.Open(filepath.Join(folder, ref.Model.File))
			if err != nil {
				t.Fatal(err)
			}
			b := newBench(t, r, m, readArray(t, filepath.Join(folder, ref.Input.File)))
			for _, opt := range ways(r) {
				checkCase(t, b, ref, folder, all, opt)
			}
		})
	}
	all.write(t)
}

func checkCase(t *testing.T, b *bench, ref reference, folder string, all *report, opt gradient.Options) {
	wrt := []string{ref.Input.Name}
	if ref.CAM != nil {
		wrt = append(wrt, ref.CAM.Tensor)
	}
	logits, err := gradient.Build(b.model, b.facts, ref.Score.Logits, wrt, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d nodes, %d activations, batching %d", len(logits.Model.Graph.Nodes), len(logits.Activations), logits.Batching)
	got := b.forward(slices.Concat(logits.Activations, []string{ref.Score.Logits}), b.inputs...)
	for _, target := range ref.Targets {
		seed := oneHot(got[ref.Score.Logits].Shape, target.Logit)
		out := b.backward(logits, got, seed)
		expect(t, ref, all, "logit", out[0].Data, filepath.Join(folder, target.File))
		if ref.CAM != nil {
			expect(t, ref, all, "activation", out[1].Data, filepath.Join(folder, ref.CAM.Grads[fmt.Sprint(target.Class)]))
		}
		plan, probs := logits, infer.Tensor{}
		if ref.Score.Inside {
			name := ref.Outputs[0].Name
			if plan, err = gradient.Build(b.model, b.facts, name, wrt[:1], opt); err != nil {
				t.Fatal(err)
			}
			got = b.forward(slices.Concat(plan.Activations, logits.Activations, []string{name, ref.Score.Logits}), b.inputs...)
			probs = oneHot(got[name].Shape, target.Output)
			if ref.Outputs[0].Role == "log_probs" {
				for i := range probs.Data {
					probs.Data[i] *= float32(math.Exp(float64(got[name].Data[i])))
				}
			}
		} else {
			probs = softmaxSeed(got[ref.Score.Logits], seed)
		}
		out = b.backward(plan, got, probs)
		expect(t, ref, all, "prob", out[0].Data, filepath.Join(folder, target.Prob))
	}
}

func expect(t *testing.T, ref reference, all *report, what string, got []float32, file string) {
	t.Helper()
	relative, cosine := compare(got, readArray(t, file).Data)
	all.note(filepath.Base(filepath.Dir(file)), what, relative)
	t.Logf("%s: max error %.2g, cosine 1−%.2g", what, relative, 1-cosine)
	if ref.Tolerances.Max == nil {
		return
	}
	if !(relative <= *ref.Tolerances.Max) || !(cosine >= *ref.Tolerances.Cosine) {
		t.Errorf("%s: max error %g, cosine %g", what, relative, cosine)
	}
}

// oneHot is 1 at an index; ":" stands for all along an axis.
func oneHot(shape []int, index []any) infer.Tensor {
	seed := infer.NewTensor(shape...)
	for i := range seed.Data {
		rest, hit := i, true
		for a := len(shape) - 1; a >= 0; a-- {
			at := rest % shape[a]
			rest /= shape[a]
			if v, fixed := index[a].(float64); fixed && int(v) != at {
				hit = false
			}
		}
		if hit {
			seed.Data[i] = 1
		}
	}
	return seed
}

// softmaxSeed turns a seed on probabilities, softmax over axis 1, into one on
// logits: p·(s − Σ s·p).
func softmaxSeed(logits, seed infer.Tensor) infer.Tensor {
	out := infer.NewTensor(seed.Shape...)
	classes := seed.Shape[1]
	pixels := len(seed.Data) / classes
	for i := range pixels {
		var sum, dot float64
		p := make([]float64, classes)
		for c := range p {
			p[c] = math.Exp(float64(logits.Data[c*pixels+i]))
			sum += p[c]
		}
		for c := range p {
			p[c] /= sum
			dot += p[c] * float64(seed.Data[c*pixels+i])
		}
		for c := range p {
			out.Data[c*pixels+i] = float32(p[c] * (float64(seed.Data[c*pixels+i]) - dot))
		}
	}
	return out
}

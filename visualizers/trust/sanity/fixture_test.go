package sanity_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"picasso/assets"
	"picasso/assets/assetstest"
	"picasso/backend"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/npy"
	"picasso/backend/ort/orttest"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/visualizers"
	_ "picasso/visualizers/methods"
	"picasso/visualizers/trust"
	"picasso/visualizers/trust/sanity"
	"picasso/visualizers/trust/similarity"
	"picasso/visualizers/vistest"
)

// fixture opens a reference model with its input.
func fixture(t *testing.T, name string) (*backend.Model, visualizers.Input) {
	t.Helper()
	folder := fixtures.Path(t, "public", name)
	m := orttest.Open(t, filepath.Join(folder, "model.onnx"), backend.ModelOptions{Provider: infer.CPU})
	data, err := os.ReadFile(filepath.Join(folder, "input.npy"))
	if err != nil {
		t.Fatal(err)
	}
	a, err := npy.Read(bytes.NewReader(data), 1<<28)
	if err != nil {
		t.Fatal(err)
	}
	x, err := m.Accept(infer.Tensor{Shape: a.Shape, Data: a.Data})
	if err != nil {
		t.Fatal(err)
	}
	base, err := m.Predict(t.Context(), []infer.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	best := m.Rank(base[0])[0].Index
	return m, visualizers.Input{Subject: m, Tensor: x, Base: base[0], Targets: []score.Target{score.ClassTarget(best, score.Probability)}}
}

func checked(t *testing.T, m *backend.Model, in visualizers.Input, id string, o sanity.Options, settings ...string) sanity.Report {
	t.Helper()
	v := vistest.Find(t, id)
	var err error
	if in.Values, err = visualizers.ParseValues(v, m, settings); err != nil {
		t.Fatal(err)
	}
	r, err := sanity.Run(t.Context(), sanity.Of(m), v, in, o, sanity.Others{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Known answers 10 b and 10 c: with the top two layers shuffled, guided
// backpropagation draws nearly the same map, gradient × input does not, and the
// network's answer is another.
func TestGuidedBackpropagationBarelyChanges(t *testing.T) {
	top := sanity.Defaults()
	top.Steps = 2
	for _, name := range []string{"vgg_dropout", "resnet_bn", "densenet_ct_sigmoid"} {
		t.Run(name, func(t *testing.T) {
			m, in := fixture(t, name)
			guided := checked(t, m, in, "guided-backprop", top)
			if r := rank(guided); r < .9 || guided.Verdict != sanity.BarelyChanges {
				t.Errorf("guided backpropagation: ρ %.3f, %s", r, guided.Verdict)
			}
			product := checked(t, m, in, "gradient-x-input", top)
			if r := rank(product); math.Abs(r) > .2 || product.Verdict != sanity.Changes {
				t.Errorf("gradient × input: ρ %.3f, %s", r, product.Verdict)
			}
			for _, s := range guided.Seeds {
				if s.After == guided.Before {
					t.Error("the answer did not move")
				}
			}
			if saliency := rank(checked(t, m, in, "saliency", top)); saliency < .3 || saliency > .6 {
				t.Errorf("saliency: ρ %.3f, want .3 to .6", saliency)
			}
		})
	}
}

// rank is the mean rank correlation over the seeds.
func rank(r sanity.Report) float64 {
	var sum float64
	for _, s := range r.Seeds {
		sum += s.Spearman
	}
	return sum / float64(len(r.Seeds))
}

func TestFileOfTheUserIsAsItWas(t *testing.T) {
	m, in := fixture(t, "resnet_bn")
	before := digest(t, m.Path)
	r := checked(t, m, in, "grad-cam", sanity.Defaults())
	var counts []int
	for _, s := range r.Steps {
		counts = append(counts, s.Units)
	}
	if len(r.Units) != 16 || len(counts) != 5 || counts[4] != 16 || len(r.Seeds) != 5 {
		t.Errorf("%d units, steps %v, %d seeds", len(r.Units), counts, len(r.Seeds))
	}
	if digest(t, m.Path) != before {
		t.Error("the user's file changed")
	}
}

// Known answer 10 e: on a network without pooling, the map of deconvolution does
// not depend on the picture at all.
func TestDeconvnetOfTheTanksIsTheSameForEveryPicture(t *testing.T) {
	s := assetstest.Sample(t, "tanks-fair")
	folder, err := assets.Extract(t.TempDir(), s)
	if err != nil {
		t.Fatal(err)
	}
	m := orttest.Open(t, filepath.Join(folder, s.Model), backend.ModelOptions{Provider: infer.CPU})
	v := vistest.Find(t, "deconvnet")
	values, err := visualizers.ParseValues(v, m, nil)
	if err != nil {
		t.Fatal(err)
	}
	var grids []similarity.Grid
	for _, name := range s.Images[:3] {
		img, err := picture.Open(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		x, err := m.Prepare(img)
		if err != nil {
			t.Fatal(err)
		}
		base, err := m.Predict(t.Context(), []infer.Tensor{x})
		if err != nil {
			t.Fatal(err)
		}
		r, err := v.Explain(t.Context(), visualizers.Input{Subject: m, Image: img, Tensor: x, Base: base[0], Targets: []score.Target{score.ClassTarget(0, score.Logit)}, Values: values}, func(visualizers.Result) {})
		if err != nil {
			t.Fatal(err)
		}
		grids = append(grids, trust.Field(r.Maps[0]).Shrunk(similarity.ComparedEdge))
	}
	for _, g := range grids[1:] {
		if s := similarity.SSIM(grids[0], g); s <= .99 {
			t.Errorf("SSIM of the maps of two pictures: %.3f", s)
		}
	}
}

func TestCancelledCheckEnds(t *testing.T) {
	m, in := fixture(t, "resnet_bn")
	ctx, cancel := context.WithCancel(t.Context())
	v := vistest.Find(t, "saliency")
	in.Values, _ = visualizers.ParseValues(v, m, nil)
	_, err := sanity.Run(ctx, sanity.Of(m), v, in, sanity.Defaults(), sanity.Others{}, func(sanity.Report, float64) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func digest(t *testing.T, path string) [32]byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return sha256.Sum256(data)
}

package backend_test

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"picasso/backend"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/onnx/outline"
	"picasso/backend/ort/orttest"
)

// TestCellsSeeNoMoreThanTheirField compares receptive fields with what happens:
// noise everywhere but in the field of a cell leaves the cell as it is, and noise
// in the field changes it.
func TestCellsSeeNoMoreThanTheirField(t *testing.T) {
	r := orttest.Runtime(t)
	for _, name := range []string{"shapes_trained", "resnet_bn", "keras_nhwc", "fpn_resize", "maxpool_ties", "mobilenetv2_nofold"} {
		t.Run(name, func(t *testing.T) {
			m := open(t, r, filepath.Join(fixtures.Path(t, "public"), name, "model.onnx"), backend.ModelOptions{})
			o, err := m.Outline(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			rng := rand.New(rand.NewPCG(1, 2))
			channels, height, width := m.Shape()
			base := infer.NewTensor(channels, height, width)
			for i := range base.Data {
				base.Data[i] = rng.Float32()
			}
			checked, moved := 0, 0
			for _, layer := range m.Layers() {
				if i := slices.IndexFunc(o.Rows, func(r outline.Row) bool { return r.Name == layer.Name }); i < 0 {
					continue // inside a row
				}
				y, x := rng.IntN(layer.Height), rng.IntN(layer.Width)
				field := o.Field(layer.Name, y, x)
				outside, inside := base.Clone(), base.Clone()
				for i := range base.Data {
					row, column := i/width%height, i%width
					in := row >= field.Rows.Lo && row < field.Rows.Hi && column >= field.Columns.Lo && column < field.Columns.Hi
					if in {
						inside.Data[i] = rng.Float32() * 3
					} else {
						outside.Data[i] = rng.Float32() * 3
					}
				}
				a, err := m.Activations(t.Context(), layer.Name, []infer.Tensor{base, outside, inside})
				if err != nil {
					t.Fatal(err)
				}
				checked++
				same := true
				for c := range layer.Channels {
					at := (c*layer.Height+y)*layer.Width + x
					if a[0].Data[at] != a[1].Data[at] {
						t.Errorf("%s: cell %d, %d depends on more than %v", layer.Name, y, x, field)
						break
					}
					same = same && a[0].Data[at] == a[2].Data[at]
				}
				if !same {
					moved++
				}
			}
			if checked == 0 || 2*moved < checked {
				t.Errorf("%d layers were looked at, in %d of them a cell depends on its field", checked, moved)
			}
		})
	}
}

// TestMeansAreThoseOfTheActivations: one run that keeps nothing gives what the
// activations give.
func TestMeansAreThoseOfTheActivations(t *testing.T) {
	m := open(t, orttest.Runtime(t), filepath.Join(fixtures.Path(t, "public"), "shapes_trained", "model.onnx"), backend.ModelOptions{})
	x := m.Input.Pattern()
	var names []string
	var want []float64
	for _, layer := range m.Layers() {
		a, err := m.Activations(t.Context(), layer.Name, []infer.Tensor{x})
		if err != nil {
			t.Fatal(err)
		}
		total := 0.0
		for _, v := range a[0].Data {
			total += float64(v)
		}
		names, want = append(names, layer.Name), append(want, total/float64(len(a[0].Data)))
	}
	got, err := m.Means(t.Context(), names, x)
	if err != nil || len(got) == 0 {
		t.Fatal(got, err)
	}
	for i := range got {
		if d := got[i] - want[i]; d > 1e-5 || d < -1e-5 {
			t.Errorf("%s: %g, want %g", names[i], got[i], want[i])
		}
	}
}

// TestRowsCountEveryWeightAndMultiplication of a network worked out by hand.
func TestRowsCountEveryWeightAndMultiplication(t *testing.T) {
	m := open(t, orttest.Runtime(t), filepath.Join(fixtures.Path(t, "public"), "shapes_trained", "model.onnx"), backend.ModelOptions{})
	o, err := m.Outline(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var weights int64
	for _, r := range o.Rows {
		weights += r.Parameters
	}
	// 3·12·9+12, 12·20·9+20, 20·32·9+32, 32·32·9+32, 32·4+4: with the biases that
	// take in the batch normalisations.
	if want := int64(336 + 2180 + 5792 + 9248 + 132); weights != want {
		t.Errorf("%d weights, want %d", weights, want)
	}
	first := o.Rows[0]
	if first.MultiplyAdds != 48*48*12*3*9 || !slices.Equal(first.Operators, []string{"Conv 3×3", "Relu"}) || first.Axes != "N,C,h,w" {
		t.Errorf("the first row is %+v", first)
	}
}

package visualizers_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/visualizers"
)

// TestClassPicturesAreOfTheirClass: what is drawn for a class is that class to
// the network, also once it is a picture in raw colours that is prepared like any
// other.
func TestClassPicturesAreOfTheirClass(t *testing.T) {
	tests := []struct {
		path    string
		methods []string
	}{
		{filepath.Join(fixtures.Path(t, "public"), "shapes_trained", "model.onnx"), []string{"fourier", "simonyan"}},
		{"../assets/samples/digits/digits.onnx", []string{"fourier"}},
	}
	for _, tt := range tests {
		m := openModel(t, tt.path)
		x := m.Input.Pattern()
		in := answered(t, m, x)
		for class := range m.Classes() {
			in.Targets = append(in.Targets, score.ClassTarget(class, score.Logit))
		}
		for _, method := range tt.methods {
			t.Run(filepath.Base(filepath.Dir(tt.path))+"/"+method, func(t *testing.T) {
				r := explained(t, "class-model", in, "method="+method, "steps=48", "views=2")
				if len(r.Maps) != 0 || len(r.Parts) != 2*len(in.Targets) {
					t.Fatalf("%d maps and %d parts for %d classes", len(r.Maps), len(r.Parts), len(in.Targets))
				}
				for class := range in.Targets {
					p := r.Parts[2*class].Picture
					if p.Range != [2]float32{0, 255} || slices.Min(p.Values) < -0.01 || slices.Max(p.Values) > 255.01 {
						t.Fatalf("class %d: values from %g to %g, drawn from %v", class, slices.Min(p.Values), slices.Max(p.Values), p.Range)
					}
					if got := asked(t, m, p).Probabilities[class]; got < 0.99 {
						t.Errorf("class %d: its picture has P = %g", class, got)
					}
				}
			})
		}
	}
}

// asked is a model's answer for a picture that a method made.
func asked(t *testing.T, s visualizers.Subject, p *visualizers.Picture) score.Scores {
	t.Helper()
	n := p.Height * p.Width
	pixels := make([]float32, len(p.Values))
	for i, v := range p.Values {
		pixels[i%n*p.Channels+i/n] = v
	}
	x, err := s.Prepare(picture.NewFloat("drawn", p.Width, p.Height, p.Channels, pixels))
	if err != nil {
		t.Fatal(err)
	}
	return answered(t, s, x).Base
}

// TestUnitPicturesDriveTheirUnit more than a picture of noise does.
func TestUnitPicturesDriveTheirUnit(t *testing.T) {
	m := openModel(t, filepath.Join(fixtures.Path(t, "public"), "shapes_trained", "model.onnx"))
	in := answered(t, m, m.Input.Pattern())
	in.Targets = []score.Target{score.ClassTarget(0, score.Logit)}
	layer := m.Layers()[len(m.Layers())-2]
	for _, u := range []visualizers.Unit{{Layer: layer.Name, Channel: 2}, {Layer: layer.Name, Channel: 5, Cell: &[2]int{layer.Height / 2, layer.Width / 2}}} {
		settings := []string{"layer=" + u.Layer, fmt.Sprintf("channel=%d", u.Channel), "steps=48", "views=2"}
		if u.Cell != nil {
			settings = append(settings, fmt.Sprintf("row=%d", u.Cell[0]), fmt.Sprintf("column=%d", u.Cell[1]))
		}
		r := explained(t, "unit-model", in, settings...)
		p := r.Parts[0].Picture
		drawn := infer.NewTensor(p.Channels, p.Height, p.Width)
		for i, v := range p.Values {
			drawn.Data[i] = v / 255 // as the fixture is prepared
		}
		a, err := m.Activations(t.Context(), u.Layer, []infer.Tensor{drawn, in.Tensor})
		if err != nil {
			t.Fatal(err)
		}
		if got, before := u.Value(a[0]), u.Value(a[1]); !(got > 2*before && got > 0.1) {
			t.Errorf("%v: activity %g in its picture, %g in a pattern", u, got, before)
		}
	}
}

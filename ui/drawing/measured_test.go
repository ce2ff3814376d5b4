package drawing

import (
	"image"
	"math"
	"slices"
	"testing"

	"picasso/backend/picture/measure"
)

func TestMeasuredInWords(t *testing.T) {
	nan := math.NaN()
	mm, px := measure.Scale{X: 2, Y: 2, Known: true}, measure.Scale{X: 1, Y: 1}
	detector := mm
	detector.Detector = true
	for _, c := range []struct {
		r    measure.Reading
		want []string
	}{
		{measure.Reading{Kind: measure.Length, Scale: mm, Length: 7.211}, []string{"7.21 mm"}},
		{measure.Reading{Kind: measure.Length, Scale: detector, Length: 7.211}, []string{"7.21 mm at the detector"}},
		{measure.Reading{Kind: measure.Length, Scale: px, Length: 8.544}, []string{"8.54 px"}},
		{measure.Reading{Kind: measure.Angle, Scale: px, Angle: 44.96}, []string{"45.0°"}},
		{measure.Reading{Kind: measure.Ellipse, Scale: px, Area: 12.566}, []string{"area 12.6 px²"}}, // not counted yet
		{measure.Reading{Kind: measure.Rectangle, Scale: mm, Area: 24, Unit: "HU", Values: []measure.Values{{N: 4, Mean: 152.2, SD: 50.002}}},
			[]string{"mean 152 HU", "SD 50.0 HU", "area 24.0 mm²"}},
		{measure.Reading{Kind: measure.Rectangle, Scale: px, Area: 2, Values: []measure.Values{{N: 2, Mean: 2, SD: 1}, {N: 2, Mean: 20, SD: 10}}},
			[]string{"mean 2.00 · 20.0", "SD 1.00 · 10.0", "area 2.00 px²"}},
		{measure.Reading{Kind: measure.Rectangle, Scale: px, Area: 2, Values: []measure.Values{{Mean: nan, SD: nan}}}, []string{"no pixel inside", "area 2.00 px²"}},
	} {
		if got := Measured(c.r); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %q, want %q", c.r, got, c.want)
		}
	}
}

// A picture with measurements is large enough for their words, keeps its shape,
// and shows them.
func TestWithMeasuresDrawsOverEnlargedPictures(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 32, 16))
	for i := range m.Pix {
		m.Pix[i] = 255
		if i%4 != 3 {
			m.Pix[i] = 40
		}
	}
	line := MeasurementOf(measure.Shape{Kind: measure.Length, Points: [][2]float64{{4, 8}, {28, 8}}}, measure.Reading{Kind: measure.Length, Length: 24})
	out, err := WithMeasures(m, 2, []Measurement{line})
	if err != nil {
		t.Fatal(err)
	}
	if size := out.Rect.Size(); size.X != 640 || size.Y != 640 {
		t.Fatalf("%v", size)
	}
	if c := out.RGBAAt(320, 320); c.R < 150 {
		t.Errorf("the line is %v", c)
	}
	if c := out.RGBAAt(320, 100); c.R != 40 {
		t.Errorf("beside it %v", c)
	}
	if line.Kind != "length" || !slices.Equal(line.Lines, []string{"24.0 px"}) {
		t.Errorf("%+v", line)
	}
}

package render

import (
	"image"
	"image/color"
	"math"
	"slices"
	"testing"
)

var grey = color.RGBA{90, 90, 90, 255}

func plain(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		m.SetRGBA(i%w, i/w, grey)
	}
	return m
}

func full(signed bool) Style { return Style{Opacity: 1, Signed: signed, Cells: true} }

func TestOpacityLaws(t *testing.T) {
	base, f := plain(8, 8), Field{2, 2, []float32{-1, 0, 0.5, 1}}
	before := slices.Clone(base.Pix)
	if got := Overlay(base, f, Whole(8, 8), Style{Signed: true}); !slices.Equal(got.Pix, before) {
		t.Error("opacity 0 changed the picture")
	}
	got := Overlay(base, f, Whole(8, 8), full(true))
	m, _ := Colors(Names(true)[0])
	for i, v := range f.Values {
		x, y := 4*(i%2)+1, 4*(i/2)+1
		if want := m.At(Range{-1, 1}.Position(float64(v))); got.RGBAAt(x, y) != want {
			t.Errorf("opacity 1 shows %v for %v, want %v", got.RGBAAt(x, y), v, want)
		}
	}
	half := Overlay(base, f, Whole(8, 8), Style{Opacity: 0.5, Signed: true, Cells: true})
	for c := range 3 {
		want := (int(base.Pix[c]) + int(got.Pix[c])) / 2
		if d := int(half.Pix[c]) - want; d < -2 || d > 2 {
			t.Errorf("opacity 0.5, channel %d: %d, want about %d", c, half.Pix[c], want)
		}
	}
	if !slices.Equal(base.Pix, before) {
		t.Error("the picture itself was changed")
	}
}

func TestHeatOverAPictureIsTheOverlay(t *testing.T) {
	base, f := plain(31, 17), benchField(5, 4)
	s := Style{Opacity: 0.6, Signed: true, Alpha: ByMagnitude}
	at := Rect{3.5, -2, 40, 15}
	heat, want := Heat(31, 17, f, at, s), Overlay(base, f, at, s)
	for i := 0; i < len(want.Pix); i += 4 {
		p := slices.Clone(base.Pix[i : i+4])
		over(p, color.RGBA{heat.Pix[i], heat.Pix[i+1], heat.Pix[i+2], heat.Pix[i+3]})
		if !slices.Equal(p, want.Pix[i:i+4]) {
			t.Fatalf("pixel %d: %v, want %v", i/4, p, want.Pix[i:i+4])
		}
	}
}

func TestUnknownIsTransparentAndDoesNotBleed(t *testing.T) {
	f := Field{4, 1, []float32{1, nan, 1, 1}}
	for _, cells := range []bool{true, false} {
		got := Heat(16, 4, f, Whole(16, 4), Style{Opacity: 1, Range: &Range{0, 1}, Cells: cells})
		one, _ := Colors(Names(false)[0])
		for x := range 16 {
			want := one.At(1)
			if x/4 == 1 {
				want = color.RGBA{}
			}
			if got.RGBAAt(x, 2) != want {
				t.Errorf("cells %v, column %d: %v, want %v", cells, x, got.RGBAAt(x, 2), want)
			}
		}
	}
}

func TestEdgesOfValues(t *testing.T) {
	diverging, _ := Colors(Names(true)[0])
	sequential, _ := Colors(Names(false)[0])
	for _, c := range []struct {
		name  string
		v     []float32
		style Style
		want  []color.RGBA
	}{
		{"signed zero is the middle", []float32{0, 7, float32(math.Copysign(0, -1))}, full(true),
			[]color.RGBA{diverging.At(0.5), diverging.At(1), diverging.At(0.5)}},
		{"all zero, signed", []float32{0, 0}, full(true), []color.RGBA{diverging.At(0.5), diverging.At(0.5)}},
		{"flat", []float32{3, 3}, full(false), []color.RGBA{sequential.At(0.5), sequential.At(0.5)}},
		{"one pixel", []float32{3}, full(false), []color.RGBA{sequential.At(0.5)}},
		{"infinite", []float32{-inf, 0, inf, 1}, full(false),
			[]color.RGBA{sequential.At(0), sequential.At(0), sequential.At(1), sequential.At(1)}},
		{"all unknown", []float32{nan, nan}, full(true), []color.RGBA{{}, {}}},
		{"large offset", []float32{1e7, 1e7 + 1, 1e7 + 2}, full(false),
			[]color.RGBA{sequential.At(0), sequential.At(0.5), sequential.At(1)}},
		{"huge ratio", []float32{-math.MaxFloat32, math.SmallestNonzeroFloat32, math.MaxFloat32}, full(true),
			[]color.RGBA{diverging.At(0), diverging.At(0.5), diverging.At(1)}},
		{"tiny", []float32{0, math.SmallestNonzeroFloat32}, full(false),
			[]color.RGBA{sequential.At(0), sequential.At(1)}},
	} {
		got := Heat(len(c.v), 1, line(c.v...), Whole(len(c.v), 1), c.style)
		for x, want := range c.want {
			if got.RGBAAt(x, 0) != want {
				t.Errorf("%s: value %d is %v, want %v", c.name, x, got.RGBAAt(x, 0), want)
			}
		}
	}
}

func TestThresholdAndSignSelectValues(t *testing.T) {
	values := []float32{-1, -0.5, -0.1, 0, 0.1, 0.5, 1}
	for _, c := range []struct {
		name  string
		style Style
		want  []bool // drawn?
	}{
		{"all", Style{}, []bool{true, true, true, true, true, true, true}},
		{"threshold", Style{Threshold: 0.4}, []bool{true, true, false, false, false, true, true}},
		{"at the threshold", Style{Threshold: 0.5}, []bool{true, true, false, false, false, true, true}},
		{"positive", Style{Sign: Positive}, []bool{false, false, false, false, true, true, true}},
		{"negative", Style{Sign: Negative}, []bool{true, true, true, false, false, false, false}},
		{"negative with threshold", Style{Sign: Negative, Threshold: 0.3}, []bool{true, true, false, false, false, false, false}},
		{"magnitude with threshold", Style{Sign: Absolute, Threshold: 0.3}, []bool{true, true, false, false, false, true, true}},
		{"all the way", Style{Threshold: 1}, []bool{true, false, false, false, false, false, true}},
	} {
		s := c.style
		s.Opacity, s.Signed, s.Cells = 1, true, true
		got := Heat(7, 1, line(values...), Whole(7, 1), s)
		for x, want := range c.want {
			if drawn := got.RGBAAt(x, 0).A != 0; drawn != want {
				t.Errorf("%s: %v drawn %v, want %v", c.name, values[x], drawn, want)
			}
		}
	}
	abs := Heat(7, 1, line(values...), Whole(7, 1), Style{Opacity: 1, Signed: true, Sign: Absolute, Cells: true})
	for x := range 3 {
		if abs.RGBAAt(x, 0) != abs.RGBAAt(6-x, 0) {
			t.Errorf("magnitudes of %v and %v differ in colour", values[x], values[6-x])
		}
	}
}

func TestOpacityByMagnitudeGrows(t *testing.T) {
	got := Heat(5, 1, line(-1, -0.5, 0, 0.5, 1), Whole(5, 1),
		Style{Opacity: 0.8, Signed: true, Cells: true, Alpha: ByMagnitude})
	for x, want := range []float64{0.8, 0.4, 0, 0.4, 0.8} {
		if a := float64(got.RGBAAt(x, 0).A) / 255; math.Abs(a-want) > 0.01 {
			t.Errorf("value %d has opacity %.2f, want %.2f", x, a, want)
		}
	}
}

func TestPlaceOnThePicture(t *testing.T) {
	f := Field{2, 1, []float32{0, 1}}
	for _, c := range []struct {
		name string
		at   Rect
		want image.Rectangle // what is drawn
	}{
		{"inside", Rect{2, 3, 6, 5}, image.Rect(2, 3, 6, 5)},
		{"fractions: centres count", Rect{1.6, 0.4, 4.5, 3.6}, image.Rect(2, 0, 4, 4)},
		{"over the edge", Rect{-4, -4, 3, 2}, image.Rect(0, 0, 3, 2)},
		{"far away", Rect{20, 20, 30, 30}, image.Rectangle{}},
		{"inside out", Rect{5, 5, 1, 1}, image.Rectangle{}},
		{"no number", Rect{math.NaN(), 0, 5, 5}, image.Rectangle{}},
		{"infinite", Rect{0, 0, math.Inf(1), 5}, image.Rectangle{}},
		{"immense", Rect{-1e18, -1e18, 1e18, 1e18}, image.Rect(0, 0, 8, 8)},
		{"between two pixels", Rect{2.6, 2.6, 3.4, 3.4}, image.Rectangle{}},
	} {
		got := Heat(8, 8, f, c.at, full(false))
		for i := range 64 {
			p := image.Pt(i%8, i/8)
			if drawn := got.RGBAAt(p.X, p.Y).A != 0; drawn != p.In(c.want) {
				t.Errorf("%s: %v drawn %v", c.name, p, drawn)
				break
			}
		}
	}
}

func TestInterpolationRunsBetweenCellCentres(t *testing.T) {
	f := Field{2, 1, []float32{0, 1}}
	m, _ := Colors("grey")
	s := Style{Opacity: 1, Colors: "grey"}
	got := Heat(8, 1, f, Whole(8, 1), s)
	for x, want := range []float64{0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1} {
		if d := int(got.RGBAAt(x, 0).R) - int(m.At(want).R); d < -1 || d > 1 {
			t.Errorf("pixel %d is %v, want %v", x, got.RGBAAt(x, 0), m.At(want))
		}
	}
	s.Cells = true
	got = Heat(8, 1, f, Whole(8, 1), s)
	if got.RGBAAt(3, 0) != m.At(0) || got.RGBAAt(4, 0) != m.At(1) {
		t.Error("cells are not separate")
	}
}

func TestOverlayOfAPartOfAPicture(t *testing.T) {
	part := plain(10, 10).SubImage(image.Rect(3, 4, 9, 8)).(*image.RGBA)
	got := Overlay(part, Field{1, 1, []float32{1}}, Whole(6, 4), full(false))
	m, _ := Colors(Names(false)[0])
	if got.Rect != image.Rect(0, 0, 6, 4) || got.RGBAAt(5, 3) != m.At(0.5) {
		t.Errorf("bounds %v, corner %v", got.Rect, got.RGBAAt(5, 3))
	}
}

func FuzzOverlay(f *testing.F) {
	f.Add(0.5, 0.1, 0.0, 1.0, -3.0, 20.0, float32(1), float32(-2), 0, true)
	f.Add(math.NaN(), math.Inf(1), 1e300, -1e300, math.NaN(), 1e-300, nan, inf, 3, false)
	f.Fuzz(func(t *testing.T, opacity, threshold, lo, hi, x0, x1 float64, a, b float32, sign int, cells bool) {
		s := Style{Opacity: opacity, Threshold: threshold, Range: &Range{lo, hi}, Robust: threshold,
			Sign: Sign(sign % 4), Alpha: Alpha(sign % 2), Signed: sign%3 == 0, Cells: cells}
		field := Field{2, 2, []float32{a, b, b, a}}
		got := Overlay(plain(9, 7), field, Rect{x0, 0, x1, 7}, s)
		for i := 3; i < len(got.Pix); i += 4 {
			if got.Pix[i] != 255 {
				t.Fatalf("pixel %d of an opaque picture became transparent", i/4)
			}
		}
		s.Range = nil
		Heat(9, 7, field, Rect{0, x0, 9, x1}, s)
		Ticks(Range{lo, hi}, sign)
	})
}

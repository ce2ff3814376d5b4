package render

import (
	"image/color"
	"math"
	"testing"

	"github.com/lucasb-eyer/go-colorful"
)

// lab is a colour in CIELAB with L* in 0…100.
func lab(c color.RGBA) (l, a, b float64) {
	l, a, b = colorful.Color{R: float64(c.R) / 255, G: float64(c.G) / 255, B: float64(c.B) / 255}.Lab()
	return 100 * l, 100 * a, 100 * b
}

func distance(c, d color.RGBA) float64 {
	l1, a1, b1 := lab(c)
	l2, a2, b2 := lab(d)
	return math.Hypot(math.Hypot(l1-l2, a1-a2), b1-b2)
}

func everyMap(t *testing.T, signed bool, check func(t *testing.T, m ColorMap)) {
	t.Helper()
	for _, name := range Names(signed) {
		t.Run(name, func(t *testing.T) {
			m, ok := Colors(name)
			if !ok || m.Name != name || m.Signed != signed || m.Title == "" || m.About == "" {
				t.Fatalf("map %q is incomplete: %+v", name, m)
			}
			check(t, m)
		})
	}
}

func TestThereAreEnoughColorMaps(t *testing.T) {
	if n := len(Names(true)); n < 2 {
		t.Errorf("%d diverging maps, want at least 2", n)
	}
	if n := len(Names(false)); n < 4 {
		t.Errorf("%d sequential maps, want at least 4", n)
	}
	if _, ok := Colors("no such map"); ok {
		t.Error("an unknown name gave a map")
	}
}

func TestPalettesStayInsideSRGB(t *testing.T) {
	for _, p := range palettes() {
		at := p.curve()
		for i := range 501 {
			c := at(float64(i) / 500)
			if out := max(-min(c.R, c.G, c.B), max(c.R, c.G, c.B)-1); out > 0.004 {
				t.Errorf("%s leaves sRGB by %.3f at %.3f", p.Name, out, float64(i)/500)
				break
			}
		}
	}
}

// Equal steps of the value are equal steps of lightness and nearly equal
// steps of colour difference.
func TestSequentialMapsAreUniform(t *testing.T) {
	const steps = 32
	everyMap(t, false, func(t *testing.T, m ColorMap) {
		first, _, _ := lab(m.At(0))
		last, _, _ := lab(m.At(1))
		if math.Abs(last-first) < 60 {
			t.Errorf("lightness spans only %.0f", math.Abs(last-first))
		}
		mean := 0.0
		for i := range steps {
			mean += distance(m.At(float64(i)/steps), m.At(float64(i+1)/steps)) / steps
		}
		for i := range steps + 1 {
			at := float64(i) / steps
			if l, _, _ := lab(m.At(at)); math.Abs(l-(first+at*(last-first))) > 1 {
				t.Errorf("at %.2f L* is %.1f, want %.1f", at, l, first+at*(last-first))
			}
			if i == 0 {
				continue
			}
			step := distance(m.At(at-1.0/steps), m.At(at))
			if step < 0.75*mean || step > 1.25*mean {
				t.Errorf("step to %.2f differs by %.2f, the mean is %.2f", at, step, mean)
			}
		}
	})
}

func TestDivergingMapsHaveANeutralMiddleAndBalancedEnds(t *testing.T) {
	everyMap(t, true, func(t *testing.T, m ColorMap) {
		middle, a, b := lab(m.At(0.5))
		if math.Hypot(a, b) > 2 {
			t.Errorf("the middle has colour: a %.1f, b %.1f", a, b)
		}
		low, _, _ := lab(m.At(0))
		high, _, _ := lab(m.At(1))
		if math.Abs(low-high) > 2 {
			t.Errorf("the ends differ in lightness: %.1f and %.1f", low, high)
		}
		if math.Abs(middle-low) < 50 {
			t.Errorf("lightness spans only %.0f", math.Abs(middle-low))
		}
		for side := range 2 {
			before := middle
			for i := 1; i <= 64; i++ {
				at := 0.5 + float64(i)/128*float64(2*side-1)
				l, _, _ := lab(m.At(at))
				if (l-before)*(low-middle) < -0.3*math.Abs(low-middle) {
					t.Errorf("lightness turns back at %.3f", at)
				}
				before = l
			}
		}
	})
}

// The two signs must stay apart for readers without red or green cones
// (Machado, Oliveira, Fernandes 2009, full deficiency, linear RGB).
func TestDivergingMapsAreSafeForColourBlindReaders(t *testing.T) {
	deficiencies := map[string][9]float64{
		"protanopia": {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
		"deuteranopia": {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413,
			-0.011820, 0.042940, 0.968881},
	}
	everyMap(t, true, func(t *testing.T, m ColorMap) {
		for name, d := range deficiencies {
			see := func(at float64) color.RGBA {
				c := m.At(at)
				r, g, b := colorful.Color{R: float64(c.R) / 255, G: float64(c.G) / 255, B: float64(c.B) / 255}.LinearRgb()
				x, y, z := colorful.LinearRgb(d[0]*r+d[1]*g+d[2]*b, d[3]*r+d[4]*g+d[5]*b, d[6]*r+d[7]*g+d[8]*b).Clamped().RGB255()
				return color.RGBA{x, y, z, 255}
			}
			if apart := distance(see(0), see(1)); apart < 30 {
				t.Errorf("%s: the ends differ by %.0f only", name, apart)
			}
			if apart := distance(see(0.25), see(0.75)); apart < 15 {
				t.Errorf("%s: half values differ by %.0f only", name, apart)
			}
		}
	})
}

func TestColorMapClampsAndKnowsNaN(t *testing.T) {
	m, _ := Colors(Names(true)[0])
	if m.At(-3) != m.At(0) || m.At(math.Inf(1)) != m.At(1) {
		t.Error("positions beyond the ends are not clamped")
	}
	if m.At(math.NaN()) != (color.RGBA{}) || (ColorMap{}).At(0.5) != (color.RGBA{}) {
		t.Error("NaN, or a map without colours, is not transparent")
	}
}

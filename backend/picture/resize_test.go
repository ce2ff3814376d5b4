package picture

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// pattern is the picture of testdata/pil.py.
func pattern(w, h, channels int) *Image {
	m := blank("pattern", w, h, channels)
	m.px.u8 = make([]uint8, w*h*channels)
	for i := range m.px.u8 {
		m.px.u8[i] = uint8((uint32(i)*uint32(i)*31 + uint32(i)*7) % 257 % 256)
	}
	return m
}

// wide is m with another storage.
func wide(m *Image, kind string) *Image {
	out := m.like(m.Width, m.Height, m.Channels)
	switch kind {
	case "uint16":
		for _, v := range m.px.u8 {
			out.px.u16 = append(out.px.u16, uint16(v)*257)
		}
	case "float32":
		for _, v := range m.px.u8 {
			out.px.f32 = append(out.px.f32, float32(v))
		}
	default:
		return m
	}
	return out
}

func TestResizeAgreesWithPIL(t *testing.T) {
	data, err := os.ReadFile("testdata/pil.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Width, Height, Channels int
		Filter                  Filter
		Size                    [2]int
		Pixels                  string
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		for kind, allowed := range map[string]float64{"uint8": 0, "uint16": 1.5, "float32": 1.5} {
			t.Run(fmt.Sprintf("%dx%dx%d to %v %s %s", c.Width, c.Height, c.Channels, c.Size, c.Filter, kind), func(t *testing.T) {
				m := wide(pattern(c.Width, c.Height, c.Channels), kind)
				var got *Image
				if c.Filter == "grey" {
					got = m.Grey()
				} else {
					got = m.Resize(c.Size[0], c.Size[1], c.Filter, true)
				}
				want, err := hex.DecodeString(c.Pixels)
				if err != nil {
					t.Fatal(err)
				}
				have := got.floats()
				if len(have) != len(want) {
					t.Fatalf("%d values, want %d", len(have), len(want))
				}
				for i := range want {
					v := math.Min(math.Max(float64(have[i]), 0), 255) // only 8-bit pixels are cut off
					// Without rounding between the passes an overshoot is not cut
					// off there either, so deep images may differ where it was.
					if d := math.Abs(v - float64(want[i])); d > allowed && (kind == "uint8" || c.Filter != Bicubic && c.Filter != Lanczos) {
						t.Fatalf("value %d is %v, want %d", i, have[i], want[i])
					}
				}
			})
		}
	}
}

func TestResizeWithoutAntialiasReadsNeighboursOnly(t *testing.T) {
	m := blank("steps", 8, 1, 1)
	m.px.u8 = []uint8{0, 100, 200, 200, 0, 0, 40, 80}
	got := m.Resize(2, 1, Bilinear, false)
	// Centres of the two target pixels lie at 2 and 6, between two source pixels.
	if a, b := got.At(0, 0, 0), got.At(1, 0, 0); a != 150 || b != 20 {
		t.Errorf("got %v and %v, want 150 and 20", a, b)
	}
}

func TestWindowPadsAndCuts(t *testing.T) {
	m := pattern(4, 3, 1)
	for _, kind := range []string{"uint8", "uint16", "float32"} {
		for _, pad := range []float32{114, 0.5} {
			w := wide(m, kind).Window(-1, 1, 6, 4, pad)
			for y := range 4 {
				for x := range 6 {
					want := pad
					if sx, sy := x-1, y+1; sx >= 0 && sx < 4 && sy < 3 {
						want = m.At(sx, sy, 0)
					}
					if got := w.At(x, y, 0); got != want {
						t.Errorf("%s: (%d,%d) is %v, want %v", kind, x, y, got, want)
					}
				}
			}
		}
	}
}

func TestTurnUndoesEveryOrientation(t *testing.T) {
	// Where the upper left and upper right corner of the upright picture lie
	// in the stored one, by the EXIF standard.
	corners := map[int][2][2]int{
		1: {{0, 0}, {3, 0}}, 2: {{3, 0}, {0, 0}}, 3: {{3, 2}, {0, 2}}, 4: {{0, 2}, {3, 2}},
		5: {{0, 0}, {0, 2}}, 6: {{0, 2}, {0, 0}}, 7: {{3, 2}, {3, 0}}, 8: {{3, 0}, {3, 2}},
	}
	m := pattern(4, 3, 3)
	for orientation, c := range corners {
		for _, kind := range []string{"uint8", "uint16", "float32"} {
			got := wide(m, kind).turn(orientation)
			for i, x := range []int{0, got.Width - 1} {
				if want := m.At(c[i][0], c[i][1], 2); got.At(x, 0, 2) != want {
					t.Errorf("orientation %d, %s: corner %d is %v, want %v", orientation, kind, i, got.At(x, 0, 2), want)
				}
			}
		}
	}
}

// A window of a resized picture is the same whether all of that is computed or no more than
// is seen.
func TestResizeWindowIsAWindow(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 9))
	for range 300 {
		m := blank("m", 1+r.IntN(40), 1+r.IntN(40), 1+2*r.IntN(2))
		m.px.u8 = make([]uint8, m.Width*m.Height*m.Channels)
		for i := range m.px.u8 {
			m.px.u8[i] = uint8(r.Uint32())
		}
		w, h := 1+r.IntN(40), 1+r.IntN(40)
		if r.IntN(3) == 0 {
			w = m.Width
		}
		if r.IntN(3) == 0 {
			h = m.Height
		}
		x, y, width, height := r.IntN(50)-15, r.IntN(50)-15, 1+r.IntN(40), 1+r.IntN(40)
		f, antialias := Filters()[r.IntN(len(Filters()))], r.IntN(2) == 0
		want := m.Resize(w, h, f, antialias).Window(x, y, width, height, 7)
		got := m.ResizeWindow(w, h, f, antialias, x, y, width, height, 7)
		if got.Width != width || got.Height != height || !slices.Equal(got.px.u8, want.px.u8) {
			t.Fatalf("%d×%d to %d×%d by %s, %d×%d at %d,%d: differs", m.Width, m.Height, w, h, f, width, height, x, y)
		}
	}
}

// Memory that was given back is that of the next image of its size, and of no other.
func TestMemoryIsGivenBackOnce(t *testing.T) {
	m := blank("m", 1, 1, 1)
	m.px.u8 = make([]uint8, 100)
	m.GiveBack()
	m.GiveBack()
	a, b := lent(100), lent(100)
	if &a[0] == &b[0] || len(a) != 100 || len(lent(101)) != 101 || len(lent(1)) != 1 {
		t.Errorf("%d and %d values are lent, perhaps the same", len(a), len(b))
	}
}

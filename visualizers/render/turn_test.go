package render

import (
	"image"
	"image/color"
	"testing"
)

// turns are all eight ways to lay a picture.
func turns() []Turn {
	var out []Turn
	for q := range 4 {
		out = append(out, Turn{false, q}, Turn{true, q})
	}
	return out
}

func TestTurnsGoThereAndBack(t *testing.T) {
	const w, h = 5.0, 3.0
	for _, turn := range turns() {
		for _, p := range [][2]float64{{0, 0}, {5, 3}, {1.5, 2.25}} {
			x, y := turn.Shown(p[0], p[1], w, h)
			sw, sh := turn.Size(5, 3)
			if x < 0 || y < 0 || x > float64(sw) || y > float64(sh) {
				t.Errorf("%+v shows %v outside, at %v, %v", turn, p, x, y)
			}
			if bx, by := turn.Source(x, y, w, h); bx != p[0] || by != p[1] {
				t.Errorf("%+v: %v comes back as %v, %v", turn, p, bx, by)
			}
		}
	}
}

func TestTurnedPixelsByHand(t *testing.T) {
	m := numbered(2, 1) // a, b
	a, b := m.RGBAAt(0, 0), m.RGBAAt(1, 0)
	for _, c := range []struct {
		name     string
		turn     Turn
		size     image.Point
		atOrigin any
	}{
		{"as it is", Turn{}, image.Pt(2, 1), a},
		{"mirrored", Turn{}.FlippedAcross(), image.Pt(2, 1), b},
		{"upside down", Turn{}.FlippedDown(), image.Pt(2, 1), a},
		{"a quarter", Turn{}.Turned(), image.Pt(1, 2), a},
		{"half", Turn{}.Turned().Turned(), image.Pt(2, 1), b},
		{"three quarters", Turn{}.Turned().Turned().Turned(), image.Pt(1, 2), b},
	} {
		out := c.turn.Apply(m)
		if out.Rect.Size() != c.size || any(out.RGBAAt(0, 0)) != c.atOrigin {
			t.Errorf("%s: %v with %v first", c.name, out.Rect.Size(), out.RGBAAt(0, 0))
		}
	}
}

// TestFlipsAreOfWhatIsSeen: flipping twice changes nothing, and a flip after a
// quarter turn is still left to right on the screen.
func TestFlipsAreOfWhatIsSeen(t *testing.T) {
	m := numbered(4, 3)
	for _, turn := range turns() {
		if turn.FlippedAcross().FlippedAcross() != turn || turn.FlippedDown().FlippedDown() != turn || turn.Turned().Turned().Turned().Turned() != turn {
			t.Errorf("%+v does not come back", turn)
		}
		before := turn.Apply(m)
		across, down := turn.FlippedAcross().Apply(m), turn.FlippedDown().Apply(m)
		w, h := before.Rect.Dx(), before.Rect.Dy()
		for y := range h {
			for x := range w {
				if across.RGBAAt(w-1-x, y) != before.RGBAAt(x, y) || down.RGBAAt(x, h-1-y) != before.RGBAAt(x, y) {
					t.Fatalf("%+v: pixel %d, %d is elsewhere", turn, x, y)
				}
			}
		}
	}
}

func TestLettersTurnWithThePicture(t *testing.T) {
	seen := [4]string{"R", "L", "A", "P"}
	for _, c := range []struct {
		turn Turn
		want [4]string
	}{
		{Turn{}, seen},
		{Turn{}.FlippedAcross(), [4]string{"L", "R", "A", "P"}},
		{Turn{}.FlippedDown(), [4]string{"R", "L", "P", "A"}},
		{Turn{}.Turned(), [4]string{"P", "A", "R", "L"}}, // what was below is left now
	} {
		if got := c.turn.Letters(seen); got != c.want {
			t.Errorf("%+v: %v, want %v", c.turn, got, c.want)
		}
	}
}

// numbered is a picture whose pixels tell where they lie.
func numbered(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		m.SetRGBA(i%w, i/w, color.RGBA{uint8(i % w), uint8(i / w), 7, 255})
	}
	return m
}

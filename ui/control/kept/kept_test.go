package kept

import (
	"image"
	"image/color"
	"math"
	"testing"

	"picasso/visualizers"
)

func TestCacheIsBoundedInBytes(t *testing.T) {
	c := NewCache[int](100, func(s string) int { return len(s) })
	for i := range 10 {
		c.Put(i, "thirty bytes, thirty bytes.....")
		c.Get(0)
	}
	if c.Bytes() > 100 || !c.Has(0) || !c.Has(9) || c.Has(1) || c.Has(8) && c.Has(7) {
		t.Errorf("%d bytes; the one used all the time is there: %v", c.Bytes(), c.Has(0))
	}
	c.Put(9, "x")
	if v, ok := c.Get(9); !ok || v != "x" || c.Bytes() >= 100 {
		t.Errorf("replaced by %q, %d bytes", v, c.Bytes())
	}
	c.Put(77, string(make([]byte, 101)))
	if c.Has(77) || !c.Has(9) {
		t.Error("what is larger than the bound drives the others out")
	}
	c.Remove(9)
	c.Clear()
	if c.Bytes() != 0 || c.Has(0) {
		t.Errorf("%d bytes after Clear", c.Bytes())
	}
}

// A photo is small in memory and still itself; a pattern of few pixels is kept
// to the last one.
func TestPicturesAreSmall(t *testing.T) {
	photo := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			photo.SetRGBA(x, y, color.RGBA{uint8(x * 255 / 640), uint8(y * 255 / 480), uint8(128 + 100*math.Sin(float64(x*y)/9000)), 255})
		}
	}
	small := Shrink(photo)
	m := small.Open()
	if small.Bytes() > 12<<10 || m.Rect.Size() != image.Pt(160, 120) {
		t.Errorf("%d bytes, %v", small.Bytes(), m.Rect)
	}
	if at, want := m.RGBAAt(80, 60), photo.RGBAAt(322, 242); math.Abs(float64(at.R)-float64(want.R)) > 6 || math.Abs(float64(at.G)-float64(want.G)) > 6 {
		t.Errorf("the middle is %v, was %v", at, want)
	}
	pattern := image.NewRGBA(image.Rect(0, 0, 9, 7))
	for i := range pattern.Pix {
		pattern.Pix[i] = uint8(i * 37)
	}
	for i, v := range Shrink(pattern).Open().Pix {
		if v != pattern.Pix[i] {
			t.Fatalf("pixel byte %d is %d, was %d", i, v, pattern.Pix[i])
		}
	}
}

// Peaks, signs, zero and gaps survive.
func TestMapsAreSmallAndKeepTheirExtremes(t *testing.T) {
	m := visualizers.Map{Channels: 3, Width: 224, Height: 112, Signed: true, Unit: "drop", Values: make([]float32, 3*224*112)}
	m.Values[0], m.Values[50] = 3, -0.75 // the peak, and the smallest
	m.Values[2*224*112+111*224+223] = float32(math.NaN())
	for c := range 3 {
		for x := 100; x < 110; x++ {
			for y := range 112 {
				m.Values[(c*112+y)*224+x] = float32(math.NaN())
			}
		}
	}
	small := ShrinkMap(m)
	got := small.Open()
	if got.Width != MapSide || got.Height != MapSide/2 || got.Channels != 1 || got.Unit != "drop" || small.Bytes() > 4<<10 {
		t.Fatalf("%d×%d×%d, %q, %d bytes", got.Channels, got.Width, got.Height, got.Unit, small.Bytes())
	}
	lo, hi, zeros, gaps := 0.0, 0.0, 0, 0
	for _, v := range got.Values {
		switch x := float64(v); {
		case math.IsNaN(x):
			gaps++
		case x == 0:
			zeros++
		default:
			lo, hi = min(lo, x), max(hi, x)
		}
	}
	if math.Abs(hi-3) > 3.75/508 || math.Abs(lo+0.75) > 3.75/508 || gaps == 0 || zeros+gaps+2 != len(got.Values) {
		t.Errorf("from %v to %v, %d zeros and %d gaps of %d", lo, hi, zeros, gaps, len(got.Values))
	}
	flat := ShrinkMap(visualizers.Map{Channels: 1, Width: 1, Height: 2, Values: []float32{0.7, 0.7}}).Open()
	if flat.Values[0] != 0.7 || flat.Values[1] != 0.7 {
		t.Errorf("a flat map is %v", flat.Values)
	}
	if none := ShrinkMap(visualizers.Map{}).Open(); len(none.Values) != 0 {
		t.Errorf("an empty map has %d values", len(none.Values))
	}
}

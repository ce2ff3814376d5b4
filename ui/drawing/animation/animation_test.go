package animation

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"testing"
	"time"
)

func plain(w, h int, c color.RGBA) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		m.SetRGBA(i%w, i/w, c)
	}
	return m
}

func written(t *testing.T, frames []Frame, notice string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(t.Context(), &b, frames, notice); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A film has its frames in order, of one size, with their colours.
func TestAFilmIsItsFrames(t *testing.T) {
	red, blue := color.RGBA{200, 10, 20, 255}, color.RGBA{10, 30, 220, 255}
	frames := []Frame{
		{Picture: plain(40, 30, red), Words: []string{"tank 0.970"}},
		{Picture: plain(40, 30, blue), Words: []string{"tank 0.970 → 0.410, −0.560", "12.0 % covered"}, Hold: time.Second},
		{Picture: plain(960, 720, red)},
	}
	data := written(t, frames, "Not for diagnosis.")
	if again := written(t, frames, "Not for diagnosis."); !bytes.Equal(again, data) {
		t.Error("the same frames give other bytes")
	}
	film, err := gif.DecodeAll(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if len(film.Image) != 3 || film.Delay[0] != 40 || film.Delay[1] != 100 || film.Delay[2] != 200 {
		t.Fatalf("%d frames, held %v", len(film.Image), film.Delay)
	}
	for i, want := range []color.RGBA{red, blue, red} {
		m := film.Image[i]
		if m.Rect.Dx() != 480 || m.Rect.Dy() <= 360 || m.Rect != film.Image[0].Rect {
			t.Errorf("frame %d has %v", i, m.Rect)
		}
		if r, g, b, _ := m.At(240, 180).RGBA(); near(r, want.R) && near(g, want.G) && near(b, want.B) {
			continue
		}
		t.Errorf("frame %d is %v in its middle, not %v", i, m.At(240, 180), want)
	}
}

func near(a uint32, b uint8) bool { return int(a>>8)-int(b) <= 3 && int(b)-int(a>>8) <= 3 }

// A palette of few colours has them all, and no more.
func TestAPaletteOfFewColours(t *testing.T) {
	m := plain(64, 64, color.RGBA{1, 2, 3, 255})
	for i := range 100 {
		m.SetRGBA(i%64, i/64, color.RGBA{uint8(i), 200, 3, 255})
	}
	p := paletteOf([]*image.RGBA{m})
	if len(p) != 101 {
		t.Errorf("%d colours, not 101", len(p))
	}
	for i := range 100 {
		if want := m.RGBAAt(i%64, i/64); p[p.Index(want)] != color.Color(want) {
			t.Fatalf("%v is not in it", want)
		}
	}
}

func TestFilmsThatAreNone(t *testing.T) {
	var b bytes.Buffer
	if err := Write(t.Context(), &b, nil, ""); err == nil {
		t.Error("a film of nothing is written")
	}
	if err := Write(t.Context(), &b, make([]Frame, MostFrames+1), ""); err == nil {
		t.Error("a film without end is written")
	}
	if err := Write(t.Context(), &b, []Frame{{}}, ""); err == nil {
		t.Error("a frame without a picture is written")
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Write(stopped, &b, []Frame{{Picture: plain(9, 9, color.RGBA{})}}, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	if b.Len() != 0 {
		t.Error("something is written all the same")
	}
}

package main

import (
	"context"
	"image"
	"time"

	"picasso/ui/xtest"
)

// film is what was seen of the screen: a frame for each change, in order.
type film []frame

type frame struct {
	at time.Time
	m  *image.RGBA
}

// rest films until the screen has stayed the same for a while.
func (w *watch) rest(ctx context.Context) (film, error) {
	var seen film
	err := xtest.Await(ctx, "a screen at rest", func() (bool, error) {
		m, err := w.Screenshot()
		if err != nil {
			return false, err
		}
		if len(seen) == 0 || changed(seen.last(), m) > 0 {
			seen = append(seen, frame{time.Now(), m})
		}
		return time.Since(seen[len(seen)-1].at) > 700*time.Millisecond, nil
	})
	return seen, err
}

func (f film) last() *image.RGBA { return f[len(f)-1].m }

// since is when the pixels in which a and b differ got the look that they keep
// to the end.
func (f film) since(a, b *image.RGBA) time.Time {
	at, end := f[len(f)-1].at, f.last()
	for i := len(f) - 1; i >= 0 && same(f[i].m, end, a, b); i-- {
		at = f[i].at
	}
	return at
}

// same reports whether m and n agree wherever a and b do not.
func same(m, n, a, b *image.RGBA) bool {
	for i := 0; i < len(m.Pix); i += 4 {
		if pixel(a, i) != pixel(b, i) && pixel(m, i) != pixel(n, i) {
			return false
		}
	}
	return true
}

// changed is the share of pixels that differ.
func changed(a, b *image.RGBA) float64 {
	n := 0
	for i := 0; i < len(a.Pix); i += 4 {
		if pixel(a, i) != pixel(b, i) {
			n++
		}
	}
	return float64(n) / float64(len(a.Pix)/4)
}

func pixel(m *image.RGBA, i int) [3]uint8 { return [3]uint8(m.Pix[i : i+3]) }

package render

import (
	"image"
	"image/color"
	"image/draw"
	"testing"
)

func TestNotice(t *testing.T) {
	const text = "Research use – not for diagnosis"
	grey := color.RGBA{128, 128, 128, 255}
	for _, c := range []struct {
		w, h    int
		written bool
	}{{128, 128, true}, {512, 512, true}, {4000, 3000, true}, {64, 64, false}, {600, 30, false}, {0, 0, false}} {
		m := image.NewRGBA(image.Rect(0, 0, c.w, c.h))
		draw.Draw(m, m.Rect, image.NewUniform(grey), image.Point{}, draw.Src)
		if got := Notice(m, text); got != c.written {
			t.Errorf("%d×%d: written is %v", c.w, c.h, got)
			continue
		}
		touched, light := 0, 0 // rows, and pixels of letters
		for y := range c.h {
			changed := false
			for x := range c.w {
				p := m.RGBAAt(x, y)
				changed = changed || p != grey
				if p.R > 140 {
					light++
				}
			}
			if changed {
				touched++
			}
		}
		if c.written != (touched > 0) || touched > c.h/6 || c.written && light < 100 {
			t.Errorf("%d×%d: %d rows are covered, %d pixels are letters", c.w, c.h, touched, light)
		}
	}
}

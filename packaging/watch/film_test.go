package main

import (
	"image"
	"image/color"
	"testing"
	"time"
)

func shot(grey ...uint8) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, len(grey), 1))
	for x, v := range grey {
		m.SetRGBA(x, 0, color.RGBA{v, v, v, 255})
	}
	return m
}

// The map covers the middle two of four pixels; others change after it.
func TestSinceLooksOnlyAtTheMap(t *testing.T) {
	start := time.Unix(0, 0)
	f := film{
		{start.Add(1), shot(0, 0, 0, 0)},
		{start.Add(2), shot(9, 5, 0, 0)}, // a coarse map
		{start.Add(3), shot(9, 5, 6, 0)}, // the whole one
		{start.Add(4), shot(9, 5, 6, 7)},
		{start.Add(5), shot(8, 5, 6, 7)},
	}
	with, without := shot(8, 5, 6, 7), shot(8, 1, 1, 7)
	if got := f.since(with, without); got != start.Add(3) {
		t.Errorf("since %v, want the third frame", got.Sub(start))
	}
	if got := changed(with, without); got != 0.5 {
		t.Errorf("%v of the screen changed, want half", got)
	}
}

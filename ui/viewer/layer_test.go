package viewer

import (
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

func numbered(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		m.SetRGBA(i%w, i/w, color.RGBA{uint8(i % w), uint8(i / w), 7, 255})
	}
	return m
}

func TestHalveAverages(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 3, 1))
	for x, v := range []uint8{10, 30, 200} {
		m.SetRGBA(x, 0, color.RGBA{v, v, v, 255})
	}
	got := halve(m)
	if got.Rect != image.Rect(0, 0, 2, 1) || got.RGBAAt(0, 0).R != 20 || got.RGBAAt(1, 0).R != 200 {
		t.Errorf("%v: %v %v", got.Rect, got.RGBAAt(0, 0), got.RGBAAt(1, 0))
	}
}

// However large the picture, what goes to the screen stays about its size.
func TestOnlyTheVisiblePartIsShown(t *testing.T) {
	test.NewTempApp(t)
	l := newLayer()
	l.set(numbered(4000, 3000))
	for zoom := 1.0; zoom < 300; zoom *= 1.7 {
		p, _ := place(View{zoom, 0.4, 0.7}, shape{4000, 3000, 1}, 400, 300)
		l.arrange(p, 4000, 3000, 400, 300, 1, true)
		size := l.object.Image.Bounds().Size()
		if size.X > 802 || size.Y > 602 {
			t.Errorf("zoom %.1f shows %v pixels in 400×300", zoom, size)
		}
		pos, got := l.object.Position(), l.object.Size()
		if pos.X > 0.01 || pos.Y > 0.01 || pos.X+got.Width < 399.9 || pos.Y+got.Height < 299.9 {
			t.Errorf("zoom %.1f leaves a gap: %v %v", zoom, pos, got)
		}
	}
	if l.object.ScaleMode != canvas.ImageScalePixels {
		t.Error("pixels are not crisp when enlarged")
	}
	if l.set(nil); !l.empty() {
		t.Error("an emptied layer has a picture")
	}
}

func TestPackedKeepsWhatIsPacked(t *testing.T) {
	m := numbered(6, 5)
	if packed(m) != m {
		t.Error("a packed picture was copied")
	}
	part := packed(m.SubImage(image.Rect(2, 1, 5, 4)))
	if part.Rect != image.Rect(0, 0, 3, 3) || part.RGBAAt(0, 0) != m.RGBAAt(2, 1) || part.Stride != 12 {
		t.Errorf("%v %v", part.Rect, part.RGBAAt(0, 0))
	}
	grey := image.NewGray(image.Rect(5, 5, 7, 7))
	grey.SetGray(5, 5, color.Gray{99})
	if got := packed(grey); got.RGBAAt(0, 0) != (color.RGBA{99, 99, 99, 255}) {
		t.Errorf("grey became %v", got.RGBAAt(0, 0))
	}
}

// BenchmarkZoom is one step of the wheel over a large picture.
func BenchmarkZoom(b *testing.B) {
	test.NewTempApp(b)
	l := newLayer()
	l.set(image.NewRGBA(image.Rect(0, 0, 8000, 6000)))
	for i := 0; b.Loop(); i++ {
		p, _ := place(View{1 + float64(i%40), 0.4, 0.7}, shape{8000, 6000, 1}, 1200, 900)
		l.arrange(p, 8000, 6000, 1200, 900, 1, true)
	}
}

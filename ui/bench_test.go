package ui

import (
	"image"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"picasso/ui/uitest"
	"picasso/ui/viewer"
)

// bench is a window on fakes.
type bench struct {
	*Window
	t     *testing.T
	q     *uitest.Queue
	model *uitest.Shades
	every *uitest.Every
	dir   string
	desk  *uitest.Desk
}

func newBench(t *testing.T) *bench {
	t.Helper()
	return newBenchWith(t, func(b *bench, p *Params) {
		p.Samples = []Sample{{Name: "Shades, plain", Short: "Shades", About: "Black and white.", Picture: func() (image.Image, error) {
			return image.NewGray(image.Rect(0, 0, 32, 32)), nil
		}, Unpack: func() (string, []string, error) {
			return b.write("s.onnx"), []string{b.picture("s.png", 200)}, nil
		}}}
	})
}

// newBenchWith makes a window whose parameters change may change.
func newBenchWith(t *testing.T, change func(*bench, *Params)) *bench {
	t.Helper()
	d := uitest.NewDesk(t)
	b := &bench{t: t, q: d.Q, model: d.Model, every: d.Every, dir: d.Dir, desk: d}
	p := Params{Visualizers: d.Visualizers(), Do: d.Q.Do, Delay: time.Millisecond, OpenModel: d.Open}
	change(b, &p)
	b.Window = New(test.NewTempApp(t), p)
	d.C = b.c
	b.win.Resize(fyne.NewSize(1280, 820))
	t.Cleanup(b.Close)
	return b
}

// viewers are those on the screen that show the picture, the one with the map last.
func (b *bench) viewers() []*viewer.Image {
	var out []*viewer.Image
	for _, o := range uitest.Shown(b.explain.Middle()) {
		if v, ok := o.(*viewer.Image); ok {
			out = append(out, v)
		}
	}
	return out
}

// explained has a model and a picture with its map.
func (b *bench) explained() { b.t.Helper(); b.desk.Explained() }

// ready waits until the current tab's map is whole after n runs.
func (b *bench) ready(n int) { b.t.Helper(); b.desk.Ready(n) }

func (b *bench) write(name string) string            { return b.desk.Write(name) }
func (b *bench) picture(name string, v uint8) string { return b.desk.Picture(name, v) }
func (b *bench) scan(n int) string                   { return b.desk.Scan(n) }

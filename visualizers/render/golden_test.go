package render

import (
	"errors"
	"flag"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

// tolerance is the largest difference of a channel that a golden allows, and
// few the share of pixels that may differ more (hinting of letters).
const (
	tolerance = 3
	few       = 0.001
)

// golden compares m with testdata/NAME.png; a failure leaves the picture and
// the difference in testdata/failed.
func golden(t *testing.T, name string, m *image.RGBA) {
	t.Helper()
	path := filepath.Join("testdata", name+".png")
	if *update {
		save(t, path, m)
		return
	}
	want, err := load(path)
	if errors.Is(err, fs.ErrNotExist) {
		save(t, filepath.Join("testdata", "failed", name+".png"), m)
		t.Fatalf("%s is missing: look at testdata/failed/%s.png and run with -update", path, name)
	}
	if err != nil {
		t.Fatal(err)
	}
	if want.Bounds() != m.Bounds() {
		save(t, filepath.Join("testdata", "failed", name+".png"), m)
		t.Fatalf("%s: bounds %v, want %v", name, m.Bounds(), want.Bounds())
	}
	diff, wrong := compare(m, want)
	if float64(wrong) > few*float64(m.Rect.Dx()*m.Rect.Dy()) {
		save(t, filepath.Join("testdata", "failed", name+".png"), m)
		save(t, filepath.Join("testdata", "failed", name+"-diff.png"), diff)
		t.Errorf("%s: %d pixels differ; see testdata/failed", name, wrong)
	}
}

// compare paints differing pixels red.
func compare(got *image.RGBA, want image.Image) (diff *image.RGBA, wrong int) {
	diff = image.NewRGBA(got.Rect)
	for y := got.Rect.Min.Y; y < got.Rect.Max.Y; y++ {
		for x := got.Rect.Min.X; x < got.Rect.Max.X; x++ {
			g, w := got.RGBAAt(x, y), color.RGBAModel.Convert(want.At(x, y)).(color.RGBA)
			far := func(a, b uint8) bool { return max(a, b)-min(a, b) > tolerance }
			if far(g.R, w.R) || far(g.G, w.G) || far(g.B, w.B) || far(g.A, w.A) {
				wrong++
				diff.SetRGBA(x, y, color.RGBA{255, 0, 0, 255})
			}
		}
	}
	return diff, wrong
}

func load(path string) (image.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return png.Decode(f)
}

func save(t *testing.T, path string, m image.Image) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, m), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// scene is a small picture with structure, and hill a signed field with an
// unknown corner.
func scene(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := uint8(120 + 60*math.Sin(float64(x)/3)*math.Cos(float64(y)/4))
			m.SetRGBA(x, y, color.RGBA{v, v, uint8(80 + y), 255})
		}
	}
	return m
}

func hill() Field {
	f := Field{7, 5, make([]float32, 35)}
	for i := range f.Values {
		x, y := float64(i%7), float64(i/7)
		f.Values[i] = float32(0.83*math.Exp(-((x-2)*(x-2)+(y-2)*(y-2))/3) - 0.5*math.Exp(-((x-5)*(x-5)+(y-3)*(y-3))/2))
	}
	f.Values[0] = nan
	return f
}

func TestGoldenOverlays(t *testing.T) {
	base, f, at := scene(56, 40), hill(), Rect{4, 2.5, 52, 37.5}
	for name, s := range map[string]Style{
		"bilinear":  {Opacity: 0.6, Signed: true},
		"cells":     {Opacity: 0.6, Signed: true, Cells: true},
		"magnitude": {Opacity: 0.9, Signed: true, Alpha: ByMagnitude, Colors: "night"},
		"threshold": {Opacity: 0.7, Signed: true, Threshold: 0.3, Sign: Positive},
		"absolute":  {Opacity: 0.7, Signed: true, Sign: Absolute, Colors: "ember"},
	} {
		t.Run(name, func(t *testing.T) { golden(t, "overlay-"+name, Overlay(base, f, at, s)) })
	}
}

func TestGoldenColorMaps(t *testing.T) {
	names := append(Names(true), Names(false)...)
	all := image.NewRGBA(image.Rect(0, 0, 128, 12*len(names)))
	for i, name := range names {
		m, _ := Colors(name)
		paste(all, 0, 12*i, Bar(128, 10, m, Range{0, 1}))
	}
	golden(t, "colormaps", all)
}

func TestGoldenSheet(t *testing.T) {
	f, s := hill(), Style{Opacity: 0.6, Signed: true}
	cell := SheetCell{Overlay(scene(56, 40), f, Whole(56, 40), s), "0.970 tank"}
	got, err := Sheet([][]SheetCell{{cell, cell}, {cell}}, 120, s.Scale(f), Caption{
		Title: "Occlusion of all images with their top classes",
		Unit:  "drop in P(tank) when this spot is covered",
		Note:  "window 24×24 pixels, stride 8, fill mean; a note that is so long that it needs a second line",
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "sheet", got)
}

func TestBar(t *testing.T) {
	m, _ := Colors("grey")
	wide, tall := Bar(40, 5, m, Range{0, 1}), Bar(5, 40, m, Range{0, 1})
	if wide.RGBAAt(0, 0).R > 10 || wide.RGBAAt(39, 0).R < 245 {
		t.Error("a wide bar does not rise to the right")
	}
	if tall.RGBAAt(0, 39).R > 10 || tall.RGBAAt(0, 0).R < 245 {
		t.Error("a tall bar does not rise upwards")
	}
	if flat := Bar(40, 5, m, Range{2, 2}); flat.RGBAAt(0, 0) != m.At(0.5) || flat.RGBAAt(39, 0) != m.At(0.5) {
		t.Error("the bar of a flat range does not show its one colour")
	}
	if none := Bar(-1, 0, m, Range{}); !none.Rect.Empty() {
		t.Errorf("a bar without size has %v", none.Rect)
	}
}

func TestSheetOfNothing(t *testing.T) {
	got, err := Sheet(nil, 0, Scale{}, Caption{})
	if err != nil || got.Rect.Empty() {
		t.Errorf("%v, %v", got.Rect, err)
	}
}

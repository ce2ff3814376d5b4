package drawing

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/visualizers"
	"picasso/visualizers/render"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

// photo is a colourful picture with structure.
func photo(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := uint8(120 + 80*math.Sin(float64(x)/5)*math.Cos(float64(y)/7))
			m.SetRGBA(x, y, color.RGBA{v, uint8(200 * y / h), uint8(200 - 150*y/h), 255})
		}
	}
	return m
}

// hill is a signed map of 12×9 numbers over a model's input.
func hill() visualizers.Map {
	m := visualizers.Map{Channels: 1, Width: 12, Height: 9, Values: make([]float32, 108), Signed: true,
		Unit: "drop in P(tank)", Positive: "this region supports P(tank)"}
	for i := range m.Values {
		x, y := float64(i%12), float64(i/12)
		m.Values[i] = float32(0.62*math.Exp(-((x-3)*(x-3)+(y-3)*(y-3))/4) - 0.3*math.Exp(-((x-9)*(x-9)+(y-6)*(y-6))/3))
	}
	return m
}

func figure(base *image.RGBA) Figure {
	return Figure{
		Base: base, Map: hill(), At: render.Whole(base.Rect.Dx(), base.Rect.Dy()),
		Display: Default(visualizers.Info{}), Answer: "tank", Score: "0.981",
		Subject: "P(tank) is 0.981 in tank-01.png, explained by Occlusion",
		Finding: "P(tank) is 0.981. Covering lowers it most around x 32, y 30 of the model's input: by 0.614.",
		Legend:  "Positive: this region supports P(tank).",
		Facts: []Fact{
			{"Picture", "tank-01.png, 96×72 pixels, shown in grey under the map"},
			{"Settings", "Window 32, Stride 8, Fill mean, Engine auto, Refine on, so many settings that they need a second line of the page below the picture"},
			{"Model", "tanks.onnx, SHA-256 0123456789ab…"},
		},
	}
}

// scan is a figure of a slice with tall pixels, turned and measured.
func scan() Figure {
	base := image.NewRGBA(image.Rect(0, 0, 80, 60))
	for i := range 80 * 60 {
		x, y := float64(i%80)-40, float64(i/80)-30
		v := uint8(max(0, 200-6*math.Hypot(x, 1.4*y)))
		base.SetRGBA(i%80, i/80, color.RGBA{v, v, v, 255})
	}
	f := figure(base)
	f.Scan, f.Aspect, f.Notice = true, 1.25, ResearchUse
	f.Turn = render.Turn{Quarters: 1}
	f.Letters = [4]string{"R", "L", "A", "P"}
	f.State = "partial map: stopped at 43 %"
	f.Measured = []Measurement{
		{Kind: "length", Points: [][2]float64{{10, 10}, {40, 30}}, Lines: []string{"36.1 mm"}},
		{Kind: "rectangle", Points: [][2]float64{{50, 30}, {70, 45}}, Lines: []string{"mean 40.2 HU", "SD 3.10 HU", "area 300 mm²"}},
		{Kind: "ellipse", Points: [][2]float64{{10, 40}, {30, 55}}, Lines: []string{"mean 12.0 HU"}},
	}
	return f
}

// composed draws a figure with about 800 pixels of width.
func composed(t *testing.T, f Figure, p Paper) *image.RGBA {
	t.Helper()
	page, err := f.Compose(p)
	if err != nil {
		t.Fatal(err)
	}
	m, err := page.Image(1)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestGoldenFigures(t *testing.T) {
	for name, m := range map[string]*image.RGBA{
		"photo":  composed(t, figure(photo(96, 72)), Paper{}),
		"beside": composed(t, figure(photo(96, 72)), Paper{Beside: true, Dark: true}),
		"scan":   composed(t, scan(), Paper{}),
	} {
		t.Run(name, func(t *testing.T) { golden(t, "figure-"+name, m) })
	}
}

// tolerance is the largest difference of a channel that a golden allows, and few
// the share of pixels that may differ more.
const (
	tolerance = 3
	few       = 0.001
)

func golden(t *testing.T, name string, m *image.RGBA) {
	t.Helper()
	path := filepath.Join("testdata", name+".png")
	if *update {
		save(t, path, m)
		return
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatalf("%v: look at the figure and run with -update", err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	failed := filepath.Join("testdata", "failed", name+".png")
	if want.Bounds() != m.Bounds() {
		save(t, failed, m)
		t.Fatalf("bounds %v, want %v", m.Bounds(), want.Bounds())
	}
	wrong := 0
	for i := range m.Rect.Dx() * m.Rect.Dy() {
		x, y := i%m.Rect.Dx(), i/m.Rect.Dx()
		g, w := m.RGBAAt(x, y), color.RGBAModel.Convert(want.At(x, y)).(color.RGBA)
		far := func(a, b uint8) bool { return max(a, b)-min(a, b) > tolerance }
		if far(g.R, w.R) || far(g.G, w.G) || far(g.B, w.B) {
			wrong++
		}
	}
	if float64(wrong) > few*float64(m.Rect.Dx()*m.Rect.Dy()) {
		save(t, failed, m)
		t.Errorf("%d pixels differ; see %s", wrong, failed)
	}
}

func save(t *testing.T, path string, m *image.RGBA) {
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

// svgOf are the texts, and the embedded pictures, of a figure as SVG.
func svgOf(t *testing.T, f Figure, p Paper) (texts []string, pictures int) {
	t.Helper()
	page, err := f.Compose(p)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := page.SVG(&b, 1, "a title & more", f.Notice); err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(&b)
	for {
		token, err := d.Token()
		if err == io.EOF {
			return texts, pictures
		}
		if err != nil {
			t.Fatal(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "text":
			var words string
			if err := d.DecodeElement(&words, &start); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, words)
		case "image":
			pictures++
		}
	}
}

// Everything said is in the document as text, and the notice exactly once.
func TestSVGHoldsTextAsText(t *testing.T) {
	f := scan()
	f.Answer = "a<b> & \"c\"\x01"
	texts, pictures := svgOf(t, f, Paper{Beside: true})
	if pictures != 3 { // two panes and the bar
		t.Errorf("%d pictures", pictures)
	}
	all := strings.Join(texts, " ")
	for _, want := range []string{"a<b> & \"c\"", f.Score, f.Subject, f.Finding, f.Legend, f.State, "drop in P(tank)", "36.1 mm", "mean 40.2 HU", "SD 3.10 HU", "area 300 mm²", "mean 12.0 HU", "+0.4", "SHA-256 0123456789ab…"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in %q", want, all)
		}
	}
	if n := strings.Count(all, ResearchUse); n != 1 {
		t.Errorf("the notice stands %d times", n)
	}
	// Turned by a quarter, what lay below lies at the left.
	letters := 0
	for _, text := range texts {
		if len(text) == 1 && strings.Contains("RLAP", text) {
			letters++
		}
	}
	if letters != 8 {
		t.Errorf("%d direction letters on two panes", letters)
	}
}

// The picture keeps its shape: 80×60 pixels, 1.25 times as tall as wide, turned.
func TestFiguresKeepShapesAndSizes(t *testing.T) {
	page, err := scan().Compose(Paper{})
	if err != nil {
		t.Fatal(err)
	}
	c := composer{figure: scan()}
	if err := c.choose(); err != nil {
		t.Fatal(err)
	}
	c.measure()
	if ratio := c.pane[0] / c.pane[1]; math.Abs(ratio-60*1.25/80) > 1e-9 {
		t.Errorf("width by height is %v", ratio)
	}
	for _, scale := range []float64{0.5, 2, 3} {
		m, err := page.Image(scale)
		if err != nil || math.Abs(float64(m.Rect.Dx())-page.Width*scale) > 1 || math.Abs(float64(m.Rect.Dy())-page.Height*scale) > 1 {
			t.Errorf("at %v: %v, %v", scale, m.Rect, err)
		}
	}
	if _, err := page.Image(1000); err == nil {
		t.Error("a figure of a million pixels' width is drawn")
	}
}

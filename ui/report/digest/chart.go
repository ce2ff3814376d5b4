package digest

import (
	"bytes"
	"fmt"
	"html/template"
	"image/color"

	"picasso/visualizers/audit/performance"
	"picasso/visualizers/audit/statistics"
	"picasso/visualizers/render/plate"
)

// Inks are the colours of a chart.
type Inks struct{ Ground, Ink, Faint, Line color.NRGBA }

// paper are those of the page.
var paper = Inks{color.NRGBA{255, 255, 255, 255}, color.NRGBA{26, 26, 26, 255}, color.NRGBA{120, 120, 120, 255}, color.NRGBA{0, 114, 178, 255}}

// A chart in units: a square for 0…1 both ways, with room for its words.
const (
	chartSide  = 200.0
	chartLeft  = 46.0
	chartAbove = 12.0
	chartWidth = chartLeft + chartSide + 16
	chartBelow = 40.0
	chartText  = 11.0
)

// chart is an empty square with axes.
type chart struct {
	plate.Plate
	inks Inks
}

func newChart(across, up string, inks Inks) *chart {
	c := &chart{plate.Plate{Width: chartWidth, Height: chartAbove + chartSide + chartBelow, Ground: inks.Ground}, inks}
	c.line(inks.Faint, 1, [2]float64{0, 1}, [2]float64{0, 0}, [2]float64{1, 0})
	for k := range 5 {
		v := float64(k) / 4
		x, y := c.at(v, v)
		c.Add(plate.Text{X: x, Y: chartAbove + chartSide + 14, At: plate.Middle, Size: chartText, Ink: inks.Faint, Words: fmt.Sprintf("%.2g", v)},
			plate.Text{X: chartLeft - 6, Y: y + 4, At: plate.End, Size: chartText, Ink: inks.Faint, Words: fmt.Sprintf("%.2g", v)})
	}
	c.Add(plate.Text{X: chartLeft + chartSide/2, Y: chartAbove + chartSide + 30, At: plate.Middle, Size: chartText, Ink: inks.Ink, Words: across},
		plate.Text{X: chartLeft + 6, Y: chartAbove + 10, Size: chartText, Ink: inks.Ink, Words: up})
	c.line(inks.Faint, 0.7, [2]float64{0, 0}, [2]float64{1, 1})
	return c
}

// at is where a point of 0…1 both ways lies.
func (c *chart) at(x, y float64) (float64, float64) {
	return chartLeft + x*chartSide, chartAbove + (1-y)*chartSide
}

// line joins points of 0…1.
func (c *chart) line(ink color.NRGBA, width float64, points ...[2]float64) {
	l := plate.Line{Ink: ink, Width: width}
	for _, p := range points {
		x, y := c.at(p[0], p[1])
		l.Points = append(l.Points, [2]float64{x, y})
	}
	c.Add(l)
}

// ReliabilityChart draws how often answers are right over their probability, the
// bars as high as their share of right answers, those with more answers in a
// stronger colour.
func ReliabilityChart(bins []statistics.Bin, inks Inks) *plate.Plate {
	c := newChart("probability of the answer", "share that is right", inks)
	most := 1
	for _, b := range bins {
		most = max(most, b.Count)
	}
	for _, b := range bins {
		if b.Count == 0 {
			continue
		}
		ink := inks.Line
		ink.A = uint8(60 + 195*b.Count/most)
		x, y := c.at(b.Low, b.Accuracy)
		_, floor := c.at(0, 0)
		c.Add(plate.Box{X: x + 1, Y: y, W: (b.High-b.Low)*chartSide - 2, H: floor - y, Fill: ink})
		mx, my := c.at(b.Confidence, b.Accuracy)
		c.Add(plate.Line{Points: [][2]float64{{mx - 3, my}, {mx + 3, my}}, Width: 2, Ink: inks.Ink})
	}
	return &c.Plate
}

// CurveChart draws the receiver operating characteristic of a class, with the
// threshold that is best by Youden's index and that of ½.
func CurveChart(curve *performance.Curve, inks Inks) *plate.Plate {
	c := newChart("1 − specificity", "sensitivity", inks)
	points := [][2]float64{{0, 0}}
	for _, t := range curve.Points {
		points = append(points, [2]float64{1 - t.Specificity, t.Sensitivity})
	}
	c.line(inks.Line, 2, append(points, [2]float64{1, 1})...)
	c.mark(curve.Youden, "Youden")
	if curve.Half.Sensitivity != curve.Youden.Sensitivity || curve.Half.Specificity != curve.Youden.Specificity {
		c.mark(curve.Half, "0.5")
	}
	return &c.Plate
}

// mark names a threshold on the curve.
func (c *chart) mark(t performance.Threshold, name string) {
	x, y := c.at(1-t.Specificity, t.Sensitivity)
	c.Add(plate.Line{Points: [][2]float64{{x, y}, {x, y}}, Width: 6, Ink: c.inks.Ink},
		plate.Text{X: x + 8, Y: y + 12, Size: chartText, Ink: c.inks.Ink, Words: name})
}

// inline is a chart as part of the page.
func inline(p *plate.Plate, title, about string) template.HTML {
	var b bytes.Buffer
	if err := p.SVG(&b, 1, title, about); err != nil {
		return ""
	}
	text := b.Bytes()
	if at := bytes.Index(text, []byte("<svg")); at > 0 { // without the head of a file
		text = text[at:]
	}
	for _, space := range []string{` xmlns="http://www.w3.org/2000/svg"`, ` xmlns:xlink="http://www.w3.org/1999/xlink"`} { // HTML knows them
		text = bytes.Replace(text, []byte(space), nil, 1)
	}
	return template.HTML(text)
}

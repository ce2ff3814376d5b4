package drawing

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"strings"
	"testing"

	"picasso/visualizers"
	"picasso/visualizers/render"
	"picasso/visualizers/spelling"
)

// gridOf is a sheet of methods × classes; the values of a cell are up to its row's
// number, from 1.
func gridOf(methods, classes int) Grid {
	g := Grid{Title: "a picture", Notice: "Research use"}
	for range methods {
		c := Column{Method: "method", Unit: "drop in P(class)"}
		for row := range classes {
			base := image.NewRGBA(image.Rect(0, 0, 8, 8))
			m := visualizers.Map{Channels: 1, Height: 1, Width: 2, Values: []float32{-.5, float32(row + 1)}, Signed: true}
			c.Cells = append(c.Cells, Figure{Base: base, Map: m, At: render.Whole(8, 8), Display: Display{Opacity: 1, Sign: "all"}})
		}
		g.Columns = append(g.Columns, c.Shared())
	}
	for range classes {
		g.Classes = append(g.Classes, "P(class)")
	}
	return g
}

func TestAColumnHasOneScale(t *testing.T) {
	for i, cell := range gridOf(1, 3).Columns[0].Cells {
		if r := cell.scale().Range; r.Lo != -3 || r.Hi != 3 {
			t.Errorf("cell %d is drawn from %g to %g, want the scale of the largest", i, r.Lo, r.Hi)
		}
	}
	// A cell at the end of the common scale has the colour there; others do not.
	cells := gridOf(1, 2).Columns[0].Cells
	bright, faint := cells[1].pane(8, 8, true).RGBAAt(7, 4), cells[0].pane(8, 8, true).RGBAAt(7, 4)
	if bright == faint {
		t.Errorf("1 and 2 on one scale have the same colour %v", bright)
	}
}

func TestAGridIsWritten(t *testing.T) {
	g := gridOf(3, 2)
	nan := math.NaN()
	g.Spearman = [][]float64{{1, .5, nan}, {.5, 1, -.7}, {nan, -.7, 1}}
	g.IoU = g.Spearman
	var b bytes.Buffer
	if err := g.Write(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b.Bytes(), []byte(g.Notice)) {
		t.Error("the notice is not in the file")
	}
	m, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	page, err := g.Compose()
	if err != nil || m.Bounds().Dx() != int(math.Round(page.Width*gridPixels)) {
		t.Errorf("%v of a page of %g × %g, %v", m.Bounds(), page.Width, page.Height, err)
	}
	if err := gridOf(2, 200).Write(&b); err == nil || !strings.Contains(err.Error(), "200 classes") {
		t.Errorf("a sheet as long as a street: %v", err)
	}
}

func TestEndsOfAScaleHaveItsPrecision(t *testing.T) {
	for _, c := range []struct {
		lo, hi    float64
		low, high string
		both      string
	}{
		{2.88e-7, 0.0639, "0", "0.0639", "0…0.0639"},
		{1.46e-5, 0.0113, "0", "0.0113", "0…0.0113"},
		{-0.0815, 0.0815, spelling.Minus + "0.0815", "+0.0815", "±0.0815"},
		{-0.2, 1e-9, spelling.Minus + "0.200", "0", spelling.Minus + "0.200…0"},
		{0.44, 0.56, "0.440", "0.560", "0.440…0.560"},
		{1e-7, 3e-7, "0.000000100", "0.000000300", "0.000000100…0.000000300"},
	} {
		low, high := EndsApart(c.lo, c.hi)
		if low != c.low || high != c.high || Ends(c.lo, c.hi) != c.both {
			t.Errorf("%g to %g: %q, %q and %q", c.lo, c.hi, low, high, Ends(c.lo, c.hi))
		}
	}
}

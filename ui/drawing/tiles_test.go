package drawing

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"testing"

	"picasso/visualizers/render"
)

// Six tiles of two by one cells on a sheet worked out by hand: three columns of 20
// pixels with gaps of two are 64, and their two rows of 10 are 22.
func TestTilesLieAsLargeAsTheyFit(t *testing.T) {
	g := NewTiling(6, 2, 1, image.Pt(64, 22))
	if g.Columns != 3 || g.Tile != image.Pt(20, 10) || g.Rect(4) != image.Rect(22, 12, 42, 22) {
		t.Fatalf("%+v, tile 4 at %v", g, g.Rect(4))
	}
	for i := range 6 {
		r := g.Rect(i)
		if got, across, down, ok := g.At(r.Min.X+10, r.Min.Y+2); !ok || got != i || math.Abs(across-0.525) > 1e-9 || math.Abs(down-0.25) > 1e-9 {
			t.Errorf("tile %d is found as %d at %g, %g, %v", i, got, across, down, ok)
		}
	}
	for _, p := range []image.Point{{20, 3}, {3, 10}, {66, 3}, {3, 24}, {-1, 0}} {
		if _, _, _, ok := g.At(p.X, p.Y); ok {
			t.Errorf("%v lies between tiles", p)
		}
	}
	if g := NewTiling(0, 2, 1, image.Pt(64, 22)); !g.Rect(0).Empty() {
		t.Error("there is a tile of none")
	}
}

// Every value has the colour of its place in its own tile's range.
func TestTilesHaveTheColoursOfTheirRange(t *testing.T) {
	nan := float32(math.NaN())
	fields := []render.Field{{Width: 2, Height: 1, Values: []float32{1, 3}}, {Width: 2, Height: 1, Values: []float32{nan, 3}}, {Width: 2, Height: 1, Values: []float32{0, 0}}}
	ranges := []render.Range{{Lo: 1, Hi: 3}, {Lo: 0, Hi: 6}, {}}
	g := NewTiling(3, 2, 1, image.Pt(64, 10))
	m := Tiles(g, image.Pt(64, 10), fields, ranges, false)
	colours := render.Style{}.Scale(render.Field{}).Colors
	for _, at := range []struct {
		x    int
		want color.RGBA
	}{{0, colours.At(0)}, {19, colours.At(1)}, {22, color.RGBA{}}, {41, colours.At(127. / 255)}, {44, colours.At(0)}, {20, color.RGBA{}}} {
		if got := m.RGBAAt(at.x, 5); got != at.want {
			t.Errorf("pixel %d is %v, want %v", at.x, got, at.want)
		}
	}
}

func TestBarsAreAsHighAsTheirCounts(t *testing.T) {
	m := Bars([]int{4, 0, 2}, image.Pt(3, 8), color.RGBA{1, 2, 3, 255})
	for x, want := range []int{8, 0, 4} {
		height := 0
		for y := range 8 {
			if m.RGBAAt(x, y).A > 0 {
				height++
			}
		}
		if height != want {
			t.Errorf("bar %d is %d pixels high, want %d", x, height, want)
		}
	}
}

// A page of the most tiles there are, on a large screen.
func BenchmarkTiles(b *testing.B) {
	for _, side := range []int{14, 56} {
		b.Run(fmt.Sprintf("512×%d×%d", side, side), func(b *testing.B) {
			var fields []render.Field
			var ranges []render.Range
			for i := range 512 {
				f := render.Field{Width: side, Height: side, Values: make([]float32, side*side)}
				for k := range f.Values {
					f.Values[k] = float32((k * (i + 7)) % 31)
				}
				fields, ranges = append(fields, f), append(ranges, render.Range{Hi: 30})
			}
			sheet := image.Pt(1200, 900)
			for b.Loop() {
				Tiles(NewTiling(512, side, side, sheet), sheet, fields, ranges, false)
			}
		})
	}
}

package render

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
	"golang.org/x/image/vector"

	"picasso/visualizers/render/plate"
)

// Annotation is a line over a picture with words at its end.
type Annotation struct {
	Line  [][2]float64 // points in pixels, continuous; two or more
	At    [2]float64   // where the words begin, at their upper left corner
	Words []string
}

// Annotate draws annotations over dst, light with a dark edge so that they can be
// seen on any picture. Words that would leave the picture are moved inside.
func Annotate(dst *image.RGBA, all []Annotation) error {
	b := dst.Bounds()
	side := min(b.Dx(), b.Dy())
	thick := max(1, float64(side)/400)
	light, err := plate.NewLettering(float64(min(max(side/40, 10), mostNotice)), color.RGBA{245, 240, 200, 255})
	if err != nil {
		return err
	}
	dark, paint := light, image.NewUniform(color.RGBA{0, 0, 0, 255})
	dark.Ink = paint
	for _, a := range all {
		stroke(dst, a.Line, 3*thick, color.RGBA{0, 0, 0, 200})
		stroke(dst, a.Line, thick, color.RGBA{245, 240, 200, 255})
	}
	for _, a := range all {
		width, height := 0, light.Height()*len(a.Words)
		for _, text := range a.Words {
			width = max(width, light.Width(text))
		}
		x := min(max(int(a.At[0]), b.Min.X+2), max(b.Min.X+2, b.Max.X-width-2))
		y := min(max(int(a.At[1]), b.Min.Y+2), max(b.Min.Y+2, b.Max.Y-height-2))
		for i, text := range a.Words {
			for _, d := range []image.Point{{-1, 0}, {1, 0}, {0, -1}, {0, 1}} {
				dark.Write(dst, x+d.X, y+i*light.Height()+d.Y, text)
			}
			light.Write(dst, x, y+i*light.Height(), text)
		}
	}
	return nil
}

// stroke draws a line of some width, a quadrilateral for each of its parts.
func stroke(dst *image.RGBA, line [][2]float64, width float64, c color.RGBA) {
	b := dst.Bounds()
	r := vector.NewRasterizer(b.Dx(), b.Dy())
	at := func(x, y float64) (float32, float32) {
		return float32(x - float64(b.Min.X)), float32(y - float64(b.Min.Y))
	}
	for i := 1; i < len(line); i++ {
		dx, dy := line[i][0]-line[i-1][0], line[i][1]-line[i-1][1]
		long := math.Hypot(dx, dy)
		if !(long > 0) || math.IsInf(long, 0) {
			continue
		}
		ux, uy := dx/long*width/2, dy/long*width/2
		for k, corner := range [][2]float64{
			{line[i-1][0] - ux - uy, line[i-1][1] - uy + ux}, {line[i][0] + ux - uy, line[i][1] + uy + ux},
			{line[i][0] + ux + uy, line[i][1] + uy - ux}, {line[i-1][0] - ux + uy, line[i-1][1] - uy - ux},
		} {
			if x, y := at(corner[0], corner[1]); k == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	r.DrawOp = draw.Over
	r.Draw(dst, b, image.NewUniform(premultiply(color.RGBA{c.R, c.G, c.B, 255}, float64(c.A)/255)), image.Point{})
}

package planes

import (
	"context"
	"image"

	"picasso/backend/picture"
	"picasso/backend/picture/planes"
	"picasso/ui/control"
	"picasso/ui/control/crosshair"
	"picasso/ui/drawing"
	"picasso/visualizers"
	"picasso/visualizers/render"
)

// laid is a map over a slice as it lies over a plane that shows the slice, which
// may be mirrored or turned against it: each of its pixels where the patient has it.
func laid(heat *image.RGBA, slice, plane *picture.Image) *image.RGBA {
	if slice.Scan == nil || !slice.Scan.Geometry.Placed || slice.Width == 0 || slice.Height == 0 {
		return nil
	}
	from, to := slice.Scan.Geometry, plane.Scan.Geometry
	// As many pixels as the map has for each of the slice's, at least one.
	s := max(1, heat.Rect.Dx()/slice.Width)
	out := image.NewRGBA(image.Rect(0, 0, plane.Width*s, plane.Height*s))
	at := func(x, y int) (float64, float64) { // of the map, for a pixel of the result
		px, py := from.Pixel(to.At((float64(x)+0.5)/float64(s)-0.5, (float64(y)+0.5)/float64(s)-0.5))
		return (px + 0.5) / float64(slice.Width) * float64(heat.Rect.Dx()), (py + 0.5) / float64(slice.Height) * float64(heat.Rect.Dy())
	}
	// The way from one to the other is the same everywhere.
	x0, y0 := at(0, 0)
	x1, y1 := at(1, 0)
	x2, y2 := at(0, 1)
	for y := range out.Rect.Dy() {
		row := out.Pix[y*out.Stride:]
		for x := range out.Rect.Dx() {
			hx := x0 + float64(x)*(x1-x0) + float64(y)*(x2-x0)
			hy := y0 + float64(x)*(y1-y0) + float64(y)*(y2-y0)
			if hx < 0 || hy < 0 || hx >= float64(heat.Rect.Dx()) || hy >= float64(heat.Rect.Dy()) {
				continue
			}
			copy(row[4*x:4*x+4], heat.Pix[int(hy)*heat.Stride+4*int(hx):])
		}
	}
	return out
}

// through is the map of a volume at the pixels of a plane: NaN outside of what the
// model got. slice is the number in the series of the slice that the map's own was cut
// at, as files may count theirs from another one. ctx ends it, with a part of the pixels.
func through(ctx context.Context, of *visualizers.Whole, s *planes.Stack, plane *picture.Image, slice int) render.Field {
	m, size := drawing.Field(of.Map), of.Map.Sizes()
	g := plane.Scan.Geometry
	out := render.Field{Width: plane.Width, Height: plane.Height, Values: make([]float32, 0, plane.Width*plane.Height)}
	for y := range plane.Height {
		if ctx.Err() != nil {
			break
		}
		for x := range plane.Width {
			at := s.Voxel(g.At(float64(x), float64(y)))
			at[0] += float64(of.Slice - slice)
			out.Values = append(out.Values, of.Block.At(m.Values, size, at))
		}
	}
	return out
}

// drawn names what is drawn over the planes.
type drawn struct {
	heat *image.RGBA
	look *control.Look
}

// over is what is drawn over planes of a volume: the map of the slice over the plane of
// that slice, or the map of the whole volume over all.
func (m Map) over(v *crosshair.View) crosshair.Over {
	if m.Heat == nil || !m.whole() && m.Look.Slice != v.Slice() {
		return crosshair.Over{}
	}
	stack, acquired := v.Voxels.Stack, v.Voxels.Acquired()
	return crosshair.Over{Key: drawn{m.Heat, m.Look}, Draw: func(ctx context.Context, p planes.Plane, mm float64, on *picture.Image) *image.RGBA {
		own := p == acquired && stack.Number(stack.Nearest(p, mm)) == m.Look.Slice
		switch {
		case own:
			return laid(m.Heat, m.Look.Image, on)
		case m.Of == nil:
			return nil
		}
		field := through(ctx, m.Of, stack, on, m.Look.Slice)
		if ctx.Err() != nil {
			return nil
		}
		return m.Draw(field)
	}}
}

// whole reports whether the map is the same one for all slices.
func (m Map) whole() bool { return m.Of != nil && m.Of.Block.Shared }

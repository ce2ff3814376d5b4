package pacs

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"io"
	"slices"

	"picasso/backend/mask"
	"picasso/backend/picture/dicom"
	"picasso/backend/picture/dicom/derived"
	"picasso/backend/visible"
	"picasso/ui/drawing"
	"picasso/ui/report"
	"picasso/visualizers"
)

// Stack is what becomes an object of many frames: the map of a volume, or maps of one
// class by one method on the slices of a series. Values stay as they were computed, and
// are brought to the pixels of the slices when they are written.
type Stack struct {
	options   Options
	about     derived.About
	columns   int
	rows      int
	unit      string
	quantity  derived.Code
	title     string // of the method
	scale     drawing.Range
	layers    []layer
	slices    int // of the series; 0 for what is no part of one
	brought   string
	different string // unit and class of the first map
}

// layer is a slice of the source with the values of a map on its pixels, NaN where
// nothing is known.
type layer struct {
	derived.Slice
	number int // in the series
	values func() ([]float32, error)
}

// NewStack begins a stack of maps like the one that is shown, of a subject.
func NewStack(o Options, s report.Subject, shown report.Shown) *Stack {
	info := shown.Visualizer.Info()
	return &Stack{options: o, unit: shown.Map.Unit, quantity: quantity(info.ID), title: info.Title, slices: s.Slices, different: differs(s, shown)}
}

func differs(s report.Subject, shown report.Shown) string {
	return shown.Map.Target.Symbol(s.Model) + ", in " + shown.Map.Unit
}

// Add takes the map of a slice over. It has to be of the size, the unit and the class of
// the others.
func (k *Stack) Add(origin dicom.Origin, s report.Subject, shown report.Shown) error {
	f := s.Figure(shown)
	size := f.Base.Rect.Size()
	a := k.options.about(origin, s, shown)
	if len(k.layers) == 0 {
		k.about, k.columns, k.rows, k.brought = a, size.X, size.Y, resampled(f)
	}
	if size.X != k.columns || size.Y != k.rows {
		return fmt.Errorf("the slice has %d×%d pixels, others of the object %d×%d; the frames of an object have one size", size.X, size.Y, k.columns, k.rows)
	}
	if of := differs(s, shown); of != k.different {
		return fmt.Errorf("the map is of %s, others of the object of %s", of, k.different)
	}
	low, high := f.Ends()
	k.scale = k.scale.Joined(drawing.Range{Lo: low, Hi: high})
	f.Base = &image.RGBA{Rect: f.Base.Rect} // whose size is enough for the values
	k.layers = append(k.layers, layer{
		Slice:  derived.Slice{Class: origin.Class, Instance: origin.Instance, Frame: origin.Frame, Geometry: a.Geometry},
		number: a.Number, values: func() ([]float32, error) { return f.Values(), nil },
	})
	return nil
}

// Volume is the map of a volume, of which shown has the part on one slice, on the slices
// of its source that it reaches.
func (o Options) Volume(origin dicom.Origin, s report.Subject, shown report.Shown) (*Stack, error) {
	of := shown.Map.Of
	all := s.Picture.Slices()
	if of == nil || len(all) != of.Block.Source[0] {
		return nil, fmt.Errorf("the map is not one of all slices of the picture; compute it again")
	}
	k := NewStack(o, s, shown)
	f := s.Figure(shown)
	low, high := f.Ends()
	k.about, k.columns, k.rows, k.scale = o.about(origin, s, shown), of.Block.Source[2], of.Block.Source[1], drawing.Range{Lo: low, Hi: high}
	k.brought, k.slices = fitted(of), len(all)
	values, size := drawing.Field(of.Map).Values, of.Map.Sizes()
	for i, slice := range all {
		if of.Block.Reaches(i) {
			k.layers = append(k.layers, layer{slice, i, func() ([]float32, error) { return of.Block.Over(values, size, i), nil }})
		}
	}
	return k, nil
}

// fitted says how the map of a volume got to the pixels of the slices.
func fitted(of *visualizers.Whole) string {
	size := of.Map.Sizes()
	text := fmt.Sprintf("%d×%d×%d values brought to the pixels of the source slices by linear interpolation in three dimensions.", size[0], size[1], size[2])
	if of.Block.Aligned(size) {
		text = fmt.Sprintf("Each of %d×%d×%d values lies on its voxel of the source; nothing was interpolated.", size[0], size[1], size[2])
	}
	if of.Map.Channels > 1 {
		text += fmt.Sprintf(" Of %d channels the value of largest magnitude.", of.Map.Channels)
	}
	return text
}

// Len is the number of slices that have a map.
func (k *Stack) Len() int { return len(k.layers) }

// Numbers are those of the slices that have a map, in the series.
func (k *Stack) Numbers() (out []int) {
	for _, l := range k.layers {
		out = append(out, l.number)
	}
	return out
}

// Write writes the stack as an object of a kind: a [Parametric] map, or a [Segmentation]
// of where it reaches the threshold. tell, which may be nil, hears how much of the work
// is done, 0…1.
func (k *Stack) Write(ctx context.Context, w io.Writer, kind string, tell func(done float64)) error {
	a := k.about
	a.Says = sentences(a.Says, k.brought)
	if len(k.layers) > 1 {
		slices.SortStableFunc(k.layers, func(a, b layer) int { return cmp.Compare(a.number, b.number) })
		a.Number, a.Series = 1, a.Series+"all slices"
		a.Says = sentences(a.Says, fmt.Sprintf("%d of the %d slices.", len(k.layers), max(k.slices, len(k.layers))))
	}
	a.Slices = nil
	for _, l := range k.layers {
		a.Slices = append(a.Slices, l.Slice)
	}
	run := &pass{ctx: ctx, stack: k, tell: tell}
	if kind == Parametric {
		run.of = 2 * len(k.layers) // measured, then written
		return derived.Parametric(w, a, derived.Map{
			Columns: k.columns, Rows: k.rows, Values: run.values, Unit: k.unit, Quantity: k.quantity, Low: k.scale.Lo, High: k.scale.Hi,
		})
	}
	run.of = len(k.layers)
	region, err := k.above(run)
	if err != nil {
		return err
	}
	a.Says = sentences(region.Label+".", a.Says)
	return derived.Segmentation(w, a, k.columns, k.rows, []derived.Segment{region})
}

// above is the region where the maps reach the threshold.
func (k *Stack) above(run *pass) (derived.Segment, error) {
	above, largest := k.options.Above, 0.0
	if above.Share {
		run.of *= 2
		for i := range k.layers {
			values, err := run.values(i)
			if err != nil {
				return derived.Segment{}, err
			}
			_, most := report.Extremes(values)
			largest = max(largest, float64(most))
		}
	}
	least, err := above.of(largest)
	if err != nil {
		return derived.Segment{}, err
	}
	label := fmt.Sprintf("%s ≥ %.4g", k.unit, least)
	if above.Share {
		label += fmt.Sprintf(" (%.4g %% of the largest)", 100*above.Value)
	}
	return derived.Segment{Label: visible.Text(label), Method: "threshold of " + k.title, Inside: func(i int) ([]bool, error) {
		values, err := run.values(i)
		in := make([]bool, len(values))
		for i, v := range values {
			in[i] = float64(v) >= least // and so is none that is no number
		}
		return in, err
	}}, nil
}

// pass goes through the slices of a stack, some times.
type pass struct {
	ctx      context.Context
	stack    *Stack
	tell     func(done float64)
	done, of int
}

func (p *pass) values(i int) ([]float32, error) {
	if err := p.ctx.Err(); err != nil {
		return nil, err
	}
	values, err := p.stack.layers[i].values()
	if p.done++; p.tell != nil {
		p.tell(min(1, float64(p.done)/float64(p.of)))
	}
	return values, err
}

// RegionStack is regions on the slices of a series, which become one object.
type RegionStack struct {
	about  derived.About
	size   image.Point
	slices []derived.Slice
	on     []*mask.Regions
	names  []string
}

// Add takes the regions of a slice over; nil for none.
func (k *RegionStack) Add(o Options, origin dicom.Origin, s report.Subject, r *mask.Regions) error {
	a, size := o.ofRegions(origin, s), s.Base.Rect.Size()
	if len(k.on) == 0 {
		k.about, k.size = a, size
		k.about.Number, k.about.Series = 1, a.Series+"all slices"
	}
	if size != k.size {
		return fmt.Errorf("the slice has %d×%d pixels, others of the object %d×%d; the frames of an object have one size", size.X, size.Y, k.size.X, k.size.Y)
	}
	k.slices = append(k.slices, derived.Slice{Class: origin.Class, Instance: origin.Instance, Frame: origin.Frame, Geometry: a.Geometry})
	if k.on = append(k.on, r); r == nil {
		return nil
	}
	for _, name := range r.Names {
		if !slices.Contains(k.names, name) {
			k.names = append(k.names, name)
		}
	}
	return nil
}

// Empty reports whether no slice has a region.
func (k *RegionStack) Empty() bool { return len(k.names) == 0 }

// Write writes the regions, each name a segment.
func (k *RegionStack) Write(ctx context.Context, w io.Writer) error {
	a := k.about
	a.Slices = k.slices
	var segments []derived.Segment
	for _, name := range k.names {
		segments = append(segments, derived.Segment{Label: name, Inside: func(i int) ([]bool, error) {
			if r := k.on[i]; r != nil {
				if at := slices.Index(r.Names, name); at >= 0 {
					return r.Mask(uint8(at + 1)).Inside, ctx.Err()
				}
			}
			return make([]bool, k.size.X*k.size.Y), ctx.Err()
		}})
	}
	return derived.Segmentation(w, a, k.size.X, k.size.Y, segments)
}

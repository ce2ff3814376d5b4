package perturb

import (
	"picasso/backend/onnx/incremental"
)

// patch is the part of a tensor that differs from the remembered map, within a
// crop of the tensor. Ranges are given for each axis of places.
type patch struct {
	data []float32              // the crop's elements
	crop []incremental.Interval // what data holds
	part []incremental.Interval // what differs
}

// field is the layout of a tensor with places on some axes, two at least: runs[0] ×
// sides[0] × runs[1] × sides[1] × … × runs[n] elements.
type field struct{ sides, runs []int }

func newField(l *incremental.Local) field {
	f := field{sides: make([]int, len(l.Axes)), runs: l.Runs()}
	for axis := range f.sides {
		f.sides[axis] = l.Length(axis)
	}
	return f
}

// cut copies a crop of a whole map to dst, with the patch over it and zeros beyond
// its borders.
func (f field) cut(dst, whole []float32, crop []incremental.Interval, p *patch) {
	c := cutter{field: f, dst: dst, whole: whole, crop: crop, patch: p, part: p.within(crop)}
	for o := range f.runs[0] {
		c.level(0, o, o, c.part != nil)
	}
}

// within is the part of a crop that differs, nil where nothing does.
func (p *patch) within(crop []incremental.Interval) []incremental.Interval {
	if p == nil {
		return nil
	}
	part := make([]incremental.Interval, len(crop))
	for axis, c := range crop {
		part[axis] = incremental.Interval{Lo: max(c.Lo, p.part[axis].Lo), Hi: min(c.Hi, p.part[axis].Hi)}
		if part[axis].Empty() {
			return nil
		}
	}
	return part
}

// cutter is a cut on its way, one axis within the other.
type cutter struct {
	field
	dst, whole []float32
	at         int // elements of dst that are written
	crop, part []incremental.Interval
	patch      *patch
}

// level copies what a place of the outer axes holds: block numbers it in the map,
// and within in the patch's data; differs tells that the patch reaches it.
func (c *cutter) level(axis, block, within int, differs bool) {
	if axis == len(c.sides)-2 {
		c.plane(block, within, differs)
		return
	}
	rows, runs := c.crop[axis], c.runs[axis+1]
	for r := rows.Lo; r < rows.Hi; r++ {
		if r < 0 || r >= c.sides[axis] {
			n := c.behind(axis) * runs
			clear(c.dst[c.at : c.at+n])
			c.at += n
			continue
		}
		inside := differs && r >= c.part[axis].Lo && r < c.part[axis].Hi
		for m := range runs {
			next := 0
			if inside {
				next = (within*c.patch.crop[axis].Len()+r-c.patch.crop[axis].Lo)*runs + m
			}
			c.level(axis+1, (block*c.sides[axis]+r)*runs+m, next, inside)
		}
	}
}

// behind is the number of elements of the crop on the axes behind one, for each
// of the runs before them.
func (c *cutter) behind(axis int) int {
	n := 1
	for k := axis + 1; k < len(c.crop); k++ {
		n *= c.crop[k].Len() * c.runs[k+1]
	}
	return n
}

// plane copies rows and columns, the two innermost axes.
func (c *cutter) plane(block, within int, differs bool) {
	last := len(c.sides) - 1
	y, x, mid, inner := c.crop[last-1], c.crop[last], c.runs[last], c.runs[last+1]
	height, columns := c.sides[last-1], c.sides[last]
	width, row := x.Len()*inner, columns*inner
	left, right := max(0, -x.Lo)*inner, max(0, x.Hi-columns)*inner
	from := max(x.Lo, 0) * inner
	var rows incremental.Interval
	var begin, end int // elements before and up to the end of the patch in a line
	if differs {
		rows = c.part[last-1]
		begin, end = (c.part[last].Lo-x.Lo)*inner, (c.part[last].Hi-x.Lo)*inner
	}
	for r := y.Lo; r < y.Hi; r++ {
		for m := range mid {
			line := c.dst[c.at : c.at+width]
			c.at += width
			if r < 0 || r >= height {
				clear(line)
				continue
			}
			clear(line[:left])
			clear(line[width-right:])
			start := ((block*height+r)*mid+m)*row + from - left
			if r < rows.Lo || r >= rows.Hi {
				copy(line[left:width-right], c.whole[start+left:])
				continue
			}
			copy(line[left:begin], c.whole[start+left:])
			copy(line[begin:end], c.patch.line(c.field, within, r, m, c.part[last].Lo))
			copy(line[end:width-right], c.whole[start+end:])
		}
	}
}

// line is the patch's data from a column of a row on, in a block of the outer
// axes.
func (p *patch) line(f field, block, r, m, column int) []float32 {
	last := len(f.sides) - 1
	y, x := p.crop[last-1], p.crop[last]
	at := ((block*y.Len()+r-y.Lo)*f.runs[last]+m)*x.Len() + column - x.Lo
	return p.data[at*f.runs[last+1]:]
}

// paste copies what differs into a whole map.
func (f field) paste(dst []float32, p *patch) {
	for o := range f.runs[0] {
		f.pasteLevel(dst, p, 0, o, o)
	}
}

// pasteLevel pastes what a place of the outer axes holds: see [cutter.level].
func (f field) pasteLevel(dst []float32, p *patch, axis, block, within int) {
	rows, runs, last := p.part[axis], f.runs[axis+1], len(f.sides)-1
	inner, columns := f.runs[last+1], p.part[last]
	for r := rows.Lo; r < rows.Hi; r++ {
		for m := range runs {
			if axis < last-1 {
				f.pasteLevel(dst, p, axis+1, (block*f.sides[axis]+r)*runs+m, (within*p.crop[axis].Len()+r-p.crop[axis].Lo)*runs+m)
				continue
			}
			to := (((block*f.sides[axis]+r)*runs+m)*f.sides[last] + columns.Lo) * inner
			copy(dst[to:to+columns.Len()*inner], p.line(f, within, r, m, columns.Lo))
		}
	}
}

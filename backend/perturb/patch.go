package perturb

import (
	"picasso/backend/onnx/incremental"
)

// patch is the part of a tensor that differs from the remembered map, within a
// crop of the tensor.
type patch struct {
	data []float32               // the crop's elements
	crop [2]incremental.Interval // rows and columns that data holds
	part [2]incremental.Interval // rows and columns that differ
}

// field is the layout of a tensor with rows and columns: outer × rows × mid ×
// columns × inner.
type field struct {
	outer, rows, mid, columns, inner int
}

func newField(l *incremental.Local) field {
	outer, mid, inner := l.Planes()
	return field{outer: outer, rows: l.Length(0), mid: mid, columns: l.Length(1), inner: inner}
}

// cut copies rows y and columns x of a whole map to dst, with the patch over
// it and zeros beyond its borders.
func (f field) cut(dst, whole []float32, y, x incremental.Interval, p *patch) {
	width := x.Len() * f.inner
	left, right := max(0, -x.Lo)*f.inner, max(0, x.Hi-f.columns)*f.inner
	from, row := max(x.Lo, 0)*f.inner, f.columns*f.inner
	rows, columns := p.within(y, x)
	// Elements before, under and behind the patch in a line of dst.
	begin, end := (columns.Lo-x.Lo)*f.inner, (columns.Hi-x.Lo)*f.inner
	at := 0
	for o := range f.outer {
		for r := y.Lo; r < y.Hi; r++ {
			for m := range f.mid {
				line := dst[at : at+width]
				at += width
				if r < 0 || r >= f.rows {
					clear(line)
					continue
				}
				clear(line[:left])
				clear(line[width-right:])
				start := ((o*f.rows+r)*f.mid+m)*row + from - left
				if r < rows.Lo || r >= rows.Hi {
					copy(line[left:width-right], whole[start+left:])
					continue
				}
				copy(line[left:begin], whole[start+left:])
				copy(line[begin:end], p.line(f, o, r, m, columns.Lo))
				copy(line[end:width-right], whole[start+end:])
			}
		}
	}
}

// within is the part of rows y and columns x that differs.
func (p *patch) within(y, x incremental.Interval) (rows, columns incremental.Interval) {
	if p == nil {
		return rows, columns
	}
	rows = incremental.Interval{Lo: max(y.Lo, p.part[0].Lo), Hi: min(y.Hi, p.part[0].Hi)}
	columns = incremental.Interval{Lo: max(x.Lo, p.part[1].Lo), Hi: min(x.Hi, p.part[1].Hi)}
	if rows.Empty() || columns.Empty() {
		return incremental.Interval{}, incremental.Interval{}
	}
	return rows, columns
}

// line is the patch's data from a column of a row on.
func (p *patch) line(f field, o, r, m, column int) []float32 {
	at := ((o*p.crop[0].Len()+r-p.crop[0].Lo)*f.mid+m)*p.crop[1].Len() + column - p.crop[1].Lo
	return p.data[at*f.inner:]
}

// paste copies what differs into a whole map.
func (f field) paste(dst []float32, p *patch) {
	rows, columns := p.part[0], p.part[1]
	width := columns.Len() * f.inner
	for o := range f.outer {
		for r := rows.Lo; r < rows.Hi; r++ {
			for m := range f.mid {
				to := ((o*f.rows+r)*f.mid+m)*f.columns + columns.Lo
				copy(dst[to*f.inner:to*f.inner+width], p.line(f, o, r, m, columns.Lo))
			}
		}
	}
}

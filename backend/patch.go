package backend

import "picasso/backend/onnx/incremental"

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

// elements is the number of elements of a crop.
func (f field) elements(y, x incremental.Interval) int {
	return f.outer * y.Len() * f.mid * x.Len() * f.inner
}

// cut copies rows y and columns x of a whole map to dst, with zeros beyond its
// borders, and the patch over it.
func (f field) cut(dst, whole []float32, y, x incremental.Interval, p *patch) {
	width := x.Len() * f.inner
	left, right := max(0, -x.Lo)*f.inner, max(0, x.Hi-f.columns)*f.inner
	from := max(x.Lo, 0) * f.inner
	row := f.columns * f.inner
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
				start := ((o*f.rows+r)*f.mid + m) * row
				clear(line[:left])
				copy(line[left:width-right], whole[start+from:])
				clear(line[width-right:])
			}
		}
	}
	if p != nil {
		f.paste(dst, y, x, p)
	}
}

// paste copies what differs over rows y and columns x in dst.
func (f field) paste(dst []float32, y, x incremental.Interval, p *patch) {
	rows := incremental.Interval{Lo: max(y.Lo, p.part[0].Lo), Hi: min(y.Hi, p.part[0].Hi)}
	columns := incremental.Interval{Lo: max(x.Lo, p.part[1].Lo), Hi: min(x.Hi, p.part[1].Hi)}
	width := columns.Len() * f.inner
	if width == 0 {
		return
	}
	for o := range f.outer {
		for r := rows.Lo; r < rows.Hi; r++ {
			for m := range f.mid {
				to := ((o*y.Len()+r-y.Lo)*f.mid+m)*x.Len() + columns.Lo - x.Lo
				from := ((o*p.crop[0].Len()+r-p.crop[0].Lo)*f.mid+m)*p.crop[1].Len() + columns.Lo - p.crop[1].Lo
				copy(dst[to*f.inner:to*f.inner+width], p.data[from*f.inner:])
			}
		}
	}
}

package axes

import "slices"

// regrouped folds the factors into axes of the given lengths, in row-major
// order, as a Reshape does; nil where lengths cut through a factor that cannot
// be split.
func (l Layout) regrouped(shape []int) Layout {
	var rest Axis
	for _, a := range l {
		rest = append(rest, a...)
	}
	out := make(Layout, len(shape))
	for i, d := range shape {
		var a Axis
		if len(rest) > 0 && rest[0].Role == Batch && rest[0].Size == 1 {
			a, rest = append(a, rest[0]), rest[1:]
		}
		for n := 1; n < d; n = a.size() {
			if len(rest) == 0 || d%n != 0 {
				return nil
			}
			f := rest[0]
			if need := d / n; f.Size > need {
				outer, inner, ok := f.split(need)
				if !ok {
					return nil
				}
				a, rest = append(a, outer), append(Axis{inner}, rest[1:]...)
				continue
			}
			a, rest = append(a, f), rest[1:]
		}
		if a.size() != d {
			return nil
		}
		out[i] = a.joined()
	}
	for _, f := range rest {
		if f.Size != 1 || len(out) == 0 {
			return nil
		}
		out[len(out)-1] = append(slices.Clone(out[len(out)-1]), f)
	}
	return out.finer().patched()
}

// split cuts a factor into an outer one of the given size and the rest.
func (f Factor) split(size int) (outer, inner Factor, ok bool) {
	if f.Role == Tokens || f.Role == Batch || f.Size%size != 0 {
		return outer, inner, false
	}
	outer, inner = f, f
	outer.Size, inner.Size = size, f.Size/size
	outer.Stride = f.Stride * inner.Size
	return outer, inner, true
}

// finer reads rows and columns that channels were moved behind, as a pixel
// shuffle does, as a map of more of them.
func (l Layout) finer() Layout {
	grown := func(a Axis, role Role) bool {
		return len(a) == 2 && a[0].Role == role && a[0].Stride == 1 && !a[0].Key && a[1].Role == Channel
	}
	rows := slices.IndexFunc(l, func(a Axis) bool { return grown(a, Row) })
	columns := slices.IndexFunc(l, func(a Axis) bool { return grown(a, Column) })
	if rows < 0 || columns < 0 {
		return l
	}
	l[rows], l[columns] = place(Row, l[rows].size()), place(Column, l[columns].size())
	return l
}

// patched reads places that were put among the channels, as a patch embedding
// does, as channels of a coarser map.
func (l Layout) patched() Layout {
	mixed := slices.IndexFunc(l, func(a Axis) bool { return a.has(Channel) && a.placed() && !a.has(Tokens, Batch) })
	if mixed < 0 {
		return l
	}
	for _, role := range places {
		outer := slices.ContainsFunc(l, func(a Axis) bool { return a.has(role) && !a.has(Channel) })
		if l[mixed].has(role) && !outer {
			return l
		}
	}
	l[mixed] = channels(l[mixed].size())
	return l.coarsened()
}

// part is entries from…to−1 of an axis, by a step.
func (a Axis) part(from, to, step, length int) Axis {
	n := (to - from + step - 1) / step
	switch {
	case from == 0 && to == length && step == 1:
		return a
	case n <= 0:
		return nil
	case len(a) == 1 && a[0].Role == Tokens && step == 1:
		return a[0].tokens(from, to)
	case a.whole() && step == 1:
		f := a[0]
		f.Size, f.Start = n, (f.Start+from)%max(f.Full, 1)
		if f.Padded { // what is left of a map that was padded is taken for all of it
			f.Padded, f.Start, f.Full = false, 0, n
		}
		return Axis{f}
	case a.whole():
		return place(a[0].Role, n)
	}
	return channels(n)
}

// tokens is a part of an axis of tokens.
func (f Factor) tokens(from, to int) Axis {
	var parts []Part
	at := 0
	for _, p := range f.Parts {
		lo, hi := max(from, at), min(to, at+p.Size)
		switch {
		case lo >= hi:
		case hi-lo == p.Size:
			parts = append(parts, p)
		default: // some of the places
			parts = append(parts, Part{Size: hi - lo})
		}
		at += p.Size
	}
	return beside(parts, f.Key)
}

// beside is an axis of parts one after the other.
func beside(parts []Part, key bool) Axis {
	f := Factor{Role: Tokens, Stride: 1, Key: key}
	for _, p := range parts {
		f.Size += p.Size
		if n := len(f.Parts); n > 0 && p.Grid == nil && f.Parts[n-1].Grid == nil {
			f.Parts[n-1].Size += p.Size
			continue
		}
		f.Parts = append(f.Parts, p)
	}
	switch {
	case f.grids() == 0:
		return channels(f.Size)
	case len(f.Parts) == 1 && key:
		return f.Parts[0].Grid.keys()
	case len(f.Parts) == 1:
		return f.Parts[0].Grid
	}
	return Axis{f}
}

// parts are the parts of an axis of the given length.
func (a Axis) parts(length int) []Part {
	switch {
	case len(a) == 1 && a[0].Role == Tokens:
		return a[0].Parts
	case a.placed() && !a.has(Channel, Batch):
		return []Part{{Size: length, Grid: a}}
	}
	return []Part{{Size: length}}
}

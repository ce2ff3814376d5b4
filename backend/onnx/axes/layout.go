package axes

import (
	"slices"
	"strings"
)

// Role is what a factor of an axis counts.
type Role uint8

// Roles.
const (
	Batch   Role = iota + 1 // pictures
	Channel                 // features: channels, heads, anything that is no place
	Row                     // rows of the picture
	Column                  // columns of the picture
	Tokens                  // places beside each other with tokens that are none: see Factor.Parts
	Slice                   // slices of a volume
)

// places are the roles of places, from the outermost axis of an input inwards.
var places = []Role{Slice, Row, Column}

// Factor is a factor of an axis' length.
type Factor struct {
	Role Role
	Size int
	// Stride is the number of rows (or columns) between neighbours: 1, but for
	// the outer digit of an axis that was split into windows.
	Stride int
	// Start is the row of the first entry and Full the number of rows there
	// are, where a part was cut out or the map was rolled.
	Start, Full int
	// Padded tells that some of them lie beyond the picture's map.
	Padded bool
	// Key marks places of what is attended to, beside those that attend.
	Key   bool
	Parts []Part // of Tokens
}

// Part is a part of an axis of tokens.
type Part struct {
	Size int
	Grid Axis // rows and columns; nil for tokens that are no places
}

// Axis is a product of factors, the outermost first; none for a length of 1.
type Axis []Factor

// Layout is the axes of a tensor; nil where nothing is known.
type Layout []Axis

// place is a whole axis of n rows or columns.
func place(role Role, n int) Axis {
	return Axis{{Role: role, Size: n, Stride: 1, Full: n}}
}

// channels is an axis of n features.
func channels(n int) Axis {
	if n == 1 {
		return nil
	}
	return Axis{{Role: Channel, Size: n, Stride: 1}}
}

func (f Factor) isPlace() bool { return f.Role == Row || f.Role == Column || f.Role == Slice }

// has reports whether a factor is of one of the roles.
func (a Axis) has(roles ...Role) bool {
	return slices.ContainsFunc(a, func(f Factor) bool { return slices.Contains(roles, f.Role) })
}

// placed reports whether the axis holds places.
func (a Axis) placed() bool {
	return slices.ContainsFunc(a, func(f Factor) bool { return !f.Key && (f.isPlace() || f.grids() > 0) })
}

// grids is the number of parts that are places.
func (f Factor) grids() int {
	n := 0
	for _, p := range f.Parts {
		if p.Grid != nil {
			n++
		}
	}
	return n
}

func (a Axis) size() int {
	n := 1
	for _, f := range a {
		n *= f.Size
	}
	return n
}

// whole reports an axis of nothing but all the rows, or all the columns.
func (a Axis) whole() bool {
	return len(a) == 1 && a[0].isPlace() && a[0].Stride == 1 && !a[0].Key
}

// keys marks the places of an axis as those of what is attended to.
func (a Axis) keys() Axis {
	out := slices.Clone(a)
	for i := range out {
		out[i].Key = out[i].Key || out[i].isPlace() || out[i].Role == Tokens
	}
	return out
}

// plain is an axis after an operator that looks at neighbours: what was cut
// out is a map of its own.
func (a Axis) plain() Axis {
	if !a.whole() || a[0].Size == a[0].Full && !a[0].Padded {
		return a
	}
	return place(a[0].Role, a[0].Size)
}

// joined merges neighbouring factors that are digits of one number.
func (a Axis) joined() Axis {
	var out Axis
	for _, f := range a {
		if n := len(out); n > 0 {
			last := &out[n-1]
			switch {
			case f.Role == Channel && last.Role == Channel:
				last.Size *= f.Size
				continue
			case f.isPlace() && f.Role == last.Role && f.Key == last.Key && last.Stride == f.Stride*f.Size && f.Start == last.Start:
				last.Size, last.Stride = last.Size*f.Size, f.Stride
				continue
			}
		}
		out = append(out, f)
	}
	return out
}

// clone shares no axis.
func (l Layout) clone() Layout { return slices.Clone(l) }

// Placed reports whether the tensor holds places of the picture, keys apart.
func (l Layout) Placed() bool { return slices.ContainsFunc(l, Axis.placed) }

// Batch is the axis that counts pictures and how many it counts, −1 where none
// does.
func (l Layout) Batch() (axis, pictures int) {
	for i, a := range l {
		for _, f := range a {
			if f.Role == Batch {
				return i, f.Size
			}
		}
	}
	return -1, 1
}

// Whole finds the axes that are the rows and the columns of a picture, each by
// itself and none of it anywhere else; false where there are none such.
func (l Layout) Whole() (rows, columns int, ok bool) {
	at := l.Places()
	if len(at) != 2 || l[at[0]][0].Role != Row {
		return -1, -1, false
	}
	return at[0], at[1], true
}

// Places finds the axes that are slices, rows and columns, in this order, as far
// as the tensor has them: each by itself and none of it anywhere else; nil where
// there are none such.
func (l Layout) Places() []int {
	at := make([]int, 0, len(places))
	for _, role := range places {
		for i, a := range l {
			switch {
			case !a.has(role):
			case !a.whole() || len(at) > 0 && l[at[len(at)-1]][0].Role == role:
				return nil
			default:
				at = append(at, i)
			}
		}
	}
	if slices.ContainsFunc(l, func(a Axis) bool { return a.has(Tokens) }) {
		return nil
	}
	return at
}

// coarsened lets digits that remain after their inner ones were used up count
// places of a coarser map.
func (l Layout) coarsened() Layout {
	for _, role := range places {
		least := 0
		for _, a := range l {
			for _, f := range a {
				if f.Role == role && !f.Key && (least == 0 || f.Stride < least) {
					least = f.Stride
				}
			}
		}
		if least <= 1 {
			continue
		}
		for i, a := range l {
			l[i] = slices.Clone(a)
			for k, f := range l[i] {
				if f.Role == role && !f.Key && f.Stride%least == 0 {
					l[i][k].Stride, l[i][k].Start, l[i][k].Full = f.Stride/least, 0, f.Full/least
				}
			}
		}
	}
	return l
}

// Names are what the axes of a tensor count, such as "N,C,h,w"; "" where nothing
// is known. batched tells that the first axis counts pictures, one of which may
// leave no trace.
func (p *Map) Names(tensor string, batched bool) string {
	var names []string
	for i, a := range p.Of(tensor) {
		name := a.Name()
		if i == 0 && batched && len(a) == 0 {
			name = "N"
		}
		names = append(names, name)
	}
	return strings.Join(names, ",")
}

// Name is what an axis counts: N for pictures, C for features, d, h and w for
// slices, rows and columns, tokens for places in one row, and products of them
// such as h·w.
func (a Axis) Name() string {
	var parts []string
	for _, f := range a {
		name := map[Role]string{Batch: "N", Channel: "C", Slice: "d", Row: "h", Column: "w", Tokens: "tokens"}[f.Role]
		if len(parts) == 0 || parts[len(parts)-1] != name {
			parts = append(parts, name)
		}
	}
	switch text := strings.Join(parts, "·"); text {
	case "":
		return "1"
	case "h·w", "d·h·w":
		return "tokens"
	default:
		return text
	}
}

package axes

import (
	"fmt"
	"slices"
	"sync"
)

// Cells is a tensor read as a map: channels over rows and columns of cells, of
// which each stands for the same part of the picture.
type Cells struct {
	Channels, Height, Width int
	// Extra is the number of tokens that are no places, which are left out.
	Extra int
	// Parts tells that the tensor holds the map in windows.
	Windows bool
	// Last tells that the channels come last.
	Last bool
	// Batch is the axis that counts pictures, −1 where none does, and Pictures
	// how many it counts.
	Batch, Pictures int
	elements        int            // of one picture
	order           func() []int32 // where each element goes, −1 for nowhere; nil where they are in order
}

// Cells reads a tensor as a map. It reports false for a tensor that is none:
// places are missing, or appear a second time as they do in attention
// matrices, there are maps of several sizes, windows reach beyond the map, or
// channels are spread over several axes as heads and anchors are; or for one that
// has slices, see [Solid].
func (p *Map) Cells(name string) (Cells, bool) {
	l := p.layouts[name]
	shape := p.shape(name)
	if len(l) < 3 || len(shape) != len(l) || slices.ContainsFunc(l, func(a Axis) bool { return a.has(Slice) }) {
		return Cells{}, false
	}
	g, ok := l.grid()
	if !ok || g.rows*g.columns < 2 || l.flattened() || g.windows && g.padded {
		return Cells{}, false
	}
	c := Cells{Height: g.rows, Width: g.columns, Extra: g.extra, Windows: g.windows, Channels: 1}
	c.Batch, c.Pictures = l.Batch()
	c.elements = 1
	within, last := 0, -1
	for i, a := range l {
		c.elements *= a.size()
		if n := a.features(); n > 1 {
			c.Channels *= n
			within++
			last = i
		}
		if a.placed() && last < i {
			last = -1
		}
	}
	c.elements /= c.Pictures
	c.Last = last == len(l)-1
	if within > 1 { // heads, anchors
		return Cells{}, false
	}
	if c.Pictures > 1 && l[c.Batch][0].Role != Batch {
		return Cells{}, false
	}
	if rows, columns, whole := l.Whole(); !whole || rows != len(l)-2 || columns != len(l)-1 || l.rolled() {
		of := c
		c.order = sync.OnceValue(func() []int32 { return l.order(of) })
	}
	return c, true
}

// flattened reports rows and columns in one axis with or behind the channels:
// what is flattened for a head, or for a normalisation over all.
func (l Layout) flattened() bool {
	featured := false
	for _, a := range l {
		if featured && (a.has(Row) && a.has(Column) || a.has(Tokens)) || a.placed() && a.features() > 1 {
			return true
		}
		featured = featured || a.features() > 1
	}
	return false
}

// features is the number of channels that an axis counts.
func (a Axis) features() int {
	n := 1
	for _, f := range a {
		if f.Role == Channel {
			n *= f.Size
		}
	}
	return n
}

// grid is the map of places that a layout holds.
type grid struct {
	rows, columns, extra int
	windows, padded      bool
}

// grid finds the places of a layout, each of which must be there once.
func (l Layout) grid() (grid, bool) {
	g := grid{}
	var digits [2]Axis
	tokens := 0
	take := func(a Axis) {
		for _, f := range a {
			g.padded = g.padded || f.Padded
			if f.isPlace() {
				digits[f.Role-Row] = append(digits[f.Role-Row], f)
			}
		}
	}
	for _, a := range l {
		for _, f := range a {
			if f.Key {
				return g, false
			}
			if f.Role != Tokens {
				continue
			}
			tokens++
			if f.grids() != 1 {
				return g, false
			}
			for _, part := range f.Parts {
				if part.Grid == nil {
					g.extra += part.Size
				}
				take(part.Grid)
			}
		}
		take(a)
	}
	if tokens > 1 {
		return g, false
	}
	for i, d := range digits {
		n, whole := number(d)
		if !whole {
			return g, false
		}
		g.windows = g.windows || len(d) > 1
		if i == 0 {
			g.rows = n
		} else {
			g.columns = n
		}
	}
	return g, true
}

// number is the length that digits count up to; false where a digit is missing
// or there twice.
func number(digits Axis) (int, bool) {
	sorted := slices.SortedFunc(slices.Values(digits), func(a, b Factor) int { return a.Stride - b.Stride })
	n := 1
	for _, f := range sorted {
		if f.Size == 1 && len(sorted) == 1 {
			return 1, true
		}
		if f.Stride != n || f.Start != sorted[0].Start {
			return 0, false
		}
		n *= f.Size
	}
	return n, true
}

// rolled reports a map whose first row or column is not the picture's.
func (l Layout) rolled() bool {
	return slices.ContainsFunc(l, func(a Axis) bool { return a.whole() && a[0].Size == a[0].Full && a[0].Start != 0 })
}

// order is where each element of one picture goes in channels × rows ×
// columns.
func (l Layout) order(c Cells) []int32 {
	places := []place3{{}}
	for _, a := range l {
		for _, f := range a {
			if f.Role != Batch {
				places = multiplied(places, f, c)
			}
		}
	}
	order := make([]int32, len(places))
	for i, p := range places {
		order[i] = int32((p.channel*c.Height+(p.row+c.Height)%c.Height)*c.Width + (p.column+c.Width)%c.Width)
		if p.none {
			order[i] = -1
		}
	}
	return order
}

// place3 is where an element belongs.
type place3 struct {
	channel, row, column int
	none                 bool
}

// multiplied are the places with a further factor behind them.
func multiplied(places []place3, f Factor, c Cells) []place3 {
	var inner []place3
	if f.Role == Tokens {
		for _, part := range f.Parts {
			if part.Grid == nil {
				inner = append(inner, slices.Repeat([]place3{{none: true}}, part.Size)...)
				continue
			}
			grid := []place3{{}}
			for _, g := range part.Grid {
				grid = multiplied(grid, g, c)
			}
			inner = append(inner, grid...)
		}
	} else {
		inner = digits(f, c)
	}
	out := make([]place3, 0, len(places)*len(inner))
	for _, p := range places {
		for _, q := range inner {
			channel := q.channel
			if f.Role == Channel {
				channel += p.channel * f.Size
			} else {
				channel += p.channel
			}
			out = append(out, place3{channel, p.row + q.row, p.column + q.column, p.none || q.none})
		}
	}
	return out
}

// digits are the places of one factor. A map that was rolled is turned back;
// what was cut out begins at 0.
func digits(f Factor, c Cells) []place3 {
	out := make([]place3, f.Size)
	for i := range out {
		at := i * f.Stride
		switch f.Role {
		case Channel:
			out[i].channel = i
		case Row:
			if f.Stride == 1 && f.Full == c.Height {
				at += f.Start
			}
			out[i].row = at
		case Column:
			if f.Stride == 1 && f.Full == c.Width {
				at += f.Start
			}
			out[i].column = at
		}
	}
	return out
}

// Planes brings the elements of one picture into the order channels × rows ×
// columns.
func (c Cells) Planes(data []float32) ([]float32, error) {
	if len(data) != c.elements {
		return nil, fmt.Errorf("%d elements where a map of %d×%d×%d has %d", len(data), c.Channels, c.Height, c.Width, c.elements)
	}
	out := make([]float32, c.Channels*c.Height*c.Width)
	if c.order == nil {
		copy(out, data)
		return out, nil
	}
	for i, at := range c.order() {
		if at >= 0 {
			out[at] = data[i]
		}
	}
	return out, nil
}

// Flat is [Cells.Planes] run backwards: values of channels × rows × columns in
// the order in which the tensor holds one picture, 0 where it holds no place.
func (c Cells) Flat(planes []float32) ([]float32, error) {
	if len(planes) != c.Channels*c.Height*c.Width {
		return nil, fmt.Errorf("%d values for a map of %d×%d×%d", len(planes), c.Channels, c.Height, c.Width)
	}
	out := make([]float32, c.elements)
	if c.order == nil {
		copy(out, planes)
		return out, nil
	}
	for i, at := range c.order() {
		if at >= 0 {
			out[i] = planes[at]
		}
	}
	return out, nil
}

// Form says in words how a tensor holds its map, "" for channels × rows ×
// columns.
func (c Cells) Form() string {
	switch {
	case c.Extra == 1:
		return "tokens as cells, without the one that is no place"
	case c.Extra > 1:
		return fmt.Sprintf("tokens as cells, without the %d that are no places", c.Extra)
	case c.Windows:
		return "windows put together"
	case c.Last:
		return "channels last"
	}
	return ""
}

package audit

import (
	"math"

	"picasso/backend/preprocess"
	"picasso/visualizers/audit/statistics"
)

// Side is the number of rows and of columns of the maps that are compared.
const Side = 32

// Reduce brings the positive part of a map, height×width over the model's input,
// to Side×Side cells of the picture that the model was shown, which has columns ×
// rows pixels and lies at a place. Every cell is the mean over its part of the
// picture; what the model was not shown counts as 0. Padding around the picture is
// left out.
func Reduce(values []float32, height, width int, at preprocess.Placement, inputHeight, inputWidth, rows, columns int) []float32 {
	const samples = 4 // along each axis of a cell
	out := make([]float32, Side*Side)
	for i := range out {
		total := 0.0
		for k := range samples * samples {
			py := (float64(i/Side) + (float64(k/samples)+0.5)/samples) / Side * float64(rows)
			px := (float64(i%Side) + (float64(k%samples)+0.5)/samples) / Side * float64(columns)
			x, y := at.Input(px, py)
			row := int(math.Floor(y / float64(inputHeight) * float64(height)))
			column := int(math.Floor(x / float64(inputWidth) * float64(width)))
			if row >= 0 && row < height && column >= 0 && column < width {
				total += max(0, float64(values[row*width+column]))
			}
		}
		out[i] = float32(total / (samples * samples))
	}
	return out
}

// Place is where in the picture a map lies. Shares are parts of the sum of its
// positive values; all are 0 where there are none.
type Place struct {
	Strength float64 // the sum before it was divided
	// Focus is 1 − H/ln n of the shares of n cells: 0 where all are equal, 1 where
	// one has everything.
	Focus       float64
	Top, Bottom float64 // shares of the upper and the lower third
	Border      float64 // share of the outer tenth all round
	Corners     [4]float64
	// CentreX and CentreY are the centre of mass, 0…1 from the left and from above.
	CentreX, CentreY float64
}

// Areas are the shares that a map has which is the same everywhere.
type Areas struct{ Third, Border, Corner float64 }

// areasOf counts the cells of a grid that each part takes.
func areasOf(rows, columns int) Areas {
	uniform := make([]float32, rows*columns)
	for i := range uniform {
		uniform[i] = 1
	}
	p := PlaceOf(uniform, rows, columns)
	return Areas{Third: p.Top, Border: p.Border, Corner: p.Corners[0]}
}

// thirds and corners of a side, and the border, in cells.
func third(n int) int  { return max(1, n/3) }
func border(n int) int { return max(1, int(math.Round(0.1*float64(n)))) }
func corner(n int) int { return max(1, int(math.Round(0.2*float64(n)))) }

// PlaceOf tells where a map of rows × columns lies.
func PlaceOf(values []float32, rows, columns int) Place {
	var p Place
	for _, v := range values {
		p.Strength += max(0, float64(v))
	}
	if p.Strength <= 0 {
		return p
	}
	shares := make([]float64, len(values))
	for i, v := range values {
		q := max(0, float64(v)) / p.Strength
		shares[i] = q
		p.count(q, i/columns, i%columns, rows, columns)
	}
	p.Focus = 1 - statistics.Entropy(shares)/math.Log(float64(len(values)))
	return p
}

// count adds the share of a cell to the parts that it lies in.
func (p *Place) count(q float64, row, column, rows, columns int) {
	down, right := rows-1-row, columns-1-column
	p.CentreX += q * (float64(column) + 0.5) / float64(columns)
	p.CentreY += q * (float64(row) + 0.5) / float64(rows)
	if row < third(rows) {
		p.Top += q
	}
	if down < third(rows) {
		p.Bottom += q
	}
	if min(row, down) < border(rows) || min(column, right) < border(columns) {
		p.Border += q
	}
	upper, left := row < corner(rows), column < corner(columns)
	lower, far := down < corner(rows), right < corner(columns)
	for i, in := range []bool{upper && left, upper && far, lower && left, lower && far} {
		if in {
			p.Corners[i] += q
		}
	}
}

// Concentration tells whether maps lie at the same place: the focus of their mean
// over the mean of their focus, 0 where the places differ and 1 where every map has
// the same one. ok is false where no map is focused.
func Concentration(maps [][]float32) (share float64, ok bool) {
	places := make([]Place, len(maps))
	for k, m := range maps {
		places[k] = PlaceOf(m, 1, len(m))
	}
	return concentration(places, func(k int) []float32 { return maps[k] })
}

// concentration is that of maps that lie at some places.
func concentration(places []Place, at func(k int) []float32) (share float64, ok bool) {
	var mean []float32
	focus := 0.0
	for k, p := range places {
		m := at(k)
		if mean == nil {
			mean = make([]float32, len(m))
		}
		if p.Strength <= 0 {
			continue
		}
		focus += p.Focus
		for i, v := range m {
			mean[i] += max(0, v) / float32(p.Strength)
		}
	}
	if n := float64(len(places)); n == 0 || focus/n < 1e-9 {
		return 0, false
	}
	return PlaceOf(mean, 1, len(mean)).Focus / (focus / float64(len(places))), true
}

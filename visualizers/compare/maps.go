package compare

import (
	"image"
	"math"

	"picasso/backend/preprocess"
	"picasso/visualizers"
	"picasso/visualizers/trust"
	"picasso/visualizers/trust/similarity"
)

// Side is one model's map of a picture, and where it lies in that.
type Side struct {
	Map   visualizers.Map
	Place preprocess.Placement // from the model's input to the picture
	Input image.Point          // size of the model's input: X columns, Y rows
}

// Result are the maps of two models on one picture.
type Result struct {
	Height, Width int // of the picture, in its pixels
	// A, B and Difference = A − B are Height×Width in row order; NaN where a model
	// does not see the picture.
	A, B, Difference []float32
	// ShapeOnly tells that A and B are divided by their root mean square, because
	// their values are no quantities of one kind.
	ShapeOnly bool
	// Spearman is the rank correlation of A and B, averaged to at most
	// [similarity.ComparedEdge] cells an edge; NaN where one of them is the same
	// everywhere.
	Spearman float64
}

// ShapeOnly reports whether the values of a method's maps of two models can only be
// compared in their shape. What covering and sampling measure are changes of a
// score, the same quantity in any model. Gradients are per unit of the model's
// input, which has to be the same one; layers have units of their own in every
// network, and what other methods measure is not known.
func ShapeOnly(g visualizers.Group, sameModel, samePreparation bool) bool {
	switch g {
	case visualizers.Cover, visualizers.Sampling:
		return false
	case visualizers.Gradient:
		return !samePreparation
	}
	return !sameModel
}

// Maps brings two maps to the pixels of a picture and subtracts them.
func Maps(a, b Side, height, width int, shapeOnly bool) Result {
	r := Result{Height: height, Width: width, ShapeOnly: shapeOnly}
	r.A, r.B = a.on(height, width, height, width), b.on(height, width, height, width)
	if shapeOnly {
		normalise(r.A)
		normalise(r.B)
	}
	r.Difference = make([]float32, len(r.A))
	for i := range r.Difference {
		r.Difference[i] = r.A[i] - r.B[i]
	}
	rows, columns := min(height, similarity.ComparedEdge), min(width, similarity.ComparedEdge)
	r.Spearman = similarity.Spearman(
		similarity.Of(a.on(height, width, rows, columns), rows, columns),
		similarity.Of(b.on(height, width, rows, columns), rows, columns))
	return r
}

// normalise divides by the root of the mean square of what is known.
func normalise(values []float32) {
	var square float64
	known := 0
	for _, v := range values {
		if v == v {
			square += float64(v) * float64(v)
			known++
		}
	}
	if square == 0 {
		return
	}
	by := float32(math.Sqrt(square / float64(known)))
	for i := range values {
		values[i] /= by
	}
}

// on is the map on a grid of rows × columns that spans a picture of height × width
// pixels: each cell is the mean of the map over the cell's area, of what is known
// there. Channels are averaged.
func (s Side) on(height, width, rows, columns int) []float32 {
	g := trust.Field(s.Map)
	if s.Map.Inverse {
		for i := range g.Values {
			g.Values[i] = -g.Values[i] // as the map itself counts
		}
	}
	at := s.Place
	at.ScaleX, at.ScaleY = at.ScaleX*float64(s.Input.X), at.ScaleY*float64(s.Input.Y) // of the whole map
	if s.Map.WholePicture {
		at = preprocess.Placement{ScaleX: float64(width), ScaleY: float64(height)}
	}
	down := overlaps(rows, float64(height), at.OffsetY, at.ScaleY, g.Height)
	across := overlaps(columns, float64(width), at.OffsetX, at.ScaleX, g.Width)
	out := make([]float32, rows*columns)
	for i := range out {
		out[i] = float32(mean(g, down[i/columns], across[i%columns]))
	}
	return out
}

// overlap is how much of a cell belongs to a place of the map.
type overlap struct {
	index int
	part  float64
}

// overlaps divides an edge of a picture into cells, and finds for each which of n
// places it overlaps that span the edge from an offset on.
func overlaps(cells int, edge, offset, length float64, n int) [][]overlap {
	out := make([][]overlap, cells)
	for c := range out {
		low := (float64(c)*edge/float64(cells) - offset) / length * float64(n)
		high := (float64(c+1)*edge/float64(cells) - offset) / length * float64(n)
		for i := max(0, int(math.Floor(low))); i < n && float64(i) < high; i++ {
			if part := min(high, float64(i+1)) - max(low, float64(i)); part > 1e-9 {
				out[c] = append(out[c], overlap{i, part})
			}
		}
	}
	return out
}

func mean(g similarity.Grid, rows, columns []overlap) float64 {
	var sum, weight float64
	for _, r := range rows {
		for _, c := range columns {
			if v := g.Values[r.index*g.Width+c.index]; !math.IsNaN(v) {
				sum += v * r.part * c.part
				weight += r.part * c.part
			}
		}
	}
	return sum / weight // NaN where nothing is known
}

package gradient

import (
	"math"

	"picasso/backend/onnx"
)

// sampledEvenly is the check of RoiAlign.
func sampledEvenly(_ *graph, n *onnx.Node) string {
	switch {
	case n.AttrString("mode", "avg") != "avg":
		return "takes the largest sample, for which there is no rule"
	case n.AttrInt("sampling_ratio", 0) < 1:
		return "takes as many samples as a region is large; export with a fixed sampling ratio (sampling_ratio=2)"
	}
	return ""
}

// lowerRoiAlign reads regions of one picture at ratio × ratio points per cell and
// averages them (He et al. 2017, arXiv:1703.06870).
func lowerRoiAlign(c *call) {
	f := c.in(0)
	if reason := sampledEvenly(c.graph, c.node); reason != "" {
		c.refuse("%s", reason)
		return
	}
	if f.rank() != 4 || f.Shape[0] != 1 || product(f.Shape[2:]) > exactPlaces {
		c.refuse("reads regions of a tensor of shape %v, for which there is no rule", f.Shape)
		return
	}
	r := regions{call: c, ratio: c.node.AttrInt("sampling_ratio", 0), count: c.in(1).Shape[0],
		cells: [2]int64{c.node.AttrInt("output_height", 1), c.node.AttrInt("output_width", 1)},
		half:  c.opset >= 16 && c.node.AttrString("coordinate_transformation_mode", "half_pixel") == "half_pixel"}
	coordinates, valid := make([]string, 2), make([]string, 2)
	for a := range coordinates {
		at := r.places(a)
		last := float32(f.Shape[2+a])
		valid[a] = c.both(c.greater(at, float64(math.Nextafter32(-1, -2))), c.less(at, float64(math.Nextafter32(last, math.MaxFloat32))))
		coordinates[a] = c.clamp(at, 0, float64(f.Shape[2+a]-1))
	}
	s := sampler{call: c, sizes: f.Shape[2:], padding: "border", mode: "linear", align: true, alone: true}
	x := c.reshape(c.arg(0), []int64{1, f.Shape[1], product(s.sizes)})
	y := s.sample(x, f.Shape[1], r.points(), coordinates)
	y = c.mul(y, c.cast(c.both(valid[0], valid[1]), onnx.Float))
	y = c.reshape(y, []int64{f.Shape[1], r.count, r.cells[0], r.ratio, r.cells[1], r.ratio})
	y = c.reshape(c.mean(y, 3, 5), []int64{f.Shape[1], r.count, r.cells[0], r.cells[1]})
	c.give(0, c.transpose(y, []int64{1, 0, 2, 3}))
}

// regions are rectangles x₁, y₁, x₂, y₂ in input 1, cut into cells.
type regions struct {
	*call
	count, ratio int64
	cells        [2]int64
	half         bool // places are counted from the middle of the first one
}

// points is how many points are read in all.
func (r regions) points() int64 { return r.count * r.cells[0] * r.cells[1] * r.ratio * r.ratio }

// edge is one of the four numbers of every region, in places, [count, 1].
func (r regions) edge(i int64) string {
	v := r.scale(r.slice(r.arg(1), 1, i, i+1), float64(r.node.AttrFloat("spatial_scale", 1)))
	if r.half {
		return r.shift(v, -0.5)
	}
	return v
}

// places are the coordinates of all points along an axis (rows, columns).
func (r regions) places(a int) string {
	first := r.edge(int64(1 - a))
	length := r.sub(r.edge(int64(3-a)), first)
	if !r.half {
		length = r.op("Max", []string{length, r.number(1)})
	}
	n := r.cells[a] * r.ratio
	steps := make([]float32, n)
	for k := range steps {
		steps[k] = float32((float64(k) + 0.5) / float64(n))
	}
	at := r.add(first, r.mul(length, r.floats([]int64{1, n}, steps)))
	shape := []int64{r.count, n, 1}
	if a == 1 {
		shape = []int64{r.count, 1, n}
	}
	all := r.ints(r.count, r.cells[0]*r.ratio, r.cells[1]*r.ratio)
	return r.reshape(r.op("Expand", []string{r.reshape(at, shape), all}), []int64{1, 1, r.points()})
}

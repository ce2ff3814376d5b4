package axes

import (
	"slices"
	"testing"

	"picasso/backend/onnx"
)

// chain traces nodes from a picture of 3×4×6 (N×C×h×w).
func chain(shapes map[string][]int, constants map[string][]int64, nodes ...*onnx.Node) *Map {
	m := &onnx.Model{Opsets: map[string]int64{"": 17}, Graph: &onnx.Graph{Nodes: nodes, Inputs: []*onnx.Value{{Name: "x", Type: onnx.Float}}}}
	for name, v := range constants {
		m.Graph.Initializers = append(m.Graph.Initializers, onnx.NewInts(name, []int64{int64(len(v))}, v))
	}
	shapes["x"] = []int{1, 3, 4, 6}
	facts := func(name string) (Known, bool) {
		s, ok := shapes[name]
		return Known{Type: onnx.Float, Shape: s}, ok
	}
	return Trace(m, facts, "x", Picture(1, 3, 4, 6, false))
}

func node(op, out string, in []string, attrs ...*onnx.Attr) *onnx.Node {
	return &onnx.Node{OpType: op, Inputs: in, Outputs: []string{out}, Attrs: attrs}
}

func perm(v ...int64) *onnx.Attr { return &onnx.Attr{Name: "perm", Kind: onnx.AttrInts, Ints: v} }

func axis(v int64) *onnx.Attr { return &onnx.Attr{Name: "axis", Kind: onnx.AttrInt, I: v} }

// ramp is the picture whose element tells its channel, row and column:
// 100·channel + 10·row + column.
func ramp() (planes []float32) {
	for c := range 3 {
		for y := range 4 {
			for x := range 6 {
				planes = append(planes, float32(100*c+10*y+x))
			}
		}
	}
	return planes
}

// Elements go back to their places, whatever was done to their order.
func TestCellsGoBackToTheirPlaces(t *testing.T) {
	at := func(c, y, x int) float32 { return float32(100*c + 10*y + x) }
	for _, tt := range []struct {
		name   string
		m      *Map
		values func() []float32 // of "y", worked out by hand
		extra  int
	}{
		{
			"channels last", chain(map[string][]int{"y": {1, 4, 6, 3}}, nil, node("Transpose", "y", []string{"x"}, perm(0, 2, 3, 1))),
			func() (v []float32) {
				for y := range 4 {
					for x := range 6 {
						v = append(v, at(0, y, x), at(1, y, x), at(2, y, x))
					}
				}
				return v
			}, 0,
		},
		{
			"a token in front", chain(map[string][]int{"r": {1, 3, 24}, "t": {1, 24, 3}, "y": {1, 25, 3}, "cls": {1, 1, 3}}, nil,
				node("Reshape", "r", []string{"x", "s"}), node("Transpose", "t", []string{"r"}, perm(0, 2, 1)), node("Concat", "y", []string{"cls", "t"}, axis(1))),
			func() []float32 {
				v := []float32{-1, -1, -1}
				for y := range 4 {
					for x := range 6 {
						v = append(v, at(0, y, x), at(1, y, x), at(2, y, x))
					}
				}
				return v
			}, 1,
		},
		{
			"windows of 2×3", chain(map[string][]int{"t": {1, 4, 6, 3}, "r": {1, 2, 2, 2, 3, 3}, "p": {1, 2, 2, 2, 3, 3}, "y": {4, 6, 3}}, nil,
				node("Transpose", "t", []string{"x"}, perm(0, 2, 3, 1)), node("Reshape", "r", []string{"t", "s"}),
				node("Transpose", "p", []string{"r"}, perm(0, 1, 3, 2, 4, 5)), node("Reshape", "y", []string{"p", "s2"})),
			func() (v []float32) {
				for wy := range 2 {
					for wx := range 2 {
						for y := range 2 {
							for x := range 3 {
								for c := range 3 {
									v = append(v, at(c, 2*wy+y, 3*wx+x))
								}
							}
						}
					}
				}
				return v
			}, 0,
		},
		{
			"rolled by one row", chain(map[string][]int{"a": {1, 3, 3, 6}, "b": {1, 3, 1, 6}, "y": {1, 3, 4, 6}},
				map[string][]int64{"0": {0}, "1": {1}, "2": {2}, "9": {9}},
				node("Slice", "a", []string{"x", "1", "9", "2"}), node("Slice", "b", []string{"x", "0", "1", "2"}), node("Concat", "y", []string{"a", "b"}, axis(2))),
			func() (v []float32) {
				for c := range 3 {
					for y := range 4 {
						for x := range 6 {
							v = append(v, at(c, (y+1)%4, x))
						}
					}
				}
				return v
			}, 0,
		},
	} {
		c, ok := tt.m.Cells("y")
		if !ok || c.Channels != 3 || c.Height != 4 || c.Width != 6 || c.Extra != tt.extra {
			t.Errorf("%s: %+v, %v (%v)", tt.name, c, ok, tt.m.Of("y"))
			continue
		}
		got, err := c.Planes(tt.values())
		if err != nil || !slices.Equal(got, ramp()) {
			t.Errorf("%s: %v, %v", tt.name, got, err)
		}
		if _, err := c.Planes(make([]float32, 5)); err == nil {
			t.Errorf("%s: five elements are taken", tt.name)
		}
	}
}

// What mixes places, or has them twice, is no map.
func TestTensorsThatAreNoMaps(t *testing.T) {
	r, tr := node("Reshape", "r", []string{"x", "s"}), node("Transpose", "t", []string{"r"}, perm(0, 2, 1))
	shapes := func(more map[string][]int) map[string][]int {
		more["r"], more["t"] = []int{1, 3, 24}, []int{1, 24, 3}
		return more
	}
	for name, m := range map[string]*Map{
		"tokens × tokens":     chain(shapes(map[string][]int{"y": {1, 24, 24}}), nil, r, tr, node("MatMul", "y", []string{"t", "r"})),
		"channels × channels": chain(shapes(map[string][]int{"y": {1, 3, 3}}), nil, r, tr, node("MatMul", "y", []string{"r", "t"})),
		"a mean of tokens":    chain(shapes(map[string][]int{"y": {1, 1, 3}}), nil, r, tr, node("ReduceMean", "y", []string{"t"}, &onnx.Attr{Name: "axes", Kind: onnx.AttrInts, Ints: []int64{1}})),
		"one row":             chain(map[string][]int{"y": {1, 3, 1, 1}}, nil, node("GlobalAveragePool", "y", []string{"x"})),
		"heads":               chain(shapes(map[string][]int{"y": {1, 24, 3, 1}, "h": {1, 24, 1, 3}}), nil, r, tr, node("Reshape", "h", []string{"t", "s"}), node("Softmax", "y", []string{"missing"})),
		"an unknown operator": chain(map[string][]int{"y": {1, 3, 4, 6}}, nil, node("Strange", "y", []string{"x"})),
		"tokens in a lost order": chain(shapes(map[string][]int{"y": {1, 24, 3}}), map[string][]int64{"order": {3, 1, 2}}, r, tr,
			node("Gather", "y", []string{"t", "order"}, axis(1))),
	} {
		if c, ok := m.Cells("y"); ok {
			t.Errorf("%s: taken for a map of %d×%d×%d", name, c.Channels, c.Height, c.Width)
		}
	}
}

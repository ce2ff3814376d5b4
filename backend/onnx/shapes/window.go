package shapes

import "slices"

// conv: N×C×d… with weights M×C/g×k….
func conv(c *call) {
	x, okx := c.in(0)
	w, okw := c.in(1)
	if !okx || !okw || len(x) < 3 || len(w) != len(x) {
		return
	}
	if places, ok := c.windows(x[2:], w[2:]); ok {
		c.gives(0, append([]int64{x[0], w[0]}, places...))
	}
}

// pool: N×C×d…; MaxPool's second output, the positions, has the same shape.
func pool(c *call) {
	x, ok := c.in(0)
	kernel := c.node.AttrInts("kernel_shape")
	if !ok || len(x) < 3 || len(kernel) != len(x)-2 {
		return
	}
	if places, ok := c.windows(x[2:], kernel); ok {
		shape := append([]int64{x[0], x[1]}, places...)
		c.gives(0, shape)
		c.gives(1, shape)
	}
}

// windows are the numbers of places along each axis on which a kernel comes to
// lie. Where ceil_mode would add a place, runtimes differ about windows that
// begin in the padding, so nothing is said.
func (c *call) windows(in, kernel []int64) (out []int64, ok bool) {
	stride, ok1 := c.perAxis("strides", len(in))
	dilation, ok2 := c.perAxis("dilations", len(in))
	pads := c.node.AttrInts("pads")
	auto := c.node.AttrString("auto_pad", "NOTSET")
	if len(pads) == 0 {
		pads = make([]int64, 2*len(in))
	}
	if !ok1 || !ok2 || len(pads) != 2*len(in) || auto != "NOTSET" && auto != "" && auto != "VALID" && auto != "SAME_UPPER" && auto != "SAME_LOWER" {
		return nil, false
	}
	for i, length := range in {
		if auto == "SAME_UPPER" || auto == "SAME_LOWER" {
			out = append(out, (length+stride[i]-1)/stride[i])
			continue
		}
		room := length - dilation[i]*(kernel[i]-1) - 1
		if auto != "VALID" {
			room += pads[i] + pads[i+len(in)]
		}
		if room < 0 || c.node.AttrInt("ceil_mode", 0) != 0 && room%stride[i] != 0 {
			return nil, false
		}
		out = append(out, room/stride[i]+1)
	}
	return out, true
}

// perAxis is an attribute with one positive number per axis, 1 where it is
// absent.
func (c *call) perAxis(name string, n int) ([]int64, bool) {
	v := c.node.AttrInts(name)
	if len(v) == 0 {
		return slices.Repeat([]int64{1}, n), true
	}
	return v, len(v) == n && slices.Min(v) > 0
}

func globalPool(c *call) {
	x, ok := c.in(0)
	if !ok || len(x) < 3 {
		return
	}
	shape := slices.Clone(x)
	for i := range shape[2:] {
		shape[2+i] = 1
	}
	c.gives(0, shape)
}

// depthToSpace: N×C×h×w becomes N×C/b²×b·h×b·w.
func depthToSpace(c *call) {
	x, ok := c.in(0)
	b := c.node.AttrInt("blocksize", 0)
	if !ok || len(x) != 4 || b < 1 || b > 1<<16 || x[1]%(b*b) != 0 {
		return
	}
	c.gives(0, []int64{x[0], x[1] / (b * b), x[2] * b, x[3] * b})
}

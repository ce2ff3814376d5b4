package wire

import (
	"bytes"
	"fmt"
	"math"
	"slices"
)

// Patch says that a tensor is a C×h×w part of an image that otherwise equals
// the one that is explained. Methods that cover a window send little by it.
type Patch struct {
	Tensor int `json:"tensor"` // index among the message's tensors
	Top    int `json:"top"`
	Left   int `json:"left"`
}

// Differ compares a C×H×W tensor with a base of the same shape. Where they
// differ in less than half of the pixels it returns where, and the part of t
// that covers all differences; otherwise nil and t itself.
func Differ(base, t Tensor) (*Patch, Tensor) {
	if len(t.Shape) != 3 || !slices.Equal(t.Shape, base.Shape) {
		return nil, t
	}
	channels, height, width := t.Shape[0], t.Shape[1], t.Shape[2]
	top, bottom, left, right := height, 0, width, 0
	for i := range channels * height {
		a, b := base.Data[i*width:(i+1)*width], t.Data[i*width:(i+1)*width]
		if bytes.Equal(raw(a), raw(b)) {
			continue
		}
		y := i % height
		top, bottom = min(top, y), max(bottom, y+1)
		for k := 0; k < left; k++ {
			if differ(a[k], b[k]) {
				left = k
			}
		}
		for k := width; k > right; k-- {
			if differ(a[k-1], b[k-1]) {
				right = k
			}
		}
	}
	if bottom == 0 { // equal: one pixel stands for none
		top, bottom, left, right = 0, 1, 0, 1
	}
	if 2*(bottom-top)*(right-left) >= height*width {
		return nil, t
	}
	part := Tensor{Shape: []int{channels, bottom - top, right - left}}
	for c := range channels {
		for y := top; y < bottom; y++ {
			row := (c*height + y) * width
			part.Data = append(part.Data, t.Data[row+left:row+right]...)
		}
	}
	return &Patch{Top: top, Left: left}, part
}

// differ compares bits, so that every NaN and both zeros are kept.
func differ(a, b float32) bool { return math.Float32bits(a) != math.Float32bits(b) }

// Apply puts the part on dst, a copy of the base.
func (p Patch) Apply(dst, part Tensor) error {
	if len(dst.Shape) != 3 || len(part.Shape) != 3 || part.Shape[0] != dst.Shape[0] ||
		p.Top < 0 || p.Left < 0 || p.Top > dst.Shape[1]-part.Shape[1] || p.Left > dst.Shape[2]-part.Shape[2] {
		return fmt.Errorf("%w: a patch of %v at %d, %d of %v", ErrFrame, part.Shape, p.Top, p.Left, dst.Shape)
	}
	height, width := dst.Shape[1], dst.Shape[2]
	h, w := part.Shape[1], part.Shape[2]
	for i := range dst.Shape[0] * h {
		at := (i/h*height+p.Top+i%h)*width + p.Left
		copy(dst.Data[at:at+w], part.Data[i*w:(i+1)*w])
	}
	return nil
}

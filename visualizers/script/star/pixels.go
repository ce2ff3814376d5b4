package star

import (
	"fmt"
	"math"
	"slices"

	"picasso/backend/picture"
)

// rect is a rectangle of pixels, cut to the image, in every plane; or a box, where
// slabs is not 0: planes follow each other in slabs of as many, of which the box
// takes those from front to back.
type rect struct{ top, left, bottom, right, slabs, front, back int }

// region is a rectangle as scripts give it, or a box in a volume.
type region struct {
	top, left, height, width int
	front, depth             int
	solid                    bool
}

// cut is the region in the planes of a tensor.
func (p region) cut(t *tensor) (rect, error) {
	_, rows, columns, err := t.planes()
	if err != nil {
		return rect{}, err
	}
	r := rect{
		top: min(max(p.top, 0), rows), left: min(max(p.left, 0), columns),
		bottom: min(max(p.top+max(p.height, 0), 0), rows), right: min(max(p.left+max(p.width, 0), 0), columns),
	}
	if !p.solid {
		return r, nil
	}
	if len(t.shape) < 3 {
		return r, fmt.Errorf("a box needs a tensor with slices, not one of shape %s", shapeText(t.shape))
	}
	r.slabs = t.shape[len(t.shape)-3]
	r.front, r.back = min(max(p.front, 0), r.slabs), min(max(p.front+max(p.depth, 0), 0), r.slabs)
	return r, nil
}

// paint calls f for every row of the region in every plane that it lies in.
func (t *tensor) paint(r rect, f func(plane, first, last int)) error {
	count, height, width, err := t.planes()
	if err != nil {
		return err
	}
	for c := range count {
		if r.slabs > 0 && (c%r.slabs < r.front || c%r.slabs >= r.back) {
			continue
		}
		for y := r.top; y < r.bottom && r.left < r.right; y++ {
			row := (c*height + y) * width
			f(c, row+r.left, row+r.right)
		}
	}
	return nil
}

// filled is a copy in which a rectangle is covered: by a number, by one number
// per channel, or by the same place of another tensor.
func (t *tensor) filled(p region, with *tensor) (*tensor, error) {
	r, err := p.cut(t)
	if err != nil {
		return nil, err
	}
	if err := room(len(t.data)); err != nil {
		return nil, err
	}
	out := &tensor{shape: slices.Clone(t.shape), data: slices.Clone(t.data)}
	count, _, _, _ := t.planes()
	channels, each := count, 1 // planes of a channel
	if len(t.shape) > 3 {
		channels = t.shape[0]
		each = count / channels
	}
	switch {
	case len(with.data) == 1 || (len(with.shape) == 1 && len(with.data) == channels):
		return out, out.paint(r, func(plane, first, last int) {
			v := with.data[plane/each%len(with.data)]
			for i := first; i < last; i++ {
				out.data[i] = v
			}
		})
	case len(with.data) == len(t.data):
		return out, out.paint(r, func(_, first, last int) { copy(out.data[first:last], with.data[first:last]) })
	}
	return nil, fmt.Errorf("a tensor of shape %s cannot be filled from one of shape %s; give a number, one number per channel, or a tensor of the same shape",
		shapeText(t.shape), shapeText(with.shape))
}

// addRect adds a number to the pixels of a rectangle, in place.
func (t *tensor) addRect(p region, v float64) error {
	if t.frozen {
		return fmt.Errorf("this tensor cannot be changed; create your own with zeros(…)")
	}
	r, err := p.cut(t)
	if err != nil {
		return err
	}
	return t.paint(r, func(_, first, last int) {
		for i := first; i < last; i++ {
			t.data[i] += float32(v)
		}
	})
}

// cropped is the part of every plane inside a rectangle, or of a volume inside a box.
func (t *tensor) cropped(p region) (*tensor, error) {
	r, err := p.cut(t)
	if err != nil {
		return nil, err
	}
	if r.top >= r.bottom || r.left >= r.right || p.solid && r.front >= r.back {
		return nil, fmt.Errorf("the place is outside of a tensor of shape %s", shapeText(t.shape))
	}
	out := &tensor{shape: append([]int(nil), t.shape...)}
	k := len(t.shape)
	out.shape[k-2], out.shape[k-1] = r.bottom-r.top, r.right-r.left
	if p.solid {
		out.shape[k-3] = r.back - r.front
	}
	return out, t.paint(r, func(_, first, last int) { out.data = append(out.data, t.data[first:last]...) })
}

// shifted moves every plane; what comes in from outside is fill.
func (t *tensor) shifted(down, right int, fill float64) (*tensor, error) {
	count, height, width, err := t.planes()
	if err != nil {
		return nil, err
	}
	return t.perPlane(count, height, width, func(dst, src []float32) {
		for y := range height {
			for x := range width {
				v := float32(fill)
				if u, w := y-down, x-right; u >= 0 && u < height && w >= 0 && w < width {
					v = src[u*width+w]
				}
				dst[y*width+x] = v
			}
		}
	})
}

// resized resamples every plane, smoothing when it shrinks.
func (t *tensor) resized(height, width int, filter string) (*tensor, error) {
	count, rows, columns, err := t.planes()
	if err != nil {
		return nil, err
	}
	if height < 1 || width < 1 || height > maxElements/width/count {
		return nil, fmt.Errorf("cannot resize to %d×%d", height, width)
	}
	known := false
	for _, f := range picture.Filters() {
		known = known || string(f) == filter
	}
	if !known {
		return nil, fmt.Errorf("the filter %q is unknown; choose one of %v", filter, picture.Filters())
	}
	return t.perPlane(count, height, width, func(dst, src []float32) {
		m := picture.NewFloat("", columns, rows, 1, src).Resize(width, height, picture.Filter(filter), true)
		for y := range height {
			m.Row(y, dst[y*width:(y+1)*width])
		}
	})
}

// blurred convolves every plane with a Gaussian of a deviation in pixels, cut
// at three deviations; beyond the border the border's values go on.
func (t *tensor) blurred(sigma float64) (*tensor, error) {
	count, height, width, err := t.planes()
	if err != nil {
		return nil, err
	}
	if !(sigma >= 0 && sigma <= 1000) {
		return nil, fmt.Errorf("sigma is %g; choose a number of pixels from 0 to 1000", sigma)
	}
	weights := gaussian(sigma)
	between := make([]float32, height*width)
	return t.perPlane(count, height, width, func(dst, src []float32) {
		for y := range height {
			convolve(between[y*width:], src[y*width:], width, 1, weights)
		}
		for x := range width {
			convolve(dst[x:], between[x:], height, width, weights)
		}
	})
}

// gaussian is half of a normalised kernel: the middle and one side.
func gaussian(sigma float64) []float64 {
	reach := int(math.Ceil(3 * sigma))
	weights := make([]float64, reach+1)
	sum := 0.0
	for i := range weights {
		weights[i] = math.Exp(-float64(i*i) / 2 / max(sigma*sigma, 1e-12))
		sum += weights[i]
		if i > 0 {
			sum += weights[i]
		}
	}
	for i := range weights {
		weights[i] /= sum
	}
	return weights
}

// convolve filters n values that lie step apart.
func convolve(dst, src []float32, n, step int, weights []float64) {
	for i := range n {
		v := weights[0] * float64(src[i*step])
		for k := 1; k < len(weights); k++ {
			v += weights[k] * (float64(src[max(i-k, 0)*step]) + float64(src[min(i+k, n-1)*step]))
		}
		dst[i*step] = float32(v)
	}
}

// perPlane makes a tensor whose planes come from t's one by one.
func (t *tensor) perPlane(count, height, width int, f func(dst, src []float32)) (*tensor, error) {
	shape := append([]int(nil), t.shape...)
	shape[len(shape)-2], shape[len(shape)-1] = height, width
	out, err := newTensor(shape...)
	if err != nil {
		return nil, err
	}
	from := len(t.data) / count
	for c := range count {
		f(out.data[c*height*width:(c+1)*height*width], t.data[c*from:(c+1)*from])
	}
	return out, nil
}

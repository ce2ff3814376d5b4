package kernel_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"picasso/backend/onnx/gradient/kernel"
)

func TestAGradientGoesToTheFirstMaximum(t *testing.T) {
	p := kernel.MaxPool{In: [2]int{3, 3}, Out: [2]int{2, 2}, Kernel: [2]int{2, 2}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}
	x := []float32{
		1, 5, 5,
		2, 5, 0,
		7, 0, 0,
	}
	// The windows choose (0,1), (0,1), (2,0), (1,1).
	dx, err := p.Backward(x, []float32{1, 10, 100, 1000})
	if want := []float32{0, 11, 0, 0, 1000, 0, 100, 0, 0}; err != nil || !slices.Equal(dx, want) {
		t.Errorf("got %v, %v, want %v", dx, err, want)
	}
}

func TestScoresShareThePicture(t *testing.T) {
	p := kernel.MaxPool{In: [2]int{2, 2}, Out: [2]int{1, 1}, Kernel: [2]int{2, 2}, Stride: [2]int{2, 2}, Dilation: [2]int{1, 1}}
	dx, err := p.Backward([]float32{1, 2, 3, 4, 9, 8, 7, 6}, []float32{1, 2, 3, 4})
	if want := []float32{0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 3, 4, 0, 0, 0}; err != nil || !slices.Equal(dx, want) {
		t.Errorf("got %v, %v, want %v", dx, err, want)
	}
}

func TestWindowsOfNaNPassNothingOn(t *testing.T) {
	nan := float32(math.NaN())
	p := kernel.MaxPool{In: [2]int{1, 4}, Out: [2]int{1, 2}, Kernel: [2]int{1, 2}, Stride: [2]int{1, 2}, Dilation: [2]int{1, 1}}
	dx, err := p.Backward([]float32{nan, nan, nan, 1}, []float32{3, 4})
	if want := []float32{0, 0, 0, 4}; err != nil || !slices.Equal(dx, want) {
		t.Errorf("got %v, %v, want %v", dx, err, want)
	}
}

// TestEveryGradientArrives compares with the definition, windows in the padding
// and with gaps included: what comes in is what goes out.
func TestEveryGradientArrives(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var p kernel.MaxPool
		for i := range p.In {
			p.Kernel[i], p.Stride[i], p.Dilation[i] = 1+rng.IntN(3), 1+rng.IntN(3), 1+rng.IntN(2)
			span := p.Dilation[i]*(p.Kernel[i]-1) + 1
			p.Begin[i] = rng.IntN(p.Kernel[i])
			p.In[i] = span + rng.IntN(9)
			p.Out[i] = (p.In[i]+p.Begin[i]-span)/p.Stride[i] + 1
		}
		planes := 1 + rng.IntN(3)
		x := make([]float32, planes*p.In[0]*p.In[1])
		for i := range x {
			x[i] = float32(rng.IntN(5)) // with ties
		}
		dy := make([]float32, planes*p.Out[0]*p.Out[1])
		for i := range dy {
			dy[i] = float32(1 + rng.IntN(9))
		}
		dx, err := p.Backward(x, dy)
		if want := plain(p, x, dy); err != nil || !slices.Equal(dx, want) {
			t.Fatalf("%+v: got %v, %v, want %v", p, dx, err, want)
		}
	}
}

// plain is the definition of the derivative, window by window.
func plain(p kernel.MaxPool, x, dy []float32) []float32 {
	in, out := p.In[0]*p.In[1], p.Out[0]*p.Out[1]
	dx := make([]float32, len(x))
	for i, g := range dy {
		plane, row, column := i/out, i%out/p.Out[1], i%out%p.Out[1]
		best := -1
		for y := range p.Kernel[0] {
			for k := range p.Kernel[1] {
				r, c := row*p.Stride[0]-p.Begin[0]+y*p.Dilation[0], column*p.Stride[1]-p.Begin[1]+k*p.Dilation[1]
				if r < 0 || c < 0 || r >= p.In[0] || c >= p.In[1] {
					continue
				}
				if at := plane*in + r*p.In[1] + c; best < 0 || x[at] > x[best] {
					best = at
				}
			}
		}
		if best >= 0 {
			dx[best] += g
		}
	}
	return dx
}

func TestSizesThatDoNotFitAreRefused(t *testing.T) {
	p := kernel.MaxPool{In: [2]int{2, 2}, Out: [2]int{1, 1}, Kernel: [2]int{2, 2}, Stride: [2]int{2, 2}, Dilation: [2]int{1, 1}}
	for _, c := range []struct{ x, dy int }{{0, 1}, {5, 1}, {8, 1}, {8, 3}} {
		if _, err := p.Backward(make([]float32, c.x), make([]float32, c.dy)); err == nil {
			t.Errorf("%d elements and %d gradients are accepted", c.x, c.dy)
		}
	}
}

func BenchmarkMaxPool(b *testing.B) {
	p := kernel.MaxPool{In: [2]int{111, 111}, Out: [2]int{55, 55}, Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}, Dilation: [2]int{1, 1}}
	rng := rand.New(rand.NewPCG(1, 2))
	x, dy := make([]float32, 64*111*111), make([]float32, 64*55*55)
	for i := range x {
		x[i] = rng.Float32()
	}
	for b.Loop() {
		if _, err := p.Backward(x, dy); err != nil {
			b.Fatal(err)
		}
	}
}

package kernel_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"picasso/backend/onnx/gradient/kernel"
)

func TestAGradientGoesToTheFirstMaximum(t *testing.T) {
	p := kernel.MaxPool{In: []int{3, 3}, Out: []int{2, 2}, Kernel: []int{2, 2}, Stride: []int{1, 1}, Begin: []int{0, 0}, Dilation: []int{1, 1}}
	x := []float32{
		1, 5, 5,
		2, 5, 0,
		7, 0, 0,
	}
	// The windows choose (0,1), (0,1), (2,0), (1,1).
	dx, err := p.Backward(x, []float32{1, 10, 100, 1000}, nil)
	if want := []float32{0, 11, 0, 0, 1000, 0, 100, 0, 0}; err != nil || !slices.Equal(dx, want) {
		t.Errorf("got %v, %v, want %v", dx, err, want)
	}
}

func TestScoresShareThePicture(t *testing.T) {
	p := kernel.MaxPool{In: []int{2, 2}, Out: []int{1, 1}, Kernel: []int{2, 2}, Stride: []int{2, 2}, Begin: []int{0, 0}, Dilation: []int{1, 1}}
	dx, err := p.Backward([]float32{1, 2, 3, 4, 9, 8, 7, 6}, []float32{1, 2, 3, 4}, nil)
	if want := []float32{0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 3, 4, 0, 0, 0}; err != nil || !slices.Equal(dx, want) {
		t.Errorf("got %v, %v, want %v", dx, err, want)
	}
}

// TestOldMemoryIsCleared: it is used where it is large enough, and what it held
// does not matter.
func TestOldMemoryIsCleared(t *testing.T) {
	p := kernel.MaxPool{In: []int{4}, Out: []int{2}, Kernel: []int{2}, Stride: []int{2}, Begin: []int{0}, Dilation: []int{1}}
	want := []float32{0, 3, 4, 0}
	for _, old := range [][]float32{{9, 9, 9, 9, 9}, {9, 9}} {
		dx, err := p.Backward([]float32{1, 2, 4, 3}, []float32{3, 4}, old)
		if err != nil || !slices.Equal(dx, want) {
			t.Errorf("got %v, %v, want %v", dx, err, want)
		}
		if len(old) >= len(want) && &dx[0] != &old[0] {
			t.Error("memory that is large enough was not used")
		}
	}
}

func TestWindowsOfNaNPassNothingOn(t *testing.T) {
	nan := float32(math.NaN())
	p := kernel.MaxPool{In: []int{1, 4}, Out: []int{1, 2}, Kernel: []int{1, 2}, Stride: []int{1, 2}, Begin: []int{0, 0}, Dilation: []int{1, 1}}
	dx, err := p.Backward([]float32{nan, nan, nan, 1}, []float32{3, 4}, nil)
	if want := []float32{0, 0, 0, 4}; err != nil || !slices.Equal(dx, want) {
		t.Errorf("got %v, %v, want %v", dx, err, want)
	}
}

// Of what is not above 0, not even the smallest number counts where that is asked for.
func TestOnlyWhatIsPositivePasses(t *testing.T) {
	for _, in := range [][]int{{1, 6}, {6}} { // in C and in Go
		ones := make([]int, len(in))
		for i := range ones {
			ones[i] = 1
		}
		p := kernel.MaxPool{In: in, Out: in, Kernel: ones, Stride: ones, Begin: make([]int, len(in)), Dilation: ones, Positive: true}
		x := []float32{0, float32(math.Copysign(0, -1)), math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, float32(math.Inf(1)), float32(math.NaN())}
		dx, err := p.Backward(x, []float32{1, 2, 3, 4, 5, 6}, nil)
		if want := []float32{0, 0, 3, 0, 5, 0}; err != nil || !slices.Equal(dx, want) {
			t.Errorf("%d axes: got %v, %v, want %v", len(in), dx, err, want)
		}
	}
}

func TestVolumesGoToTheFirstMaximum(t *testing.T) {
	p := kernel.MaxPool{In: []int{2, 2, 3}, Out: []int{1, 1, 2}, Kernel: []int{2, 2, 2}, Stride: []int{1, 1, 1}, Begin: []int{0, 0, 0}, Dilation: []int{1, 1, 1}}
	x := []float32{
		1, 2, 3,
		4, 5, 9,

		5, 0, 0,
		0, 5, 9,
	}
	// The first window holds 5 three times, the second 9 twice; each time the
	// first slice has the first.
	dx, err := p.Backward(x, []float32{1, 10}, nil)
	if want := []float32{0, 0, 0, 0, 1, 10, 0, 0, 0, 0, 0, 0}; err != nil || !slices.Equal(dx, want) {
		t.Errorf("got %v, %v, want %v", dx, err, want)
	}
}

func TestSignalsGoToTheFirstMaximum(t *testing.T) {
	p := kernel.MaxPool{In: []int{5}, Out: []int{2}, Kernel: []int{2}, Stride: []int{2}, Begin: []int{0}, Dilation: []int{2}}
	// The windows are places 0 and 2, 2 and 4.
	dx, err := p.Backward([]float32{3, 9, 3, 9, 4}, []float32{1, 10}, nil)
	if want := []float32{1, 0, 0, 0, 10}; err != nil || !slices.Equal(dx, want) {
		t.Errorf("got %v, %v, want %v", dx, err, want)
	}
}

// TestEveryGradientArrives compares with the definition, windows in the padding
// and with gaps included: what comes in is what goes out.
func TestEveryGradientArrives(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		p := randomPool(rng, 1+rng.IntN(4))
		p.Positive = rng.IntN(2) == 0
		blocks := 1 + rng.IntN(3)
		x := make([]float32, blocks*product(p.In))
		for i := range x {
			x[i] = float32(rng.IntN(5) - 2) // with ties
		}
		dy := make([]float32, blocks*product(p.Out))
		for i := range dy {
			dy[i] = float32(1 + rng.IntN(9))
		}
		dx, err := p.Backward(x, dy, nil)
		if want := plain(p, x, dy); err != nil || !slices.Equal(dx, want) {
			t.Fatalf("%+v: got %v, %v, want %v", p, dx, err, want)
		}
	}
}

func randomPool(rng *rand.Rand, axes int) kernel.MaxPool {
	var p kernel.MaxPool
	for range axes {
		size, stride, dilation := 1+rng.IntN(3), 1+rng.IntN(3), 1+rng.IntN(2)
		span, begin := dilation*(size-1)+1, rng.IntN(size)
		in := span + rng.IntN(13-3*axes)
		p.Kernel, p.Stride, p.Dilation = append(p.Kernel, size), append(p.Stride, stride), append(p.Dilation, dilation)
		p.In, p.Begin, p.Out = append(p.In, in), append(p.Begin, begin), append(p.Out, (in+begin-span)/stride+1)
	}
	return p
}

// plain is the definition of the derivative, window by window.
func plain(p kernel.MaxPool, x, dy []float32) []float32 {
	in, out := product(p.In), product(p.Out)
	dx := make([]float32, len(x))
	for i, g := range dy {
		best := -1
		for k := range product(p.Kernel) {
			at, inside := 0, true
			window, tap := places(i%out, p.Out), places(k, p.Kernel)
			for axis, length := range p.In {
				place := window[axis]*p.Stride[axis] - p.Begin[axis] + tap[axis]*p.Dilation[axis]
				inside = inside && place >= 0 && place < length
				at = at*length + place
			}
			if at += i / out * in; inside && (best < 0 || x[at] > x[best]) {
				best = at
			}
		}
		if best >= 0 && (x[best] > 0 || !p.Positive) {
			dx[best] += g
		}
	}
	return dx
}

// places are the coordinates of element i of a block.
func places(i int, lengths []int) []int {
	at := make([]int, len(lengths))
	for axis := len(lengths) - 1; axis >= 0; axis-- {
		at[axis], i = i%lengths[axis], i/lengths[axis]
	}
	return at
}

func product(lengths []int) int {
	n := 1
	for _, length := range lengths {
		n *= length
	}
	return n
}

func TestSizesThatDoNotFitAreRefused(t *testing.T) {
	p := kernel.MaxPool{In: []int{2, 2}, Out: []int{1, 1}, Kernel: []int{2, 2}, Stride: []int{2, 2}, Begin: []int{0, 0}, Dilation: []int{1, 1}}
	for _, c := range []struct{ x, dy int }{{0, 1}, {5, 1}, {8, 1}, {8, 3}} {
		if _, err := p.Backward(make([]float32, c.x), make([]float32, c.dy), nil); err == nil {
			t.Errorf("%d elements and %d gradients are accepted", c.x, c.dy)
		}
	}
}

func TestAPoolWithoutAxesIsRefused(t *testing.T) {
	if _, err := (kernel.MaxPool{}).Backward([]float32{1}, []float32{1}, nil); err == nil {
		t.Error("it is accepted")
	}
}

func BenchmarkMaxPool(b *testing.B) {
	p := kernel.MaxPool{In: []int{111, 111}, Out: []int{55, 55}, Kernel: []int{3, 3}, Stride: []int{2, 2}, Begin: []int{0, 0}, Dilation: []int{1, 1}}
	rng := rand.New(rand.NewPCG(1, 2))
	x, dy := make([]float32, 64*111*111), make([]float32, 64*55*55)
	for i := range x {
		x[i] = rng.Float32()
	}
	var dx []float32
	for b.Loop() {
		var err error
		if dx, err = p.Backward(x, dy, dx); err != nil {
			b.Fatal(err)
		}
	}
}

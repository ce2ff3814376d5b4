package superpixel_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"picasso/backend/infer"
	"picasso/visualizers/superpixel"
)

func divide(t testing.TB, x infer.Tensor, count int) superpixel.Regions {
	t.Helper()
	r, err := superpixel.Divide(t.Context(), x, superpixel.Options{Count: count, Compactness: 10})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// waves is a smooth coloured picture with some noise.
func waves(channels, height, width int) infer.Tensor {
	x := infer.NewTensor(channels, height, width)
	random := rand.New(rand.NewPCG(7, 7))
	for i := range x.Data {
		c, y, z := i/(height*width), i/width%height, i%width
		x.Data[i] = float32(math.Sin(float64(y)/9+float64(c)) + math.Cos(float64(z)/7) + 0.1*random.NormFloat64())
	}
	return x
}

// pieces counts the connected pieces of all regions, by filling.
func pieces(r superpixel.Regions) int {
	seen := make([]bool, len(r.Of))
	var fill func(x, y int, k int32)
	fill = func(x, y int, k int32) {
		if x < 0 || y < 0 || x >= r.Width || y >= r.Height || seen[y*r.Width+x] || r.Of[y*r.Width+x] != k {
			return
		}
		seen[y*r.Width+x] = true
		fill(x-1, y, k)
		fill(x+1, y, k)
		fill(x, y-1, k)
		fill(x, y+1, k)
	}
	n := 0
	for p := range r.Of {
		if !seen[p] {
			n++
			fill(p%r.Width, p/r.Width, r.Of[p])
		}
	}
	return n
}

// TestRegionsAreConnectedAndAsMany: about as many regions as asked for, each of
// one piece, numbered without gaps from the first pixel on.
func TestRegionsAreConnectedAndAsMany(t *testing.T) {
	for _, shape := range [][3]int{{3, 64, 80}, {1, 50, 31}, {2, 97, 33}} {
		for _, count := range []int{2, 12, 50, 150} {
			r := divide(t, waves(shape[0], shape[1], shape[2]), count)
			if got := pieces(r); got != r.Count {
				t.Errorf("%v, %d asked: %d regions in %d pieces", shape, count, r.Count, got)
			}
			if r.Count < count/2 || r.Count > 2*count {
				t.Errorf("%v: %d regions where %d were asked for", shape, r.Count, count)
			}
			if low, high := slices.Min(r.Of), slices.Max(r.Of); low != 0 || int(high) != r.Count-1 || r.Of[0] != 0 {
				t.Errorf("%v: numbers %d…%d of %d regions, the first pixel's is %d", shape, low, high, r.Count, r.Of[0])
			}
		}
	}
}

// TestSuperpixelsOfVolumes: about as many as asked for, each of one piece, which
// reach over slices; none holds voxels inside and outside of a ball.
func TestSuperpixelsOfVolumes(t *testing.T) {
	const depth, high, wide = 12, 20, 24
	x := infer.NewTensor(1, depth*high, wide)
	for i := range x.Data {
		z, y, c := i/wide/high-6, i/wide%high-9, i%wide-13
		if z*z+y*y+c*c < 25 {
			x.Data[i] = 1
		}
	}
	r, err := superpixel.Divide(t.Context(), x, superpixel.Options{Count: 40, Compactness: 10, Depth: depth})
	if err != nil {
		t.Fatal(err)
	}
	if r.Depth != depth || r.Height != depth*high || r.Count < 20 || r.Count > 80 {
		t.Errorf("%d regions, %d slices in %d rows", r.Count, r.Depth, r.Height)
	}
	var side [80][2]int
	slicesOf := make([]map[int]bool, r.Count)
	for p, k := range r.Of {
		side[k][int(x.Data[p])]++
		if slicesOf[k] == nil {
			slicesOf[k] = map[int]bool{}
		}
		slicesOf[k][p/wide/high] = true
	}
	for k := range r.Count {
		if side[k][0] > 0 && side[k][1] > 0 {
			t.Errorf("region %d has %d and %d voxels outside and inside", k, side[k][0], side[k][1])
		}
		if len(slicesOf[k]) < 2 {
			t.Errorf("region %d lies in %d slices", k, len(slicesOf[k]))
		}
	}
	if n := solidPieces(r, [3]int{depth, high, wide}); n != r.Count {
		t.Errorf("%d regions in %d pieces", r.Count, n)
	}
	for k, p := range r.Middles() {
		if int(r.Of[p]) != k {
			t.Errorf("the middle of region %d lies in region %d", k, r.Of[p])
		}
	}
}

// solidPieces counts the connected pieces of the regions of a volume, by filling.
func solidPieces(r superpixel.Regions, size [3]int) int {
	seen, n := make([]bool, len(r.Of)), 0
	for start := range r.Of {
		if seen[start] {
			continue
		}
		n++
		seen[start] = true
		for open := []int{start}; len(open) > 0; {
			p := open[len(open)-1]
			open = open[:len(open)-1]
			at := [3]int{p / size[2] / size[1], p / size[2] % size[1], p % size[2]}
			for k, step := range [3]int{size[1] * size[2], size[2], 1} {
				for _, d := range [2]int{-1, 1} {
					if to := at[k] + d; to < 0 || to >= size[k] || seen[p+d*step] || r.Of[p+d*step] != r.Of[p] {
						continue
					}
					seen[p+d*step] = true
					open = append(open, p+d*step)
				}
			}
		}
	}
	return n
}

// TestAnEvenPictureIsDividedEvenly: without differences the regions are the
// squares of the grid.
func TestAnEvenPictureIsDividedEvenly(t *testing.T) {
	r := divide(t, infer.NewTensor(3, 40, 60), 24)
	if r.Count != 24 {
		t.Fatalf("%d regions", r.Count)
	}
	size := make([]int, r.Count)
	for _, k := range r.Of {
		size[k]++
	}
	if low, high := slices.Min(size), slices.Max(size); low < 75 || high > 130 {
		t.Errorf("regions of %d to %d pixels, want about 100", low, high)
	}
}

// TestRegionsKeepToAnEdge: no region holds pixels of both colours of a disc on
// a ground, of a slant, and of a line that no centre starts on.
func TestRegionsKeepToAnEdge(t *testing.T) {
	for name, inside := range map[string]func(x, y int) bool{
		"disc":  func(x, y int) bool { return (x-31)*(x-31)+(y-22)*(y-22) < 200 },
		"slant": func(x, y int) bool { return 2*x+y < 70 },
		"half":  func(x, y int) bool { return x < 19 },
	} {
		for _, channels := range []int{1, 3} {
			x := infer.NewTensor(channels, 48, 64)
			for i := range x.Data {
				if inside(i%64, i/64%48) {
					x.Data[i] = 1
				}
			}
			r := divide(t, x, 40)
			side := make([][2]int, r.Count)
			for p, k := range r.Of {
				side[k][int(x.Data[p])]++
			}
			for k, n := range side {
				if n[0] > 0 && n[1] > 0 {
					t.Errorf("%s, %d channels: region %d has %d and %d pixels of the two colours", name, channels, k, n[0], n[1])
				}
			}
		}
	}
}

// TestScaleAndOffsetDoNotMatter: a CT in HU is divided as its scaled copy is.
func TestScaleAndOffsetDoNotMatter(t *testing.T) {
	x := waves(1, 40, 40)
	y := x.Clone()
	for i := range y.Data {
		y.Data[i] = y.Data[i]*1024 - 512
	}
	a, b := divide(t, x, 30), divide(t, y, 30)
	same := 0
	for p := range a.Of {
		if a.Of[p] == b.Of[p] {
			same++
		}
	}
	if same < len(a.Of)*99/100 {
		t.Errorf("%d of %d pixels keep their region", same, len(a.Of))
	}
	if again := divide(t, x, 30); !slices.Equal(a.Of, again.Of) {
		t.Error("the same picture is divided in another way")
	}
}

// TestNumbersThatAreNone do no harm.
func TestNumbersThatAreNone(t *testing.T) {
	x := waves(2, 20, 20)
	for i, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		x.Data[31*i] = float32(v)
	}
	if r := divide(t, x, 9); pieces(r) != r.Count || r.Count < 4 {
		t.Errorf("%d regions in %d pieces", r.Count, pieces(r))
	}
}

func TestBadArguments(t *testing.T) {
	good := superpixel.Options{Count: 4, Compactness: 10}
	for _, c := range []struct {
		x infer.Tensor
		o superpixel.Options
	}{
		{infer.NewTensor(3, 4), good},
		{infer.Tensor{Shape: []int{1, 2, 2}, Data: make([]float32, 3)}, good},
		{infer.NewTensor(1, 4, 4), superpixel.Options{Compactness: 10}},
		{infer.NewTensor(1, 4, 4), superpixel.Options{Count: 4, Compactness: math.NaN()}},
	} {
		if _, err := superpixel.Divide(t.Context(), c.x, c.o); err == nil {
			t.Errorf("%v with %+v is divided", c.x.Shape, c.o)
		}
	}
	if r := divide(t, infer.NewTensor(1, 1, 1), 100); r.Count != 1 {
		t.Errorf("one pixel is %d regions", r.Count)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := superpixel.Divide(ctx, waves(1, 9, 9), good); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// BenchmarkDivide divides an input of the usual size.
func BenchmarkDivide(b *testing.B) {
	x := waves(3, 224, 224)
	for b.Loop() {
		divide(b, x, 50)
	}
}

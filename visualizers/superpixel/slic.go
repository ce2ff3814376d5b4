package superpixel

import (
	"context"
	"errors"
	"math"

	"picasso/backend/infer"
)

// Options of [Divide].
type Options struct {
	// Count is about how many superpixels there should be, at least 1.
	Count int
	// Compactness weighs nearness against likeness, Achanta's m: with values
	// scaled to a range of 100, a superpixel's width away counts as much as a
	// difference of m. 10 is usual, 40 makes nearly squares.
	Compactness float64
	// Depth is the number of slices of a volume, which lie under each other in the
	// tensor's rows; 0 for a picture. Superpixels of volumes reach over slices.
	Depth int
}

// Regions say to which superpixel each pixel belongs.
type Regions struct {
	Depth         int // slices of a volume, which lie under each other in Height; 0 for a picture
	Height, Width int
	Of            []int32 // Height×Width, numbers from 0 in the order in which rows meet them
	Count         int     // of superpixels; each has a pixel, and is connected through edges of pixels, or faces of voxels
}

// sides are those of a volume of slices; a picture is one slice.
func (r Regions) sides() box { return box{max(r.Depth, 1), r.Height / max(r.Depth, 1), r.Width} }

// box are the lengths of slices, rows and columns.
type box [3]int

// place is where a voxel lies.
func (b box) place(p int) [3]int { return [3]int{p / b[2] / b[1], p / b[2] % b[1], p % b[2]} }

// index is the voxel at a place; one beyond the border is the last before it.
func (b box) index(z, y, x int) int {
	z, y, x = min(max(z, 0), b[0]-1), min(max(y, 0), b[1]-1), min(max(x, 0), b[2]-1)
	return (z*b[1]+y)*b[2] + x
}

// rounds of assigning pixels and moving centres; the paper finds ten enough.
const rounds = 10

// Divide divides a C×H×W tensor, or a volume as a C×(D·H)×W one. Differences are root mean squares over the
// channels, all scaled alike so that the widest has the range 100 (as
// lightness in CIELAB has, which the paper measures in). Equal tensors give
// equal regions on every machine.
func Divide(ctx context.Context, t infer.Tensor, o Options) (Regions, error) {
	if len(t.Shape) != 3 || t.Shape[0] < 1 || t.Shape[1] < 1 || t.Shape[2] < 1 || len(t.Data) != t.Shape[0]*t.Shape[1]*t.Shape[2] {
		return Regions{}, errors.New("superpixels need channels × height × width values")
	}
	if o.Count < 1 || !(o.Compactness > 0) {
		return Regions{}, errors.New("superpixels need a count of 1 or more and a compactness above 0")
	}
	if o.Depth > 0 && t.Shape[1]%o.Depth != 0 {
		return Regions{}, errors.New("the rows are no whole number of slices")
	}
	s := newSLIC(t, o)
	for range rounds {
		if err := s.assign(ctx); err != nil {
			return Regions{}, err
		}
		s.move()
	}
	return connect(ctx, s)
}

// slic is the state of the clustering.
type slic struct {
	channels int
	depth    int // as [Options.Depth]
	sides    box
	values   []float32 // pixel by pixel, scaled; a channel's difference counts 1/√channels
	side     float64   // of a superpixel, were it a square or a cube
	near     float64   // weight of squared distances in pixels
	centres  []centre
	label    []int32
	distance []float64
}

// centre is the middle of a superpixel, in space and among the values.
type centre struct {
	at     [3]float64 // slice, row and column
	values []float64
}

func newSLIC(t infer.Tensor, o Options) *slic {
	s := &slic{channels: t.Shape[0], depth: o.Depth}
	s.sides = Regions{Depth: o.Depth, Height: t.Shape[1], Width: t.Shape[2]}.sides()
	pixels := t.Shape[1] * t.Shape[2]
	s.values = interleaved(t)
	s.label, s.distance = make([]int32, pixels), make([]float64, pixels)
	count := min(o.Count, pixels)
	s.side = math.Sqrt(float64(pixels) / float64(count))
	if o.Depth > 0 {
		s.side = math.Cbrt(float64(pixels) / float64(count))
	}
	s.near = o.Compactness * o.Compactness / (s.side * s.side)
	s.seed(count)
	return s
}

// interleaved are the tensor's values pixel by pixel, in the scale of [Divide].
// Values that are no numbers count as the lowest.
func interleaved(t infer.Tensor) []float32 {
	channels, pixels := t.Shape[0], t.Shape[1]*t.Shape[2]
	lowest, widest := make([]float32, channels), float32(0)
	for c := range channels {
		low, high := float32(math.Inf(1)), float32(math.Inf(-1))
		for _, v := range t.Data[c*pixels : (c+1)*pixels] {
			if !math.IsInf(float64(v), 0) {
				low, high = min(low, orElse(v, low)), max(high, orElse(v, high))
			}
		}
		lowest[c], widest = low, max(widest, high-low)
	}
	scale := float32(0)
	if widest > 0 {
		scale = 100 / widest / float32(math.Sqrt(float64(channels)))
	}
	out := make([]float32, channels*pixels)
	for c := range channels {
		for p, v := range t.Data[c*pixels : (c+1)*pixels] {
			if d := (v - lowest[c]) * scale; d-d == 0 { // finite
				out[p*channels+c] = d
			}
		}
	}
	return out
}

// orElse is v, or another value where v is no number.
func orElse(v, other float32) float32 {
	if v != v {
		return other
	}
	return v
}

// seed puts centres on a grid of about count points, each on the flattest of
// the nine pixels there, or 27 voxels, so that none starts on an edge.
func (s *slic) seed(count int) {
	var n [3]int
	for k, side := range s.sides {
		n[k] = min(side, max(1, int(math.Round(float64(side)/s.side))))
	}
	n[2] = min(s.sides[2], max(1, int(math.Round(float64(count)/float64(n[0]*n[1])))))
	for i := range n[0] * n[1] * n[2] {
		var at [3]int
		for k, p := range box(n).place(i) {
			at[k] = (2*p + 1) * s.sides[k] / (2 * n[k])
		}
		at = s.flattest(at)
		c := centre{values: s.valuesOf(s.sides.index(at[0], at[1], at[2]))}
		for k, v := range at {
			c.at[k] = float64(v)
		}
		s.centres = append(s.centres, c)
	}
}

func (s *slic) valuesOf(p int) []float64 {
	out := make([]float64, s.channels)
	for c := range out {
		out[c] = float64(s.values[p*s.channels+c])
	}
	return out
}

// flattest is the place of least gradient around a place; the place itself where
// others are no flatter. Seeds that lie closer than three pixels stay, lest two
// meet.
func (s *slic) flattest(at [3]int) [3]int {
	if s.side < 3 {
		return at
	}
	best, least := at, s.gradient(at)
	for i := range 27 {
		to := [3]int{at[0] + i/9 - 1, at[1] + i/3%3 - 1, at[2] + i%3 - 1}
		if !s.sides.holds(to) {
			continue
		}
		if g := s.gradient(to); g < least {
			best, least = to, g
		}
	}
	return best
}

func (b box) holds(at [3]int) bool {
	for k, v := range at {
		if v < 0 || v >= b[k] {
			return false
		}
	}
	return true
}

// gradient is Σ |I(+1) − I(−1)|² over the axes, the border repeated.
func (s *slic) gradient(at [3]int) float64 {
	sum := 0.0
	for k := range at {
		before, after := at, at
		before[k]--
		after[k]++
		from, to := s.sides.index(before[0], before[1], before[2])*s.channels, s.sides.index(after[0], after[1], after[2])*s.channels
		for c := range s.channels {
			d := float64(s.values[to+c] - s.values[from+c])
			sum += d * d
		}
	}
	return sum
}

// assign gives every pixel to the nearest of the centres within a superpixel's
// width; of equally near ones to the first.
func (s *slic) assign(ctx context.Context) error {
	for p := range s.distance {
		s.distance[p], s.label[p] = math.Inf(1), -1
	}
	for k, c := range s.centres {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.claim(int32(k), c)
	}
	return nil
}

// claim gives centre k the pixels around it that no centre before it is nearer to.
func (s *slic) claim(k int32, c centre) {
	reach := 2 * s.side // rather more than the paper, so that hardly a pixel is without
	var low, high [3]int
	for i, v := range c.at {
		low[i], high[i] = max(0, int(v-reach)), min(s.sides[i]-1, int(v+reach))
	}
	for z := low[0]; z <= high[0]; z++ {
		dz := float64(z) - c.at[0]
		for y := low[1]; y <= high[1]; y++ {
			dy := float64(y) - c.at[1]
			for x := low[2]; x <= high[2]; x++ {
				p := s.sides.index(z, y, x)
				dx := float64(x) - c.at[2]
				d := s.near * (dx*dx + dy*dy + dz*dz)
				for i, v := range s.values[p*s.channels : (p+1)*s.channels] {
					diff := float64(v) - c.values[i]
					d += diff * diff
				}
				if d < s.distance[p] {
					s.distance[p], s.label[p] = d, k
				}
			}
		}
	}
}

// move puts every centre to the mean of its pixels; one without pixels stays.
func (s *slic) move() {
	count := make([]float64, len(s.centres))
	sums := make([]centre, len(s.centres))
	for k := range sums {
		sums[k].values = make([]float64, s.channels)
	}
	for p, k := range s.label {
		if k < 0 {
			continue
		}
		count[k]++
		for i, v := range s.sides.place(p) {
			sums[k].at[i] += float64(v)
		}
		for c := range s.channels {
			sums[k].values[c] += float64(s.values[p*s.channels+c])
		}
	}
	for k := range s.centres {
		if count[k] == 0 {
			continue
		}
		for i := range s.centres[k].at {
			s.centres[k].at[i] = sums[k].at[i] / count[k]
		}
		for c := range s.channels {
			s.centres[k].values[c] = sums[k].values[c] / count[k]
		}
	}
}

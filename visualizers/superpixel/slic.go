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
}

// Regions say to which superpixel each pixel belongs.
type Regions struct {
	Height, Width int
	Of            []int32 // Height×Width, numbers from 0 in the order in which rows meet them
	Count         int     // of superpixels; each has a pixel, and is connected through edges of pixels
}

// rounds of assigning pixels and moving centres; the paper finds ten enough.
const rounds = 10

// Divide divides a C×H×W tensor. Differences are root mean squares over the
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
	channels, height, width int
	values                  []float32 // pixel by pixel, scaled; a channel's difference counts 1/√channels
	side                    float64   // of a superpixel, were it a square
	near                    float64   // weight of squared distances in pixels
	centres                 []centre
	label                   []int32
	distance                []float64
}

// centre is the middle of a superpixel, in the plane and among the values.
type centre struct {
	x, y   float64
	values []float64
}

func newSLIC(t infer.Tensor, o Options) *slic {
	s := &slic{channels: t.Shape[0], height: t.Shape[1], width: t.Shape[2]}
	pixels := s.height * s.width
	s.values = interleaved(t)
	s.label, s.distance = make([]int32, pixels), make([]float64, pixels)
	count := min(o.Count, pixels)
	s.side = math.Sqrt(float64(pixels) / float64(count))
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
// the nine pixels there, so that none starts on an edge.
func (s *slic) seed(count int) {
	rows := min(s.height, max(1, int(math.Round(float64(s.height)/s.side))))
	columns := min(s.width, max(1, int(math.Round(float64(count)/float64(rows)))))
	for r := range rows {
		for c := range columns {
			y, x := (2*r+1)*s.height/(2*rows), (2*c+1)*s.width/(2*columns)
			x, y = s.flattest(x, y)
			s.centres = append(s.centres, centre{float64(x), float64(y), s.valuesOf(y*s.width + x)})
		}
	}
}

func (s *slic) valuesOf(p int) []float64 {
	out := make([]float64, s.channels)
	for c := range out {
		out[c] = float64(s.values[p*s.channels+c])
	}
	return out
}

// flattest is the pixel of least gradient around x, y; the pixel itself where
// others are no flatter. Seeds that lie closer than three pixels stay, lest two
// meet.
func (s *slic) flattest(x, y int) (int, int) {
	if s.side < 3 {
		return x, y
	}
	bestX, bestY, least := x, y, s.gradient(x, y)
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			u, v := x+dx, y+dy
			if u < 0 || v < 0 || u >= s.width || v >= s.height {
				continue
			}
			if g := s.gradient(u, v); g < least {
				bestX, bestY, least = u, v, g
			}
		}
	}
	return bestX, bestY
}

// gradient is |I(x+1) − I(x−1)|² + |I(y+1) − I(y−1)|², the border repeated.
func (s *slic) gradient(x, y int) float64 {
	at := func(x, y int) int {
		return (min(max(y, 0), s.height-1)*s.width + min(max(x, 0), s.width-1)) * s.channels
	}
	left, right, above, below := at(x-1, y), at(x+1, y), at(x, y-1), at(x, y+1)
	sum := 0.0
	for c := range s.channels {
		dx, dy := float64(s.values[right+c]-s.values[left+c]), float64(s.values[below+c]-s.values[above+c])
		sum += dx*dx + dy*dy
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
	for y := max(0, int(c.y-reach)); y <= min(s.height-1, int(c.y+reach)); y++ {
		dy := float64(y) - c.y
		for x := max(0, int(c.x-reach)); x <= min(s.width-1, int(c.x+reach)); x++ {
			p := y*s.width + x
			dx := float64(x) - c.x
			d := s.near * (dx*dx + dy*dy)
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
		sums[k].x += float64(p % s.width)
		sums[k].y += float64(p / s.width)
		for c := range s.channels {
			sums[k].values[c] += float64(s.values[p*s.channels+c])
		}
	}
	for k := range s.centres {
		if count[k] == 0 {
			continue
		}
		s.centres[k].x, s.centres[k].y = sums[k].x/count[k], sums[k].y/count[k]
		for c := range s.channels {
			s.centres[k].values[c] = sums[k].values[c] / count[k]
		}
	}
}

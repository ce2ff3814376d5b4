package trust

import (
	"fmt"
	"math"

	"picasso/backend/mask"
	"picasso/backend/preprocess"
	"picasso/visualizers"
	"picasso/visualizers/trust/similarity"
)

// Region is how a map lies to a region. Shares are of what the model sees of
// the picture.
type Region struct {
	Verdict
	Hit         bool   `json:"hit"`           // the highest value lies inside (pointing game, Zhang et al. 2016)
	Distance    Number `json:"distance"`      // from there to the region, in pixels of the picture, or in voxels of the model's input
	Mass        Number `json:"mass"`          // of the positive values, the share inside
	Area        Number `json:"area"`          // of the pixels, the share inside: what chance would reach
	Lift        Number `json:"lift"`          // mass over area, 1 by chance
	AUPRC       Number `json:"auprc"`         // area under precision over recall
	AUPRCChance Number `json:"auprc_chance"`  // of a map by chance
	Rank        Number `json:"rank_accuracy"` // of as many highest pixels as the region has, the share inside
	IoU         Number `json:"iou"`           // of these pixels with the region
	IoU15       Number `json:"iou_15_percent"`
}

// LabelledRegion is how a map lies to one of several regions.
type LabelledRegion struct {
	Name string `json:"name"`
	Region
}

// inLabels judges each of several regions by itself.
func inLabels(in visualizers.Input, m visualizers.Map, b Beside) []LabelledRegion {
	_, height, width := in.Subject.Shape()
	var list []LabelledRegion
	for i, name := range b.Labels.Names {
		list = append(list, LabelledRegion{name, InRegion(m, b.Labels.Mask(uint8(i+1)), b.Place, height, width)})
	}
	return list
}

// Largest part of the picture that a region may have to tell anything, and the
// lift from which a map passes.
const (
	wideRegion  = .5
	enoughLift  = 1.5
	atShareOfIt = .15 // of the maximum, the threshold of a common IoU
)

// InRegion compares a map of the model's input, height × width pixels, with a
// region of the picture; place tells where one lies on the other.
func InRegion(m visualizers.Map, k mask.Mask, place preprocess.Placement, height, width int) Region {
	inside, count := onInput(k, place, height, width)
	switch {
	case k.Empty():
		return untoldRegion(untold("The region is empty."))
	case count == 0:
		return untoldRegion(untold("The region lies outside the part of the picture that the model sees."))
	}
	return within(m, inside, count, [3]int{1, height, width}, [3]float64{1, place.ScaleY, place.ScaleX})
}

// untoldRegion has no numbers.
func untoldRegion(v Verdict) Region {
	nan := Number(math.NaN())
	return Region{Verdict: v, Distance: nan, Mass: nan, Lift: nan, AUPRC: nan, AUPRCChance: nan, Rank: nan, IoU: nan, IoU15: nan}
}

// within compares a map with some of the pixels of the model's input; step is how far
// apart these lie along each axis.
func within(m visualizers.Map, inside []bool, count int, size [3]int, step [3]float64) Region {
	r := untoldRegion(Verdict{})
	r.Area = Number(float64(count) / float64(len(inside)))
	g := Field(m)
	if v, ok := readable(g); !ok {
		r.Verdict = v
		return r
	}
	values := g.On(size)
	if m.Inverse { // the least support is the scale's zero, for the map has none
		values = raised(values)
	}
	r.measure(values, inside, count)
	r.Distance = Number(distance(values, inside, step))
	r.Verdict = r.verdict()
	return r
}

// onInput is the mask on the pixels of the model's input: inside is a pixel of
// which half is covered, or, where no pixel is, one that is touched.
func onInput(k mask.Mask, p preprocess.Placement, height, width int) (inside []bool, count int) {
	share := make([]float64, height*width)
	area := math.Abs(p.ScaleX * p.ScaleY)
	for i, in := range k.Inside {
		if !in {
			continue
		}
		x, y := p.Input(float64(i%k.Width)+.5, float64(i/k.Width)+.5)
		if x >= 0 && y >= 0 && x < float64(width) && y < float64(height) {
			share[int(y)*width+int(x)] += 1 / max(1, area)
		}
	}
	if area < 1 { // pixels of the input are smaller: ask each where it lies
		share = under(k, p, height, width)
	}
	for _, least := range []float64{.5, math.SmallestNonzeroFloat64} {
		inside, count = make([]bool, len(share)), 0
		for i, s := range share {
			if s >= least {
				inside[i] = true
				count++
			}
		}
		if count > 0 {
			break
		}
	}
	return inside, count
}

// under looks up the pixel of the picture below each pixel of the input.
func under(k mask.Mask, p preprocess.Placement, height, width int) []float64 {
	share := make([]float64, height*width)
	for i := range share {
		x := int(math.Floor((float64(i%width)+.5)*p.ScaleX + p.OffsetX))
		y := int(math.Floor((float64(i/width)+.5)*p.ScaleY + p.OffsetY))
		if x >= 0 && y >= 0 && x < k.Width && y < k.Height && k.Inside[y*k.Width+x] {
			share[i] = 1
		}
	}
	return share
}

// measure fills in all but the distance.
func (r *Region) measure(values similarity.Grid, inside []bool, count int) {
	var positive, within, highest float64
	highest = math.Inf(-1)
	for i, v := range values.Values {
		if v > 0 {
			positive += v
			if inside[i] {
				within += v
			}
		}
		highest = max(highest, noNaN(v))
	}
	over, both := 0, 0
	for i, v := range values.Values {
		r.Hit = r.Hit || v == highest && inside[i] // any of several counts
		if v >= atShareOfIt*highest {
			over++
			if inside[i] {
				both++
			}
		}
	}
	if positive > 0 {
		r.Mass = Number(within / positive)
		r.Lift = r.Mass / r.Area
		r.IoU15 = Number(float64(both) / float64(over+count-both))
	}
	r.AUPRC, r.AUPRCChance = Number(similarity.AUPRC(values.Values, inside)), r.Area
	hits := 0
	for _, i := range similarity.Descending(values.Values)[:count] {
		if inside[i] {
			hits++
		}
	}
	r.Rank = Number(float64(hits) / float64(count))
	r.IoU = Number(float64(hits) / float64(2*count-hits))
}

func noNaN(v float64) float64 {
	if math.IsNaN(v) {
		return math.Inf(-1)
	}
	return v
}

// distance is from the first highest pixel to the nearest one inside.
func distance(values similarity.Grid, inside []bool, step [3]float64) float64 {
	size := values.Sizes()
	place := func(i int) [3]int { return [3]int{i / size[2] / size[1], i / size[2] % size[1], i % size[2]} }
	top := place(similarity.Descending(values.Values)[0])
	nearest := math.Inf(1)
	for i, in := range inside {
		if in {
			sum := 0.0
			for k, at := range place(i) {
				d := float64(at-top[k]) * step[k]
				sum += d * d
			}
			nearest = min(nearest, sum)
		}
	}
	return math.Sqrt(nearest)
}

func (r Region) verdict() Verdict {
	switch {
	case r.Area > wideRegion:
		return untold("The region is %s of the picture, so any map would lie in it.", percent(float64(r.Area)))
	case math.IsNaN(float64(r.Mass)):
		return untold("The map marks nothing as support, so it cannot lie anywhere.")
	case r.Lift >= enoughLift && r.AUPRC > r.AUPRCChance:
		return passes("%s of what this map marks lies in your region, which is %s of the picture.", percent(float64(r.Mass)), percent(float64(r.Area)))
	}
	return fails("Only %s of what this map marks lies in your region, which is %s of the picture: the map points elsewhere.", percent(float64(r.Mass)), percent(float64(r.Area)))
}

// raised adds what makes the least value 0.
func raised(g similarity.Grid) similarity.Grid {
	least := math.Inf(1)
	for _, v := range g.Values {
		if v < least {
			least = v
		}
	}
	out := g.With(make([]float64, len(g.Values)))
	for i, v := range g.Values {
		out.Values[i] = v - least
	}
	return out
}

// percent writes a share.
func percent(share float64) string {
	if share > 0 && share < .01 {
		return "less than 1 %"
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}

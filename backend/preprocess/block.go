package preprocess

import (
	"math"

	"picasso/backend/infer"
	"picasso/backend/picture/voxels"
)

// BlockOf is what a model of volumes gets of an array of its own input.
func BlockOf(t infer.Tensor, in Input) Block {
	b := Block{Tensor: t, Source: [3]int{in.Depth, in.Height, in.Width}}
	for k, n := range b.Source {
		b.Axes[k] = voxels.Axis{Of: k, Step: 1, Len: n}
	}
	return b
}

// Size is that of the block in voxels of the model: depth, height and width.
func (b Block) Size() [3]int { return [3]int{b.Axes[0].Len, b.Axes[1].Len, b.Axes[2].Len} }

// along is the axis of the block that runs along an axis of the source.
func (b Block) along(of int) int {
	for k, a := range b.Axes {
		if a.Of == of {
			return k
		}
	}
	return 0
}

// Over is what a map of the block is on a slice of the source: rows × columns of
// the source, interpolated, and NaN outside of the block. The map holds size
// values, which span the block.
func (b Block) Over(values []float32, size [3]int, slice int) []float32 {
	var taps [3][]mix
	first := lying(b.Lies, [3]float64{float64(slice)})
	for of := range 3 {
		k, n := b.along(of), b.Source[of]
		if of == 0 {
			n = 1
		}
		for i := range n {
			taps[of] = append(taps[of], b.mix(k, size[k], first[of]+float64(i)))
		}
	}
	steps := [3]int{size[1] * size[2], size[2], 1}
	out := make([]float32, 0, b.Source[1]*b.Source[2])
	z := taps[0][0].over(steps[b.along(0)])
	for _, row := range taps[1] {
		y := row.over(steps[b.along(1)])
		for _, column := range taps[2] {
			x := column.over(steps[b.along(2)])
			sum := float32(0)
			for i := range 8 {
				p, q, r := z[i>>2], y[i>>1&1], x[i&1]
				if w := p.weight * q.weight * r.weight; w != 0 {
					sum += w * values[p.at+q.at+r.at]
				}
			}
			if z[0].outside || y[0].outside || x[0].outside {
				sum = float32(math.NaN())
			}
			out = append(out, sum)
		}
	}
	return out
}

// At is what a map of the block, as [Block.Over] takes it, is at a place in the source:
// a slice, row and column, perhaps between two. It is NaN outside of the block.
func (b Block) At(values []float32, size [3]int, place [3]float64) float32 {
	place = lying(b.Lies, place)
	var taps [3][2]weighed // by the axes of the block
	steps := [3]int{size[1] * size[2], size[2], 1}
	for k, a := range b.Axes {
		m := b.mix(k, size[k], place[a.Of])
		if m.outside {
			return float32(math.NaN())
		}
		taps[k] = m.over(steps[k])
	}
	sum := float32(0)
	for i := range 8 {
		p, q, r := taps[0][i>>2], taps[1][i>>1&1], taps[2][i&1]
		if w := p.weight * q.weight * r.weight; w != 0 {
			sum += w * values[p.at+q.at+r.at]
		}
	}
	return sum
}

// Reaches reports whether a slice of the source lies in the block, so that a map of the
// block has values there.
func (b Block) Reaches(slice int) bool {
	k := b.along(0)
	return !b.mix(k, b.Axes[k].Len, lying(b.Lies, [3]float64{float64(slice)})[0]).outside
}

// Aligned reports whether every voxel of a map of so many values lies on a voxel of the
// source, so that nothing is interpolated between them.
func (b Block) Aligned(size [3]int) bool {
	if b.Lies != nil || size != b.Size() {
		return false
	}
	for _, a := range b.Axes {
		if math.Abs(a.Step) != 1 || a.Start != math.Trunc(a.Start) {
			return false
		}
	}
	return true
}

// mix is a place between two values of a map along one axis.
type mix struct {
	low, high int
	share     float32
	outside   bool
}

// mix is where a voxel of the source lies on axis k of a map of n values.
func (b Block) mix(k, n int, place float64) mix {
	at := b.Axes[k].Index(place)
	outside := at < -0.5 || at > float64(b.Axes[k].Len)-0.5
	at = (at+0.5)*float64(n)/float64(b.Axes[k].Len) - 0.5
	at = min(max(at, 0), float64(n-1))
	low := int(at)
	return mix{low, min(low+1, n-1), float32(at - float64(low)), outside}
}

// weighed is a value with its weight.
type weighed struct {
	at      int
	weight  float32
	outside bool
}

// over are the two values, for a map whose neighbours lie step apart.
func (m mix) over(step int) [2]weighed {
	return [2]weighed{{m.low * step, 1 - m.share, m.outside}, {m.high * step, m.share, m.outside}}
}

// Shares is the part of a map's magnitude that lies on each slice of the source, or,
// with along 1 or 2, on each of its rows or columns; they add up to 1 unless the map is 0
// everywhere. What lies outside of the block has 0. NaN counts as 0.
func (b Block) Shares(values []float32, size [3]int, along int) []float64 {
	k := b.along(along)
	sums := make([]float64, size[k])
	for i, v := range values {
		at := [3]int{i / size[2] / size[1], i / size[2] % size[1], i % size[2]}[k]
		if x := math.Abs(float64(v)); x < math.Inf(1) {
			sums[at] += x
		}
	}
	out, total := make([]float64, b.Source[along]), 0.0
	for i := range out {
		var place [3]float64
		place[along] = float64(i)
		if along > 0 { // of slices that are moved against each other, the middle one
			place[0] = float64(b.Source[0]-1) / 2
		}
		m := b.mix(k, size[k], lying(b.Lies, place)[along])
		if !m.outside {
			out[i] = sums[m.low]*float64(1-m.share) + sums[m.high]*float64(m.share)
			total += out[i]
		}
	}
	for i := range out {
		if total > 0 {
			out[i] /= total
		}
	}
	return out
}

// Corners are the eight corners of the block in the file, as slice, row and column, at the
// outer edges of its outermost voxels: corner i lies at the far end of the source's slices,
// rows or columns where bit 2, 1 or 0 of i is set.
func (b Block) Corners() (out [8][3]float64) {
	for i := range out {
		var place [3]float64
		for _, a := range b.Axes {
			from, to := a.At(-0.5), a.At(float64(a.Len)-0.5)
			if from > to {
				from, to = to, from
			}
			if place[a.Of] = from; i>>(2-a.Of)&1 == 1 {
				place[a.Of] = to
			}
		}
		out[i] = inFile(b.Lies, place)
	}
	return out
}

// Nearest is the row and column of a slice, nearest to the given ones, around which a block
// lies that does not reach beyond the volume: there are fewer blocks than pixels, and one
// only where the block is as large as the volume.
func (b Block) Nearest(slice, row, column int) (int, int) {
	place := lying(b.Lies, [3]float64{float64(slice), float64(row), float64(column)})
	for k, a := range b.Axes {
		if a.Of == 0 {
			continue
		}
		index := math.Round(a.Index(place[a.Of])) + float64(b.from[k])
		low := a.Len / 2
		high := low + max(0, b.of[k]-a.Len)
		if b.of[k] < a.Len {
			low, high = b.of[k]/2, b.of[k]/2
		}
		place[a.Of] = a.At(min(max(index, float64(low)), float64(high)) - float64(b.from[k]))
	}
	place = inFile(b.Lies, place)
	return int(math.Round(place[1])), int(math.Round(place[2]))
}

// Middle is the row and column around which the block lies, of the slice in its middle.
func (b Block) Middle() (row, column int) {
	var place [3]float64
	for _, a := range b.Axes {
		place[a.Of] = a.At(float64(a.Len / 2))
	}
	place = inFile(b.Lies, place)
	return int(math.Round(place[1])), int(math.Round(place[2]))
}

// Everything reports whether the block holds all of the volume.
func (b Block) Everything() bool {
	for _, corner := range b.Corners() {
		for k, n := range b.Source {
			if at := corner[k]; at > -0.5+1e-6 && at < float64(n)-0.5-1e-6 {
				return false
			}
		}
	}
	return true
}

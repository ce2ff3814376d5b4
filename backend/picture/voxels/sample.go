package voxels

import (
	"math"
	"runtime"
	"sync"
)

// tap is where a value between two voxels comes from: the voxels, as steps in the
// array, and the share of the second.
type tap struct {
	low, high int
	share     float64
}

// taps are those of an axis, for a grid whose neighbours along it lie stride values
// apart. Beyond the border its values repeat.
func (a Axis) taps(size, stride int, nearest bool) []tap {
	out := make([]tap, a.Len)
	for j := range out {
		at := min(max(a.At(float64(j)), 0), float64(size-1))
		if nearest {
			at = math.RoundToEven(at)
		}
		low := int(at)
		out[j] = tap{low * stride, min(low+1, size-1) * stride, at - float64(low)}
		if out[j].share == 0 {
			out[j].high = out[j].low
		}
	}
	return out
}

// Sample is the grid along other axes of the same volume, by linear interpolation
// between the eight voxels around each place, or the value of the nearest one. The
// caller has bounded the size.
func (g *Grid) Sample(axes [3]Axis, nearest bool) *Grid {
	strides := [3]int{g.Size[1] * g.Size[2], g.Size[2], 1}
	out := &Grid{Remarks: g.Remarks}
	var taps [3][]tap
	for i, a := range axes {
		out.Size[i] = a.Len
		taps[i] = a.taps(g.Size[a.Of], strides[a.Of], nearest)
		out.Spacing[i] = g.Spacing[a.Of] * math.Abs(a.Step)
		for k := range 3 {
			out.Ways[i][k] = g.Ways[a.Of][k] * sign(a.Step)
		}
	}
	plane := out.Size[1] * out.Size[2]
	out.Values = make([]float32, out.Size[0]*plane)
	inParallel(out.Size[0], func(z int) {
		row := out.Values[z*plane:]
		for y := range taps[1] {
			g.line(row[y*out.Size[2]:][:out.Size[2]], taps[0][z], taps[1][y], taps[2])
		}
	})
	return out
}

func sign(v float64) float64 {
	if v < 0 {
		return -1
	}
	return 1
}

// line interpolates one row, with 64 bits: of values of opposite sign, little may be
// left.
func (g *Grid) line(dst []float32, a, b tap, across []tap) {
	for x, c := range across {
		v := g.between(a.low+b.low, c)
		if b.share != 0 {
			v += b.share * (g.between(a.low+b.high, c) - v)
		}
		if a.share != 0 {
			w := g.between(a.high+b.low, c)
			if b.share != 0 {
				w += b.share * (g.between(a.high+b.high, c) - w)
			}
			v += a.share * (w - v)
		}
		dst[x] = float32(v)
	}
}

func (g *Grid) between(at int, t tap) float64 {
	v := float64(g.Values[at+t.low])
	if t.share == 0 {
		return v
	}
	return v + t.share*(float64(g.Values[at+t.high])-v)
}

// inParallel does something for each of n numbers, on all processors.
func inParallel(n int, do func(i int)) {
	var wait sync.WaitGroup
	next := make(chan int)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wait.Wait()
}

// Inside is the smallest box, from and up to but not including, that holds every
// voxel above a value, with a margin of voxels around it; ok is false where there
// is none.
func (g *Grid) Inside(above float32, margin int) (from, to [3]int, ok bool) {
	from = g.Size
	i := 0
	for z := range g.Size[0] {
		for y := range g.Size[1] {
			for x := range g.Size[2] {
				if g.Values[i] > above {
					for k, at := range [3]int{z, y, x} {
						from[k], to[k] = min(from[k], at), max(to[k], at+1)
					}
					ok = true
				}
				i++
			}
		}
	}
	for k := range from {
		from[k], to[k] = max(from[k]-margin, 0), min(to[k]+margin, g.Size[k])
	}
	return from, to, ok
}

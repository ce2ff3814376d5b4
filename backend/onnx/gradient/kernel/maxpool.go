// Package kernel computes derivatives for which the runtime has no operator, or
// only a slow one, on plain slices.
package kernel

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
)

// MaxPool is a MaxPool over blocks of one axis or more, such as rows and columns
// of a picture or slices, rows and columns of a volume. All fields have a number
// for each axis, the one whose elements lie beside each other last.
type MaxPool struct {
	In, Out        []int // lengths of the axes
	Kernel, Stride []int
	Begin          []int // padding in front
	Dilation       []int
	// Positive: only maxima above 0 count, as where x comes from a ReLU whose own
	// derivative is to be part of the result.
	Positive bool
}

// Backward adds every gradient to the first maximum, in row-major order, of its
// window. x are blocks of In, dy blocks of Out; dy may hold the gradients of
// several scores for the blocks of x, one score after the other. The result has
// a block of In for each of dy; it lies in old where that is large enough, whatever
// that holds. Windows without a maximum (all of them NaN, or none above 0 where that is asked for) pass nothing on.
//
// The work is spread over the processor's cores.
func (p MaxPool) Backward(x, dy, old []float32) ([]float32, error) {
	in, out := product(p.In), product(p.Out)
	if len(p.In) == 0 || in <= 0 || out <= 0 || in > math.MaxInt32 || len(x) == 0 || len(x)%in != 0 || len(dy)%out != 0 || len(dy)/out%(len(x)/in) != 0 {
		return nil, fmt.Errorf("a pooling of %v to %v cannot pass %d gradients on to %d elements", p.In, p.Out, len(dy), len(x))
	}
	blocks, all := len(x)/in, len(dy)/out
	dx := slices.Grow(old[:0], all*in)[:all*in]
	workers := min(runtime.GOMAXPROCS(0), blocks)
	var wait sync.WaitGroup
	for k := range workers {
		wait.Go(func() {
			first, find := make([]int32, out), p.finder()
			for block := k * blocks / workers; block < (k+1)*blocks/workers; block++ {
				find(x[block*in:(block+1)*in], first)
				for at := block; at < all; at += blocks {
					part := dx[at*in : (at+1)*in]
					clear(part)
					add(part, dy[at*out:(at+1)*out], first)
				}
			}
		})
	}
	wait.Wait()
	return dx, nil
}

// finder finds the first maximum of every window of a block, −1 where there is none. It
// serves one block at a time.
func (p MaxPool) finder() func(x []float32, first []int32) {
	if find := p.plane(); find != nil {
		return find
	}
	work := p.workspace()
	return func(x []float32, first []int32) { p.maxima(x, first, work) }
}

// add gives every gradient to the element that its window chose.
func add(dx, dy []float32, first []int32) {
	for i, g := range dy {
		if at := first[i]; at >= 0 {
			dx[at] += g
		}
	}
}

// workspace is memory for the maxima of one block: a line of keys, and behind it
// the maxima along the last axis, the last two, and so on.
func (p MaxPool) workspace() [][]uint64 {
	last := len(p.In) - 1
	work := [][]uint64{make([]uint64, p.In[last])}
	for axis := last; axis >= 0; axis-- {
		work = append(work, make([]uint64, product(p.In[:axis])*product(p.Out[axis:])))
	}
	return work
}

// maxima finds the first maximum of every window of a block, −1 where there is
// none, axis by axis from the last one. Values and places are compared as one
// number ([key]), because branches that follow the picture cannot be foreseen by
// the processor.
func (p MaxPool) maxima(x []float32, first []int32, work [][]uint64) {
	last := len(p.In) - 1
	line, best := work[0], work[1]
	width, columns := p.In[last], p.Out[last]
	for row := range len(x) / width {
		for c, v := range x[row*width : (row+1)*width] {
			line[c] = key(v, row*width+c)
		}
		p.alongRow(line, best[row*columns:(row+1)*columns])
	}
	for axis := last - 1; axis >= 0; axis-- {
		p.along(axis, best, work[last-axis+1])
		best = work[last-axis+1]
	}
	least := uint64(1)
	if p.Positive {
		least = key(math.SmallestNonzeroFloat32, math.MaxInt32)
	}
	for i, k := range best {
		first[i] = -1
		if k >= least {
			first[i] = place(k)
		}
	}
}

// alongRow takes the largest key of every window of one row.
func (p MaxPool) alongRow(line, best []uint64) {
	last := len(p.In) - 1
	for column := range best {
		left := column*p.Stride[last] - p.Begin[last]
		if p.Kernel[last] == 3 && p.Dilation[last] == 1 && left >= 0 && left+3 <= len(line) {
			window := line[left : left+3]
			best[column] = max(window[0], window[1], window[2])
			continue
		}
		most := uint64(0)
		lo, hi := p.reach(last, column)
		for c := lo; c < hi; c += p.Dilation[last] {
			most = max(most, line[c])
		}
		best[column] = most
	}
}

// along takes the largest key of every window along an axis whose later axes are
// those of the result already.
func (p MaxPool) along(axis int, keys, best []uint64) {
	clear(best)
	size := product(p.Out[axis+1:])
	for outer := range product(p.In[:axis]) {
		from, to := keys[outer*p.In[axis]*size:], best[outer*p.Out[axis]*size:]
		for at := range p.Out[axis] {
			most := to[at*size : (at+1)*size]
			lo, hi := p.reach(axis, at)
			for i := lo; i < hi; i += p.Dilation[axis] {
				for c, k := range from[i*size : (i+1)*size] {
					most[c] = max(most[c], k)
				}
			}
		}
	}
}

// reach is the range of places on an axis that window number at covers.
func (p MaxPool) reach(axis, at int) (lo, hi int) {
	lo = at*p.Stride[axis] - p.Begin[axis]
	hi = lo + p.Dilation[axis]*(p.Kernel[axis]-1) + 1
	for lo < 0 {
		lo += p.Dilation[axis]
	}
	return lo, min(hi, p.In[axis])
}

func product(lengths []int) int {
	n := 1
	for _, length := range lengths {
		n *= length
	}
	return n
}

// key orders elements by value and then by place, the first one highest. It is 0
// for NaN, which is no maximum.
func key(v float32, at int) uint64 {
	if v != v {
		return 0
	}
	bits := math.Float32bits(v)
	if v == 0 {
		bits = 0 // of both signs
	}
	bits ^= uint32(int32(bits)>>31) | 1<<31
	return uint64(bits)<<32 | uint64(^uint32(at))
}

// place is the place that a key tells.
func place(key uint64) int32 { return int32(^uint32(key)) }

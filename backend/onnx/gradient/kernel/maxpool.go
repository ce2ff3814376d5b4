// Package kernel computes derivatives for which the runtime has no operator, or
// only a slow one, on plain slices.
package kernel

import (
	"fmt"
	"math"
	"runtime"
	"sync"
)

// MaxPool is a MaxPool over planes of two axes, rows first.
type MaxPool struct {
	In, Out        [2]int // lengths of the axes
	Kernel, Stride [2]int
	Begin          [2]int // padding in front
	Dilation       [2]int
}

// Backward adds every gradient to the first maximum, in rows and then columns,
// of its window. x are planes of In, dy planes of Out; dy may hold the
// gradients of several scores for the planes of x, one score after the other.
// The result has a plane of In for each of dy. Windows without a maximum (all of
// them NaN) pass nothing on.
//
// The work is spread over the processor's cores.
func (p MaxPool) Backward(x, dy []float32) ([]float32, error) {
	in, out := p.In[0]*p.In[1], p.Out[0]*p.Out[1]
	if in <= 0 || out <= 0 || len(x) == 0 || len(x)%in != 0 || len(dy)%out != 0 || len(dy)/out%(len(x)/in) != 0 {
		return nil, fmt.Errorf("a pooling of %v to %v cannot pass %d gradients on to %d elements", p.In, p.Out, len(dy), len(x))
	}
	planes, all := len(x)/in, len(dy)/out
	dx := make([]float32, all*in)
	workers := min(runtime.GOMAXPROCS(0), planes)
	var wait sync.WaitGroup
	for k := range workers {
		wait.Go(func() {
			first, keys := make([]int32, out), make([]uint64, p.In[1]+p.Out[1]+p.In[0]*p.Out[1])
			for plane := k * planes / workers; plane < (k+1)*planes/workers; plane++ {
				p.maxima(x[plane*in:(plane+1)*in], first, keys)
				for at := plane; at < all; at += planes {
					add(dx[at*in:(at+1)*in], dy[at*out:(at+1)*out], first)
				}
			}
		})
	}
	wait.Wait()
	return dx, nil
}

// add gives every gradient to the element that its window chose.
func add(dx, dy []float32, first []int32) {
	for i, g := range dy {
		if at := first[i]; at >= 0 {
			dx[at] += g
		}
	}
}

// maxima finds the first maximum of every window of a plane, −1 where there is
// none: of every row first, then of the rows. Values and places are compared as
// one number ([key]), because branches that follow the picture cannot be
// foreseen by the processor. keys is memory to work in.
func (p MaxPool) maxima(x []float32, first []int32, keys []uint64) {
	width, columns := p.In[1], p.Out[1]
	line, best, rows := keys[:width], keys[width:width+columns], keys[width+columns:]
	for y := range p.In[0] {
		for c, v := range x[y*width : (y+1)*width] {
			line[c] = key(v, y*width+c)
		}
		p.alongRow(line, rows[y*columns:(y+1)*columns])
	}
	for row := range p.Out[0] {
		clear(best)
		lo, hi := p.reach(0, row)
		for y := lo; y < hi; y += p.Dilation[0] {
			for column, k := range rows[y*columns : (y+1)*columns] {
				best[column] = max(best[column], k)
			}
		}
		for column, k := range best {
			first[row*columns+column] = place(k)
		}
	}
}

// alongRow takes the largest key of every window of one row.
func (p MaxPool) alongRow(line, best []uint64) {
	for column := range best {
		left := column*p.Stride[1] - p.Begin[1]
		if p.Kernel[1] == 3 && p.Dilation[1] == 1 && left >= 0 && left+3 <= len(line) {
			window := line[left : left+3]
			best[column] = max(window[0], window[1], window[2])
			continue
		}
		most := uint64(0)
		lo, hi := p.reach(1, column)
		for c := lo; c < hi; c += p.Dilation[1] {
			most = max(most, line[c])
		}
		best[column] = most
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

// place is the place that a key tells, −1 where it is none.
func place(key uint64) int32 {
	if key == 0 {
		return -1
	}
	return int32(^uint32(key))
}

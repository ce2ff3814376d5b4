package superpixel

import (
	"context"
	"math"
)

// part is a connected piece of one label.
type part struct {
	pixels int
	sum    []float64 // of values, per channel
	joined int       // the part it was merged into, itself where into none
}

// connect makes every region connected: a label's separate pieces become
// regions of their own, and pieces smaller than a quarter of a superpixel join
// the neighbour whose mean is nearest.
func connect(ctx context.Context, s *slic) (Regions, error) {
	piece, parts := s.pieces()
	if err := ctx.Err(); err != nil {
		return Regions{}, err
	}
	beside := s.neighbours(piece, len(parts))
	least := s.side * s.side / 4
	if s.depth > 0 {
		least *= s.side
	}
	for k := range parts {
		if err := ctx.Err(); err != nil {
			return Regions{}, err
		}
		if root(parts, k) == k && parts[k].pixels < int(least) {
			join(parts, beside, k)
		}
	}
	return s.numbered(piece, parts), nil
}

// pieces finds the connected pieces of the labels, in the order in which rows
// meet them.
func (s *slic) pieces() (piece []int32, parts []part) {
	piece = make([]int32, len(s.label))
	for p := range piece {
		piece[p] = -1
	}
	var open []int
	for start := range piece {
		if piece[start] >= 0 {
			continue
		}
		k := int32(len(parts))
		found := part{sum: make([]float64, s.channels), joined: int(k)}
		piece[start] = k
		for open = append(open[:0], start); len(open) > 0; {
			p := open[len(open)-1]
			open = open[:len(open)-1]
			found.pixels++
			for c := range s.channels {
				found.sum[c] += float64(s.values[p*s.channels+c])
			}
			s.beside(p, func(q int) {
				if piece[q] < 0 && s.label[q] == s.label[p] {
					piece[q] = k
					open = append(open, q)
				}
			})
		}
		parts = append(parts, found)
	}
	return piece, parts
}

// beside visits the pixels that share an edge with p, or voxels a face.
func (s *slic) beside(p int, visit func(q int)) {
	at, step := s.sides.place(p), 1
	for k := 2; k >= 0; k-- {
		if at[k] > 0 {
			visit(p - step)
		}
		if at[k]+1 < s.sides[k] {
			visit(p + step)
		}
		step *= s.sides[k]
	}
}

// neighbours lists for each piece those that touch it, each once for every
// border pixel's first meeting; the order is that of the rows.
func (s *slic) neighbours(piece []int32, parts int) [][]int32 {
	out := make([][]int32, parts)
	seen := map[[2]int32]bool{}
	for p, k := range piece {
		s.beside(p, func(q int) {
			pair := [2]int32{k, piece[q]}
			if k != piece[q] && !seen[pair] {
				seen[pair] = true
				out[k] = append(out[k], piece[q])
			}
		})
	}
	return out
}

// root is the part that k has become a part of.
func root(parts []part, k int) int {
	for parts[k].joined != k {
		parts[k].joined = parts[parts[k].joined].joined
		k = parts[k].joined
	}
	return k
}

// join merges a part into the neighbour of the nearest mean; the first of equally
// near ones. A part that is the whole picture stays.
func join(parts []part, beside [][]int32, k int) {
	best, least := -1, math.Inf(1)
	for _, n := range beside[k] {
		other := root(parts, int(n))
		if other == k {
			continue
		}
		if d := apart(parts[k], parts[other]); d < least {
			best, least = other, d
		}
	}
	if best < 0 {
		return
	}
	parts[best].pixels += parts[k].pixels
	for c, v := range parts[k].sum {
		parts[best].sum[c] += v
	}
	parts[k].joined = best
	beside[best] = append(beside[best], beside[k]...)
}

// apart is the squared distance of the means of two parts.
func apart(a, b part) float64 {
	sum := 0.0
	for c := range a.sum {
		d := a.sum[c]/float64(a.pixels) - b.sum[c]/float64(b.pixels)
		sum += d * d
	}
	return sum
}

// numbered names the merged pieces in the order in which rows meet them.
func (s *slic) numbered(piece []int32, parts []part) Regions {
	r := Regions{Depth: s.depth, Height: s.sides[0] * s.sides[1], Width: s.sides[2], Of: make([]int32, len(piece))}
	number := make([]int32, len(parts))
	for p, k := range piece {
		at := root(parts, int(k))
		if number[at] == 0 {
			r.Count++
			number[at] = int32(r.Count)
		}
		r.Of[p] = number[at] - 1
	}
	return r
}

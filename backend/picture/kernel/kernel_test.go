package kernel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// random gives the same numbers each time.
func random() *rand.Rand { return rand.New(rand.NewPCG(3, 5)) }

func bytesOf[T uint8 | uint16](r *rand.Rand, n, top int) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = T(r.IntN(top + 1))
	}
	return out
}

// anyBlock has coefficients whose sum, without signs, is up to Most.
func anyBlock(r *rand.Rand) (b Block, k Kind) {
	left := []int{16, 300, 3000, Most}[r.IntN(4)]
	for range r.IntN(65) {
		v := r.IntN(left + 1)
		at := r.IntN(64)
		if b[at] != 0 {
			continue
		}
		if b[at] = int32(v); r.IntN(2) == 0 {
			b[at] = -b[at]
		}
		left -= v
	}
	if slices.Max(b[1:]) == 0 && slices.Min(b[1:]) == 0 {
		return b, Even
	}
	return b, Usual
}

func TestInverse(t *testing.T) {
	r := random()
	for range 300 {
		n := 1 + r.IntN(40)
		stride := 8*n + r.IntN(9)
		blocks, kinds := make([]Block, n), make([]Kind, n)
		for i := range blocks {
			if blocks[i], kinds[i] = anyBlock(r); r.IntN(8) == 0 {
				kinds[i] = Apart
			}
		}
		got := make([]uint8, 7*stride+8*n)
		Inverse(got, stride, blocks, kinds)
		for i := range blocks {
			want := transformed(&blocks[i])
			if kinds[i] == Apart {
				want = [64]uint8{}
			}
			for y := range 8 {
				if row := got[y*stride+8*i:][:8]; !slices.Equal(row, want[8*y:8*y+8]) {
					t.Fatalf("row %d of block %d of %d: %v, want %v", y, i, n, row, want[8*y:8*y+8])
				}
			}
		}
	}
}

// A block may sum up to Most in whatever way: every basis function alone, of both signs, and
// that with the largest sums in each sample.
func TestInverseAtItsBound(t *testing.T) {
	var blocks []Block
	for at := range 64 {
		for _, v := range []int32{Most, -Most} {
			var b Block
			b[at] = v
			blocks = append(blocks, b)
			b[at], b[(at+9)%64] = v/2, -v/2
			blocks = append(blocks, b)
		}
	}
	for i := range blocks {
		got := make([]uint8, 64)
		Inverse(got, 8, blocks[i:i+1], []Kind{Usual})
		if want := transformed(&blocks[i]); !slices.Equal(got, want[:]) {
			t.Fatalf("%v: %v, want %v", blocks[i], got, want)
		}
	}
}

func anyPlanes[T uint8 | uint16](r *rand.Rand, width, height, count, top int) Planes[T] {
	all := Planes[T]{Width: width, Height: height}
	factors := make([][2]int, count)
	h, v := 0, 0
	for i := range factors {
		factors[i] = [2]int{1 + r.IntN(4), 1 + r.IntN(4)}
		if r.IntN(2) == 0 {
			factors[i] = [2]int{1 + r.IntN(2), 1 + r.IntN(2)}
		}
		h, v = max(h, factors[i][0]), max(v, factors[i][1])
	}
	for _, f := range factors {
		p := Plane[T]{Width: (width*f[0] + h - 1) / h, Height: (height*f[1] + v - 1) / v, H: f[0], V: f[1]}
		p.Stride = p.Width + r.IntN(9)
		p.Pix = bytesOf[T](r, p.Stride*(p.Height-1)+p.Width, top)
		all.Parts = append(all.Parts, p)
	}
	return all
}

func testRows[T uint8 | uint16](t *testing.T, top int) {
	r := random()
	for width := 1; width <= 70; width++ {
		for range 12 {
			height, count := 1+r.IntN(9), 1+r.IntN(4)
			p := anyPlanes[T](r, width, height, count, top)
			p.Colors = count == 3 && top == 255 && r.IntN(3) > 0
			from := r.IntN(height)
			rows := 1 + r.IntN(height-from)
			got := make([]T, rows*width*count)
			p.Rows(got, from, rows)
			h, v := p.finest()
			for i := 0; i < len(got); i += count {
				x, y := i/count%width, from+i/count/width
				want := make([]T, count)
				for c, part := range p.Parts {
					want[c] = T(sampleAt(part, h, v, x, y))
				}
				if p.Colors {
					for c, s := range colored(int(want[0]), int(want[1]), int(want[2])) {
						want[c] = T(s)
					}
				}
				if !slices.Equal(got[i:i+count], want) {
					t.Fatalf("pixel %d,%d of %d×%d, %d planes, colours %v: %v, want %v", x, y, width, height, count, p.Colors, got[i:i+count], want)
				}
			}
		}
	}
}

func TestRows(t *testing.T) {
	t.Run("8", func(t *testing.T) { testRows[uint8](t, 255) })
	t.Run("16", func(t *testing.T) { testRows[uint16](t, 65535) })
}

// Every colour of 8 bits in a sample of luma.
func TestColors(t *testing.T) {
	const n = 1 << 16
	p := Planes[uint8]{Width: n, Height: 1, Colors: true}
	for c := range 3 {
		pix := make([]uint8, n)
		for i := range pix {
			pix[i] = uint8([]int{i * 7, i, i >> 8}[c])
		}
		p.Parts = append(p.Parts, Plane[uint8]{pix, n, 1, n, 1, 1})
	}
	got := make([]uint8, 3*n)
	p.Rows(got, 0, 1)
	for i := range n {
		if want := colored(i*7&255, i&255, i>>8); [3]uint8(got[3*i:]) != want {
			t.Fatalf("colour %d: %v, want %v", i, got[3*i:3*i+3], want)
		}
	}
}

func anyTaps(r *rand.Rand, in, out int) Taps {
	t := Taps{Count: 1 + r.IntN(min(in, 12))}
	for range out {
		t.First = append(t.First, int32(r.IntN(in-t.Count+1)))
		for range t.Count {
			t.Weights = append(t.Weights, int32(r.IntN(1<<TapBits)-1<<(TapBits-2))/int32(t.Count)*2)
		}
	}
	return t
}

func TestResize(t *testing.T) {
	r := random()
	for width := 1; width <= 40; width++ {
		for range 12 {
			height, channels := 1+r.IntN(40), 1+r.IntN(4)
			w, h := 1+r.IntN(40), 1+r.IntN(40)
			across, down := anyTaps(r, width, w), anyTaps(r, height, h)
			switch r.IntN(4) {
			case 0:
				across, w = Taps{}, width
			case 1:
				down, h = Taps{}, height
			}
			from := bytesOf[uint8](r, width*height*channels, 255)
			got := make([]uint8, w*h*channels)
			if across.Count == 0 && down.Count == 0 {
				continue
			}
			Resize(got, from, width, height, channels, across, down)
			want := plainly(from, width, height, channels, w, h, across, down)
			if !slices.Equal(got, want) {
				t.Fatalf("%d×%d×%d to %d×%d differs", width, height, channels, w, h)
			}
		}
	}
}

// plainly is Resize, value by value.
func plainly(from []uint8, width, height, channels, w, h int, across, down Taps) []uint8 {
	mid := from
	if across.Count > 0 {
		mid = make([]uint8, w*height*channels)
		for i := range mid {
			y, x, c := i/channels/w, i/channels%w, i%channels
			mid[i] = weighed(across, x, func(at int) uint8 { return from[(y*width+at)*channels+c] })
		}
	}
	if down.Count == 0 {
		return mid
	}
	out := make([]uint8, w*h*channels)
	for i := range out {
		y, rest := i/(w*channels), i%(w*channels)
		out[i] = weighed(down, y, func(at int) uint8 { return mid[at*w*channels+rest] })
	}
	return out
}

func TestWhatDoesNotFitIsAPanic(t *testing.T) {
	plane := Plane[uint8]{Pix: make([]uint8, 12), Width: 4, Height: 3, Stride: 4, H: 1, V: 1}
	short := plane
	short.Pix = short.Pix[:11]
	narrow := plane
	narrow.Width = 3
	one := Taps{Count: 1, First: []int32{0}, Weights: []int32{1}}
	for i, f := range []func(){
		func() { Inverse(make([]uint8, 63), 8, make([]Block, 1), make([]Kind, 1)) },
		func() { Inverse(make([]uint8, 64), 7, make([]Block, 1), make([]Kind, 1)) },
		func() { Inverse(make([]uint8, 64), 8, make([]Block, 1), nil) },
		func() { makeRows(short, 4, 3, 3, 12) },
		func() { makeRows(narrow, 4, 3, 3, 12) },
		func() { makeRows(plane, 4, 3, 4, 16) },
		func() { makeRows(plane, 4, 3, 3, 11) },
		func() { makeRows(plane, 5, 3, 3, 15) },
		func() { Across(make([]uint8, 1), make([]uint8, 1), 1, 1, 1, Taps{1, []int32{1}, []int32{1}}) },
		func() { Across(make([]uint8, 1), make([]uint8, 1), 1, 1, 1, Taps{1, []int32{-1}, []int32{1}}) },
		func() { Across(make([]uint8, 1), make([]uint8, 1), 1, 1, 1, Taps{2, []int32{0}, []int32{1, 1}}) },
		func() { Across(make([]uint8, 5), make([]uint8, 5), 1, 1, 5, one) },
		func() { Across(make([]uint8, 1), make([]uint8, 1), 2, 1, 1, one) },
		func() { Down(make([]uint8, 1), make([]uint8, 1), 1, 1, Taps{1, []int32{0}, nil}) },
		func() { Down(make([]uint8, 1), make([]uint8, 2), 2, 1, one) },
		func() { Resize(make([]uint8, 1), make([]uint8, 3), 2, 2, 1, one, one) },
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("it was done")
				}
			}()
			f()
		})
	}
}

func makeRows(p Plane[uint8], width, height, count, room int) {
	all := Planes[uint8]{Width: width, Height: height, Parts: []Plane[uint8]{p}}
	all.Rows(make([]uint8, room), 0, count)
}

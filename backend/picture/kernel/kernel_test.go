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

// transformed is the reference implementation's inverse DCT ("islow" of libjpeg) in
// numbers of 64 bits.
func transformed(b *Block) (out [64]uint8) {
	var mid [64]int64
	for x := range 8 {
		var v [8]int64
		for y := range v {
			v[y] = int64(b[8*y+x])
		}
		for y, r := range butterfly(v) {
			mid[8*y+x] = (r + 1<<10) >> 11
		}
	}
	for y := range 8 {
		for x, r := range butterfly([8]int64(mid[8*y : 8*y+8])) {
			out[8*y+x] = uint8(min(max((r+1<<17)>>18+128, 0), 255))
		}
	}
	return out
}

func butterfly(v [8]int64) [8]int64 {
	z := (v[2] + v[6]) * 4433
	t2, t3 := z-v[6]*15137, z+v[2]*6270
	t0, t1 := (v[0]+v[4])<<13, (v[0]-v[4])<<13
	e := [4]int64{t0 + t3, t1 + t2, t1 - t2, t0 - t3}
	s := (v[7] + v[3] + v[5] + v[1]) * 9633
	s1, s2, s3, s4 := -(v[7]+v[1])*7373, -(v[5]+v[3])*20995, s-(v[7]+v[3])*16069, s-(v[5]+v[1])*3196
	o := [4]int64{v[1]*12299 + s1 + s4, v[3]*25172 + s2 + s3, v[5]*16819 + s2 + s4, v[7]*2446 + s1 + s3}
	var r [8]int64
	for i := range 4 {
		r[i], r[7-i] = e[i]+o[i], e[i]-o[i]
	}
	return r
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

// sampleAt is the formula of a plane's sample at a pixel: weights of 3 to 1 between neighbours
// of half the resolution, rounded as the reference implementation does.
func sampleAt[T uint8 | uint16](p Plane[T], h, v, x, y int) int {
	at := func(x, y int) int {
		return int(p.Pix[min(max(y, 0), p.Height-1)*p.Stride+min(max(x, 0), p.Width-1)])
	}
	nx, ny := x/2+2*(x%2)-1, y/2+2*(y%2)-1 // the neighbour
	wide, high := h == 2*p.H, v == 2*p.V
	switch {
	case p.H == h && p.V == v:
		return at(x, y)
	case wide && p.V == v && p.Width > 2:
		if nx < 0 || nx >= p.Width {
			return at(x/2, y)
		}
		return (3*at(x/2, y) + at(nx, y) + 1 + x%2) >> 2
	case p.H == h && high:
		return (3*at(x, y/2) + at(x, ny) + 1 + y%2) >> 2
	case wide && high && p.Width > 2:
		column := func(x int) int { return 3*at(x, y/2) + at(x, ny) }
		return (3*column(x/2) + column(nx) + 8 - x%2) >> 4
	}
	return at(x*p.H/h, y*p.V/v)
}

// colored is the conversion of JFIF 1.02 in 1/65536.
func colored(y, cb, cr int) [3]uint8 {
	cb, cr = cb-128, cr-128
	clamp := func(v int) uint8 { return uint8(min(max(v, 0), 255)) }
	return [3]uint8{clamp(y + (91881*cr+1<<15)>>16), clamp(y + (-22554*cb-46802*cr+1<<15)>>16), clamp(y + (116130*cb+1<<15)>>16)}
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
			h, v := 0, 0
			for _, part := range p.Parts {
				h, v = max(h, part.H), max(v, part.V)
			}
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

// weighed is one result of taps.
func weighed(t Taps, i int, value func(at int) uint8) uint8 {
	sum := 1 << (TapBits - 1)
	for k, w := range t.Weights[i*t.Count : (i+1)*t.Count] {
		sum += int(w) * int(value(int(t.First[i])+k))
	}
	return uint8(min(max(sum>>TapBits, 0), 255))
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
		func() { rows(short, 4, 3, 3, 12) },
		func() { rows(narrow, 4, 3, 3, 12) },
		func() { rows(plane, 4, 3, 4, 16) },
		func() { rows(plane, 4, 3, 3, 11) },
		func() { rows(plane, 5, 3, 3, 15) },
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

func rows(p Plane[uint8], width, height, count, room int) {
	all := Planes[uint8]{Width: width, Height: height, Parts: []Plane[uint8]{p}}
	all.Rows(make([]uint8, room), 0, count)
}

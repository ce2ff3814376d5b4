package kernel

// The formulas of what the kernels compute, for one result after the other: what they are
// measured by, and what a build without C does.

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

// weighed is one result of taps.
func weighed(t Taps, i int, value func(at int) uint8) uint8 {
	sum := 1 << (TapBits - 1)
	for k, w := range t.Weights[i*t.Count : (i+1)*t.Count] {
		sum += int(w) * int(value(int(t.First[i])+k))
	}
	return uint8(min(max(sum>>TapBits, 0), 255))
}

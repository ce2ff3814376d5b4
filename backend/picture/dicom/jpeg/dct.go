package jpeg

import "picasso/backend/picture/kernel"

// zigzag is the place of the k-th coded coefficient.
var zigzag = [64]int{
	0, 1, 8, 16, 9, 2, 3, 10,
	17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34,
	27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36,
	29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46,
	53, 60, 61, 54, 47, 55, 62, 63,
}

// Constants of the transform in 1/8192.
const (
	scaleBits = 13
	c0298     = 2446
	c0390     = 3196
	c0541     = 4433
	c0765     = 6270
	c0899     = 7373
	c1175     = 9633
	c1501     = 12299
	c1847     = 15137
	c1961     = 16069
	c2053     = 16819
	c2562     = 20995
	c3072     = 25172
)

// butterfly is the one-dimensional inverse DCT of Loeffler, Ligtenberg and
// Moschytz (ICASSP 1989) in fixed point. The result is scaled by 2^scaleBits.
// Eight numbers in and out stay in registers.
func butterfly(v0, v1, v2, v3, v4, v5, v6, v7 int64) (r0, r1, r2, r3, r4, r5, r6, r7 int64) {
	z1 := (v2 + v6) * c0541
	t2, t3 := z1-v6*c1847, z1+v2*c0765
	t0, t1 := (v0+v4)<<scaleBits, (v0-v4)<<scaleBits
	e0, e3, e1, e2 := t0+t3, t0-t3, t1+t2, t1-t2

	o0, o1, o2, o3 := v7, v5, v3, v1
	s1, s2, s3, s4 := o0+o3, o1+o2, o0+o2, o1+o3
	s5 := (s3 + s4) * c1175
	s1, s2 = -s1*c0899, -s2*c2562
	s3, s4 = s5-s3*c1961, s5-s4*c0390
	o0 = o0*c0298 + s1 + s3
	o1 = o1*c2053 + s2 + s4
	o2 = o2*c3072 + s2 + s3
	o3 = o3*c1501 + s1 + s4
	return e0 + o3, e1 + o2, e2 + o1, e3 + o0, e3 - o0, e2 - o1, e1 - o2, e0 - o3
}

// inverse writes a block's samples, whatever its coefficients are and of up to 16 bits, which
// [kernel.Inverse] does not take. Intermediate precision is that of the reference
// implementation, so that results are the same to the last bit.
func inverse[T uint8 | uint16](b *kernel.Block, dst []T, stride, precision int) {
	extra := uint(2)
	if precision > 8 {
		extra = 1
	}
	var mid [64]int64
	for x := range 8 {
		column(b, &mid, x, extra)
	}
	last := scaleBits + extra + 3
	// Half of the last place is added for all, and the middle of the range.
	round, top := int64(1)<<(last-1)+int64(1)<<(precision-1)<<last, int64(1)<<precision-1
	for y := range 8 {
		m, row := mid[8*y:8*y+8:8*y+8], dst[y*stride:][:8]
		if m[1]|m[2]|m[3]|m[4]|m[5]|m[6]|m[7] == 0 {
			value := T(min(max((m[0]<<scaleBits+round)>>last, 0), top))
			for x := range row {
				row[x] = value
			}
			continue
		}
		r0, r1, r2, r3, r4, r5, r6, r7 := butterfly(m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7])
		for x, r := range [8]int64{r0, r1, r2, r3, r4, r5, r6, r7} {
			row[x] = T(min(max((r+round)>>last, 0), top))
		}
	}
}

// column transforms one column. Where only its mean is left, the transform gives
// the same value everywhere, to the last bit.
func column(b *kernel.Block, mid *[64]int64, x int, extra uint) {
	x &= 7
	if b[8+x]|b[16+x]|b[24+x]|b[32+x]|b[40+x]|b[48+x]|b[56+x] == 0 {
		v := int64(b[x]) << extra
		mid[x], mid[8+x], mid[16+x], mid[24+x], mid[32+x], mid[40+x], mid[48+x], mid[56+x] = v, v, v, v, v, v, v, v
		return
	}
	r0, r1, r2, r3, r4, r5, r6, r7 := butterfly(int64(b[x]), int64(b[8+x]), int64(b[16+x]), int64(b[24+x]), int64(b[32+x]), int64(b[40+x]), int64(b[48+x]), int64(b[56+x]))
	n := scaleBits - extra
	half := int64(1) << (n - 1)
	mid[x], mid[8+x], mid[16+x], mid[24+x] = (r0+half)>>n, (r1+half)>>n, (r2+half)>>n, (r3+half)>>n
	mid[32+x], mid[40+x], mid[48+x], mid[56+x] = (r4+half)>>n, (r5+half)>>n, (r6+half)>>n, (r7+half)>>n
}

package jpeg

// block is eight rows of eight coefficients or samples.
type block [64]int32

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
func butterfly(in *[8]int64) {
	z1 := (in[2] + in[6]) * c0541
	t2, t3 := z1-in[6]*c1847, z1+in[2]*c0765
	t0, t1 := (in[0]+in[4])<<scaleBits, (in[0]-in[4])<<scaleBits
	e0, e3, e1, e2 := t0+t3, t0-t3, t1+t2, t1-t2

	o0, o1, o2, o3 := in[7], in[5], in[3], in[1]
	s1, s2, s3, s4 := o0+o3, o1+o2, o0+o2, o1+o3
	s5 := (s3 + s4) * c1175
	s1, s2 = -s1*c0899, -s2*c2562
	s3, s4 = s5-s3*c1961, s5-s4*c0390
	o0 = o0*c0298 + s1 + s3
	o1 = o1*c2053 + s2 + s4
	o2 = o2*c3072 + s2 + s3
	o3 = o3*c1501 + s1 + s4

	in[0], in[7] = e0+o3, e0-o3
	in[1], in[6] = e1+o2, e1-o2
	in[2], in[5] = e2+o1, e2-o1
	in[3], in[4] = e3+o0, e3-o0
}

// inverse writes the block's samples. Intermediate precision is that of the
// reference implementation, so that results are the same to the last bit.
func (b *block) inverse(dst []uint16, stride, precision int) {
	extra := uint(2)
	if precision > 8 {
		extra = 1
	}
	var mid [64]int64
	var v [8]int64
	for x := range 8 {
		for y := range 8 {
			v[y] = int64(b[8*y+x])
		}
		if flat(&v) {
			for y := range 8 {
				mid[8*y+x] = v[0] << extra
			}
			continue
		}
		butterfly(&v)
		for y := range 8 {
			mid[8*y+x] = descale(v[y], scaleBits-extra)
		}
	}
	top, centre := int64(1)<<precision-1, int64(1)<<(precision-1)
	for y := range 8 {
		copy(v[:], mid[8*y:8*y+8])
		row := dst[y*stride : y*stride+8]
		if flat(&v) {
			value := uint16(min(max(descale(v[0], extra+3)+centre, 0), top))
			for x := range row {
				row[x] = value
			}
			continue
		}
		butterfly(&v)
		for x := range 8 {
			row[x] = uint16(min(max(descale(v[x], scaleBits+extra+3)+centre, 0), top))
		}
	}
}

// even is inverse for a block of the mean alone.
func (b *block) even(dst []uint16, stride, precision int) {
	value := uint16(min(max(descale(int64(b[0]), 3)+1<<(precision-1), 0), 1<<precision-1))
	for y := range 8 {
		row := dst[y*stride : y*stride+8]
		for x := range row {
			row[x] = value
		}
	}
}

// flat tells whether only the mean is left: the transform then gives the same
// value everywhere, to the last bit.
func flat(v *[8]int64) bool {
	return v[1]|v[2]|v[3]|v[4]|v[5]|v[6]|v[7] == 0
}

func descale(v int64, n uint) int64 { return (v + 1<<(n-1)) >> n }

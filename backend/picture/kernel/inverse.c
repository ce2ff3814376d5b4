#include "kernel.h"
#include "vector.h"

// The inverse DCT of Loeffler, Ligtenberg and Moschytz (ICASSP 1989) in fixed point, as
// the reference implementation of JPEG has it ("islow"), eight columns beside each other,
// then eight rows. Numbers are counted modulo 2^32, which is exact where the results fit.

typedef uint32_t Lanes __attribute__((vector_size(32), aligned(4), may_alias));
typedef int32_t Signed __attribute__((vector_size(32), aligned(4), may_alias));
typedef int32_t Four __attribute__((vector_size(16), aligned(4), may_alias));

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first byte is the lowest");

#define SCALE 13 // bits of the constants
#define EXTRA 2  // bits that columns keep for the rows

// butterfly transforms v in place; the result is scaled by 2^SCALE.
ALWAYS void butterfly(Lanes v[8]) {
	Lanes z = (v[2] + v[6]) * 4433;
	Lanes t2 = z - v[6] * 15137, t3 = z + v[2] * 6270;
	Lanes t0 = (v[0] + v[4]) << SCALE, t1 = (v[0] - v[4]) << SCALE;
	Lanes e0 = t0 + t3, e3 = t0 - t3, e1 = t1 + t2, e2 = t1 - t2;

	Lanes o0 = v[7], o1 = v[5], o2 = v[3], o3 = v[1];
	Lanes s1 = (o0 + o3) * -7373u, s2 = (o1 + o2) * -20995u, s3 = o0 + o2, s4 = o1 + o3;
	Lanes s5 = (s3 + s4) * 9633;
	s3 = s5 - s3 * 16069, s4 = s5 - s4 * 3196;
	o0 = o0 * 2446 + s1 + s3;
	o1 = o1 * 16819 + s2 + s4;
	o2 = o2 * 25172 + s2 + s3;
	o3 = o3 * 12299 + s1 + s4;
	v[0] = e0 + o3, v[1] = e1 + o2, v[2] = e2 + o1, v[3] = e3 + o0;
	v[4] = e3 - o0, v[5] = e2 - o1, v[6] = e1 - o2, v[7] = e0 - o3;
}

// turn4 exchanges rows and columns of four by four numbers, from rows of eight to rows
// of eight.
ALWAYS void turn4(const int32_t *from, int32_t *to) {
	Four a = *(const Four *)from, b = *(const Four *)(from + 8), c = *(const Four *)(from + 16), d = *(const Four *)(from + 24);
	Four ab = SHUFFLE(a, b, 0, 4, 1, 5), AB = SHUFFLE(a, b, 2, 6, 3, 7), cd = SHUFFLE(c, d, 0, 4, 1, 5), CD = SHUFFLE(c, d, 2, 6, 3, 7);
	*(Four *)to = SHUFFLE(ab, cd, 0, 1, 4, 5);
	*(Four *)(to + 8) = SHUFFLE(ab, cd, 2, 3, 6, 7);
	*(Four *)(to + 16) = SHUFFLE(AB, CD, 0, 1, 4, 5);
	*(Four *)(to + 24) = SHUFFLE(AB, CD, 2, 3, 6, 7);
}

// turn exchanges rows and columns of a block, by vectors of the size that the processor has:
// compilers take larger ones apart.
ALWAYS void turn(Lanes v[8], int wide) {
	if (!wide) {
		int32_t from[64], to[64];
		for (int y = 0; y < 8; y++) *(Lanes *)(from + 8 * y) = v[y];
		turn4(from, to), turn4(from + 4, to + 32), turn4(from + 32, to + 4), turn4(from + 36, to + 36);
		for (int x = 0; x < 8; x++) v[x] = *(const Lanes *)(to + 8 * x);
		return;
	}
	Lanes a[8];
	for (int i = 0; i < 8; i += 2) { // pairs of rows, in either half
		a[i] = SHUFFLE(v[i], v[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
		a[i + 1] = SHUFFLE(v[i], v[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
	}
	for (int i = 0; i < 8; i += 4) // four rows
		for (int k = 0; k < 2; k++) {
			v[i + 2 * k] = SHUFFLE(a[i + k], a[i + 2 + k], 0, 1, 8, 9, 4, 5, 12, 13);
			v[i + 2 * k + 1] = SHUFFLE(a[i + k], a[i + 2 + k], 2, 3, 10, 11, 6, 7, 14, 15);
		}
	for (int i = 0; i < 4; i++) {
		a[i] = SHUFFLE(v[i], v[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
		a[i + 4] = SHUFFLE(v[i], v[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
	}
	for (int i = 0; i < 8; i++) v[i] = a[i];
}

// sample is eight samples, of a column, that were scaled by 2^shift.
ALWAYS void sample(const Lanes *v, Lanes *to) {
	const int shift = SCALE + EXTRA + 3;
	Signed s = (Signed)(*v + (1 << (shift - 1)) + (128 << shift)) >> shift; // half of the last place, and the middle of the range
	s &= ~(s >> 31);
	s |= (255 - s) >> 31;
	*to = (Lanes)s & 255;
}

// samples transforms one block.
ALWAYS void samples(const int32_t *block, uint8_t *to, int64_t stride, int wide) {
	Lanes v[8];
	for (int y = 0; y < 8; y++) v[y] = *(const Lanes *)(block + 8 * y);
	butterfly(v);
	for (int y = 0; y < 8; y++) v[y] = (Lanes)((Signed)(v[y] + (1 << (SCALE - EXTRA - 1))) >> (SCALE - EXTRA));
	turn(v, wide);
	butterfly(v);
	for (int x = 0; x < 8; x++) sample(v + x, v + x);
	uint32_t left[8], right[8]; // four bytes of each row
	*(Lanes *)left = v[0] | v[1] << 8 | v[2] << 16 | v[3] << 24;
	*(Lanes *)right = v[4] | v[5] << 8 | v[6] << 16 | v[7] << 24;
	for (int y = 0; y < 8; y++) {
		memcpy(to + y * stride, left + y, 4);
		memcpy(to + y * stride + 4, right + y, 4);
	}
}

// even is samples of a block that has no coefficient but its mean.
ALWAYS void even(const int32_t *block, uint8_t *to, int64_t stride) {
	int32_t v = ((*block + 4) >> 3) + 128;
	for (int y = 0; y < 8; y++) memset(to + y * stride, v < 0 ? 0 : v > 255 ? 255 : v, 8);
}

ALWAYS void inverse(const int32_t *blocks, const uint8_t *kinds, int64_t count, uint8_t *to, int64_t stride, int wide) {
	for (int64_t i = 0; i < count; i++) {
		if (kinds[i] == EVEN) even(blocks + 64 * i, to + 8 * i, stride);
		if (kinds[i] == USUAL) samples(blocks + 64 * i, to + 8 * i, stride, wide);
	}
}
static void inverse_plain(const int32_t *blocks, const uint8_t *kinds, int64_t count, uint8_t *to, int64_t stride) { inverse(blocks, kinds, count, to, stride, 0); }
WIDE static void inverse_wide(const int32_t *blocks, const uint8_t *kinds, int64_t count, uint8_t *to, int64_t stride) { inverse(blocks, kinds, count, to, stride, WIDE_BYTES == 32); }

void picasso_inverse(const int32_t *blocks, const uint8_t *kinds, int64_t count, uint8_t *to, int64_t stride) {
	(HAS_WIDE ? inverse_wide : inverse_plain)(blocks, kinds, count, to, stride);
}

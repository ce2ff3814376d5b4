#include "kernel.h"
#include "vector.h"

// Resizing in fixed point as the Python Imaging Library does it, to the last bit.

#define BITS 22 // of the weights
#define START (1 << (BITS - 1)) // rounds

typedef int32_t Four __attribute__((vector_size(16), aligned(4), may_alias));

// narrow makes bytes of sums.
ALWAYS void narrow(const int32_t *restrict sums, uint8_t *restrict to, int64_t n) {
	for (int64_t i = 0; i < n; i++) {
		int32_t v = sums[i] >> BITS;
		to[i] = v < 0 ? 0 : v > 255 ? 255 : v;
	}
}

// weigh adds up pixels of up to four values: four sums are written for each, of which the
// next pixel overwrites what is too much.
ALWAYS void weigh(const int32_t *restrict values, int32_t *restrict sums, int64_t channels, const int32_t *first, const int32_t *weights, int64_t taps, int64_t width) {
	for (int64_t x = 0; x < width; x++, weights += taps, sums += channels) {
		const int32_t *at = values + channels * first[x];
		Four sum = (Four){0} + START;
		for (int64_t k = 0; k < taps; k++) sum += *(const Four *)(at + channels * k) * weights[k];
		*(Four *)sums = sum;
	}
}

// What most pictures need is compiled with its numbers.
#define WEIGH(n) case n: weigh(values, sums, 3, first, weights, n, width); break;

ALWAYS void across(const uint8_t *from, uint8_t *to, int64_t rows, int64_t stride, int64_t channels, const int32_t *first, const int32_t *weights, int64_t taps, int64_t width, int32_t *values, int32_t *sums) {
	for (int64_t y = 0; y < rows; y++, from += stride, to += width * channels) {
		for (int64_t i = 0; i < stride; i++) values[i] = from[i];
		switch (channels == 3 ? taps : 0) {
			WEIGH(2) WEIGH(3) WEIGH(4) WEIGH(5) WEIGH(6) WEIGH(7) WEIGH(8)
		default:
			weigh(values, sums, channels, first, weights, taps, width);
		}
		narrow(sums, to, width * channels);
	}
}
BOTH(across, (const uint8_t *from, uint8_t *to, int64_t rows, int64_t stride, int64_t channels, const int32_t *first, const int32_t *weights, int64_t taps, int64_t width, int32_t *values, int32_t *sums),
	(from, to, rows, stride, channels, first, weights, taps, width, values, sums))

ALWAYS void down(const uint8_t *from, uint8_t *to, int64_t n, const int32_t *first, const int32_t *weights, int64_t taps, int64_t height, int32_t *restrict sums) {
	for (int64_t y = 0; y < height; y++, to += n, weights += taps) {
		for (int64_t i = 0; i < n; i++) sums[i] = START;
		for (int64_t k = 0; k < taps; k++) {
			const uint8_t *restrict row = from + (first[y] + k) * n;
			int32_t w = weights[k];
			if (!w) continue;
			for (int64_t i = 0; i < n; i++) sums[i] += w * row[i];
		}
		narrow(sums, to, n);
	}
}
BOTH(down, (const uint8_t *from, uint8_t *to, int64_t n, const int32_t *first, const int32_t *weights, int64_t taps, int64_t height, int32_t *sums),
	(from, to, n, first, weights, taps, height, sums))

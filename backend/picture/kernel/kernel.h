// The kernels, as Go calls them. Go checks that memory is as large as they need it.

#ifndef PICASSO_PICTURE_KERNEL_H
#define PICASSO_PICTURE_KERNEL_H

#include <stdint.h>

// Kinds of blocks; others are left out.
enum { EVEN, USUAL };

// count blocks of 64 coefficients each become eight rows of samples.
void picasso_inverse(const int32_t *blocks, const uint8_t *kinds, int64_t count, uint8_t *to, int64_t stride);

#define MOST_PARTS 4

// How a plane is brought to the picture's size.
enum { SAME, DOUBLE_WIDTH, DOUBLE_HEIGHT, DOUBLE_BOTH, REPEATED };

// A Part is how a plane lies.
typedef struct {
	int64_t width, height, stride, way, h, v;
} Part;

// A Layout is how a picture is made of planes.
typedef struct {
	int64_t width, count, colors; // colors: the planes are luma and chroma
	int64_t h, v;                 // largest of the parts
	int64_t room;                 // samples of a line in memory
	Part parts[MOST_PARTS];
} Layout;

// Rows from, …, of a picture of so many bits are written pixel by pixel. memory has room for
// nine lines of room + 1 samples: one of sums, which are twice as wide and one more at each
// end, and seven of samples.
void picasso_rows(int bits, void *to, const void *a, const void *b, const void *c, const void *d, const Layout *, int64_t from, int64_t count, void *memory);

// Both resize bytes with taps: each result is made of values from first on, of which there
// are as many as taps, with weights in 1/2^22.

// Rows of stride bytes, pixels of up to four channels, become rows of width pixels. There is
// room for stride + 4 values, which end with four that are 0 or anything, and for channels × width + 4 sums.
void picasso_across(const uint8_t *from, uint8_t *to, int64_t rows, int64_t stride, int64_t channels, const int32_t *first, const int32_t *weights, int64_t taps, int64_t width, int32_t *values, int32_t *sums);

// Rows of n bytes become as many as height. There is room for n sums.
void picasso_down(const uint8_t *from, uint8_t *to, int64_t n, const int32_t *first, const int32_t *weights, int64_t taps, int64_t height, int32_t *sums);

#endif

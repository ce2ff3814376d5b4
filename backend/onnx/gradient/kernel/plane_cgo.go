//go:build cgo

package kernel

/*
#cgo CFLAGS: -O3
#include <stdint.h>

#define LOWEST INT32_MIN

// order brings a number of 32 bits into the order of whole numbers: both zeros are 0,
// NaN is LOWEST.
static inline __attribute__((always_inline)) int32_t order(int32_t bits) {
	int32_t magnitude = bits & 0x7fffffff;
	int32_t o = bits < 0 ? -magnitude : magnitude;
	return magnitude > 0x7f800000 ? LOWEST : o;
}

// pair and triple find the highest of each column in two and three rows that lie beside
// each other, and the first row that has it, in one pass.
static inline __attribute__((always_inline)) void pair(const int32_t *restrict y, int width, int from, int32_t *restrict most, int32_t *restrict row) {
	for (int c = 0; c < width; c++) {
		int32_t a = order(y[c]), b = order(y[width + c]);
		row[c] = b > a ? from + 1 : from;
		most[c] = b > a ? b : a;
	}
}

static inline __attribute__((always_inline)) void triple(const int32_t *restrict y, int width, int from, int32_t *restrict most, int32_t *restrict row) {
	for (int c = 0; c < width; c++) {
		int32_t a = order(y[c]), b = order(y[width + c]), d = order(y[2 * width + c]);
		int32_t m = b > a ? b : a, r = b > a ? from + 1 : from;
		row[c] = d > m ? from + 2 : r;
		most[c] = d > m ? d : m;
	}
}

// down finds the highest of each column in some rows, and the first row that has it.
static inline __attribute__((always_inline)) void down(const int32_t *restrict x, int width, int from, int to, int step, int32_t *restrict most, int32_t *restrict row) {
	for (int c = 0; c < width; c++) {
		most[c] = LOWEST;
		row[c] = INT32_MAX;
	}
	for (int r = from; r < to; r += step) {
		const int32_t *restrict y = x + (long)r * width;
		for (int c = 0; c < width; c++) {
			int32_t o = order(y[c]);
			int better = o > most[c];
			most[c] = better ? o : most[c];
			row[c] = better ? r : row[c];
		}
	}
}

// across finds the first element, in row-major order, that is the highest of each window
// of some columns; -1 where none is above floor. Column 0 of most and row is begin columns in
// front of the picture.
static inline __attribute__((always_inline)) void across(const int32_t *restrict most, const int32_t *restrict row, int windows, int kernel, int stride, int dilation, int begin, int width, int32_t floor, int32_t *restrict first) {
	for (int i = 0; i < windows; i++) {
		int32_t m = LOWEST, r = INT32_MAX, c = 0;
		for (int k = 0; k < kernel; k++) {
			int at = i * stride + k * dilation;
			int better = (most[at] > m) | ((most[at] == m) & (row[at] < r));
			m = better ? most[at] : m;
			r = better ? row[at] : r;
			c = better ? at : c;
		}
		first[i] = m <= floor ? -1 : r * width + c - begin;
	}
}

typedef struct {
	int32_t height, width, rows, columns;
	int32_t kernelHeight, kernelWidth, strideHeight, strideWidth, top, left, dilationHeight, dilationWidth;
	int32_t positive; // only what is above 0 counts
} plane;

// first_maxima finds the first highest element of each window of a plane. line holds
// twice the length of a padded row, whose ends the caller has set to LOWEST and INT32_MAX.
static inline __attribute__((always_inline)) void first_maxima(const int32_t *x, const plane *p, int32_t *line, long length, int32_t *first) {
	int32_t *most = line, *row = line + length;
	int32_t floor = p->positive ? 0 : LOWEST;
	for (int i = 0; i < p->rows; i++) {
		int from = i * p->strideHeight - p->top;
		int to = from + p->dilationHeight * (p->kernelHeight - 1) + 1;
		while (from < 0)
			from += p->dilationHeight;
		if (to > p->height)
			to = p->height;
		const int32_t *y = x + (long)from * p->width;
		if (p->dilationHeight == 1 && to - from == 3)
			triple(y, p->width, from, most + p->left, row + p->left);
		else if (p->dilationHeight == 1 && to - from == 2)
			pair(y, p->width, from, most + p->left, row + p->left);
		else
			down(x, p->width, from, to, p->dilationHeight, most + p->left, row + p->left);
		int32_t *out = first + (long)i * p->columns;
		// What most networks have is compiled with its numbers.
		if (p->kernelWidth == 3 && p->strideWidth == 2 && p->dilationWidth == 1)
			across(most, row, p->columns, 3, 2, 1, p->left, p->width, floor, out);
		else if (p->kernelWidth == 2 && p->strideWidth == 2 && p->dilationWidth == 1)
			across(most, row, p->columns, 2, 2, 1, p->left, p->width, floor, out);
		else if (p->kernelWidth == 3 && p->strideWidth == 1 && p->dilationWidth == 1)
			across(most, row, p->columns, 3, 1, 1, p->left, p->width, floor, out);
		else
			across(most, row, p->columns, p->kernelWidth, p->strideWidth, p->dilationWidth, p->left, p->width, floor, out);
	}
}

static void first_maxima_plain(const int32_t *x, const plane *p, int32_t *line, long length, int32_t *first) {
	first_maxima(x, p, line, length, first);
}

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
__attribute__((target("avx2"))) static void first_maxima_wide(const int32_t *x, const plane *p, int32_t *line, long length, int32_t *first) {
	first_maxima(x, p, line, length, first);
}
static int wide(void) { return __builtin_cpu_supports("avx2"); }
#else
#define first_maxima_wide first_maxima_plain
static int wide(void) { return 0; }
#endif

static void first_of_windows(const int32_t *x, const plane *p, int32_t *line, long length, int32_t *first) {
	if (wide())
		first_maxima_wide(x, p, line, length, first);
	else
		first_maxima_plain(x, p, line, length, first);
}
*/
import "C"

import (
	"math"
	"unsafe"
)

// plane finds the first maximum of every window of a block of rows and columns, as
// [MaxPool.maxima] does, several columns at a time; nil where the blocks are others.
func (p MaxPool) plane() func(x []float32, first []int32) {
	if len(p.In) != 2 || p.Begin[0] < 0 || p.Begin[1] < 0 {
		return nil
	}
	shape := C.plane{
		height: C.int32_t(p.In[0]), width: C.int32_t(p.In[1]), rows: C.int32_t(p.Out[0]), columns: C.int32_t(p.Out[1]),
		kernelHeight: C.int32_t(p.Kernel[0]), kernelWidth: C.int32_t(p.Kernel[1]),
		strideHeight: C.int32_t(p.Stride[0]), strideWidth: C.int32_t(p.Stride[1]),
		top: C.int32_t(p.Begin[0]), left: C.int32_t(p.Begin[1]),
		dilationHeight: C.int32_t(p.Dilation[0]), dilationWidth: C.int32_t(p.Dilation[1]),
	}
	if p.Positive {
		shape.positive = 1
	}
	padded := max(p.Begin[1]+p.In[1], (p.Out[1]-1)*p.Stride[1]+(p.Kernel[1]-1)*p.Dilation[1]+1)
	line := make([]int32, 2*padded)
	for i := range padded {
		line[i], line[padded+i] = math.MinInt32, math.MaxInt32
	}
	return func(x []float32, first []int32) {
		C.first_of_windows((*C.int32_t)(unsafe.Pointer(&x[0])), &shape, (*C.int32_t)(&line[0]), C.long(padded), (*C.int32_t)(&first[0]))
	}
}

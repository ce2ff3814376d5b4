#include <stdlib.h>
#include <string.h>

#include "blocked.h"

// MaxPoolGrad: every gradient is added to the first maximum, in row-major order, of its
// window. x are blocks of lengths in, of one axis to three, dy blocks of out; dy may hold
// the gradients of several scores for the blocks of x, one score after the other. Windows
// without a maximum (all of them NaN, or none above 0 where only what is positive counts)
// pass nothing on.

#define LOWEST INT32_MIN

// order brings a number of 32 bits into the order of whole numbers: both zeros are 0,
// NaN is LOWEST.
ALWAYS int32_t order(int32_t bits) {
	int32_t magnitude = bits & 0x7fffffff;
	int32_t o = bits < 0 ? -magnitude : magnitude;
	return magnitude > 0x7f800000 ? LOWEST : o;
}

// pair and triple find the highest of each column in two and three rows that lie beside
// each other, and the first row that has it, in one pass.
ALWAYS void pair(const int32_t *restrict y, int width, int from, int32_t *restrict most, int32_t *restrict row) {
	for (int c = 0; c < width; c++) {
		int32_t a = order(y[c]), b = order(y[width + c]);
		row[c] = b > a ? from + 1 : from;
		most[c] = b > a ? b : a;
	}
}

ALWAYS void triple(const int32_t *restrict y, int width, int from, int32_t *restrict most, int32_t *restrict row) {
	for (int c = 0; c < width; c++) {
		int32_t a = order(y[c]), b = order(y[width + c]), d = order(y[2 * width + c]);
		int32_t m = b > a ? b : a, r = b > a ? from + 1 : from;
		row[c] = d > m ? from + 2 : r;
		most[c] = d > m ? d : m;
	}
}

// down finds the highest of each column in some rows, and the first row that has it.
ALWAYS void down(const int32_t *restrict x, int width, int from, int to, int step, int32_t *restrict most, int32_t *restrict row) {
	for (int c = 0; c < width; c++) {
		most[c] = LOWEST;
		row[c] = INT32_MAX;
	}
	for (int r = from; r < to; r += step) {
		const int32_t *restrict y = x + (int64_t)r * width;
		for (int c = 0; c < width; c++) {
			int32_t o = order(y[c]);
			int better = o > most[c];
			most[c] = better ? o : most[c];
			row[c] = better ? r : row[c];
		}
	}
}

// BETTER tells whether an element comes before the best one so far.
#define BETTER(value, line, m, r) ((value > m) | ((value == m) & (line < r)))

// across finds the first element, in row-major order, that is the highest of each window
// of some columns; -1 where none is above floor. Column 0 of most and row is begin columns in
// front of the picture.
ALWAYS void across(const int32_t *restrict most, const int32_t *restrict row, int windows, int kernel, int stride, int dilation, int begin, int width, int32_t floor, int32_t *restrict first) {
	for (int i = 0; i < windows; i++) {
		int32_t m = LOWEST, r = INT32_MAX, c = 0;
		for (int k = 0; k < kernel; k++) {
			int at = i * stride + k * dilation;
			int better = BETTER(most[at], row[at], m, r);
			m = better ? most[at] : m;
			r = better ? row[at] : r;
			c = better ? at : c;
		}
		first[i] = m <= floor ? -1 : r * width + c - begin;
	}
}

// across_two is across for stride 2 and kernels of two columns or three: even and odd
// columns, brought apart, lie beside each other, so that several windows are compared at
// a time. halves holds four times one more than the windows.
ALWAYS void across_two(const int32_t *restrict most, const int32_t *restrict row, int windows, int three, int begin, int width, int32_t floor, int32_t *restrict halves, int32_t *restrict first) {
	int n = windows + 1;
	int32_t *restrict even = halves, *restrict odd = halves + n, *restrict evenRow = halves + 2 * n, *restrict oddRow = halves + 3 * n;
	for (int i = 0; i < n; i++) {
		even[i] = most[2 * i];
		odd[i] = most[2 * i + 1];
		evenRow[i] = row[2 * i];
		oddRow[i] = row[2 * i + 1];
	}
	for (int i = 0; i < windows; i++) {
		int32_t m = even[i], r = evenRow[i], c = 0;
		int better = BETTER(odd[i], oddRow[i], m, r);
		m = better ? odd[i] : m;
		r = better ? oddRow[i] : r;
		c = better ? 1 : c;
		if (three) {
			better = BETTER(even[i + 1], evenRow[i + 1], m, r);
			m = better ? even[i + 1] : m;
			r = better ? evenRow[i + 1] : r;
			c = better ? 2 : c;
		}
		first[i] = m <= floor ? -1 : r * width + 2 * i + c - begin;
	}
}

typedef struct {
	int32_t height, width, rows, columns;
	int32_t kernelHeight, kernelWidth, strideHeight, strideWidth, top, left, dilationHeight, dilationWidth;
	int32_t positive; // only what is above 0 counts
} plane;

// first_maxima finds the first highest element of each window of a plane. line holds
// twice the length of a padded row, whose ends the caller has set to LOWEST and INT32_MAX,
// and room for across_two.
ALWAYS void first_maxima(const int32_t *x, const plane *p, int32_t *line, int64_t length, int32_t *first) {
	int32_t *most = line, *row = line + length;
	int32_t floor = p->positive ? 0 : LOWEST;
	for (int i = 0; i < p->rows; i++) {
		int from = i * p->strideHeight - p->top;
		int to = from + p->dilationHeight * (p->kernelHeight - 1) + 1;
		while (from < 0)
			from += p->dilationHeight;
		if (to > p->height)
			to = p->height;
		const int32_t *y = x + (int64_t)from * p->width;
		if (p->dilationHeight == 1 && to - from == 3)
			triple(y, p->width, from, most + p->left, row + p->left);
		else if (p->dilationHeight == 1 && to - from == 2)
			pair(y, p->width, from, most + p->left, row + p->left);
		else
			down(x, p->width, from, to, p->dilationHeight, most + p->left, row + p->left);
		int32_t *out = first + (int64_t)i * p->columns;
		// What most networks have is compiled with its numbers.
		if (p->kernelWidth == 3 && p->strideWidth == 2 && p->dilationWidth == 1)
			across_two(most, row, p->columns, 1, p->left, p->width, floor, line + 2 * length, out);
		else if (p->kernelWidth == 2 && p->strideWidth == 2 && p->dilationWidth == 1)
			across_two(most, row, p->columns, 0, p->left, p->width, floor, line + 2 * length, out);
		else if (p->kernelWidth == 3 && p->strideWidth == 1 && p->dilationWidth == 1)
			across(most, row, p->columns, 3, 1, 1, p->left, p->width, floor, out);
		else
			across(most, row, p->columns, p->kernelWidth, p->strideWidth, p->dilationWidth, p->left, p->width, floor, out);
	}
}

static void first_maxima_plain(const int32_t *x, const plane *p, int32_t *line, int64_t length, int32_t *first) {
	first_maxima(x, p, line, length, first);
}

WIDE static void first_maxima_wide(const int32_t *x, const plane *p, int32_t *line, int64_t length, int32_t *first) {
	first_maxima(x, p, line, length, first);
}

// A Pool is a run over blocks of slices, rows and columns.
typedef struct {
	plane shape;
	int32_t slices, depth, kernelDepth, strideDepth, front, dilationDepth; // depth: slices of dy
	const float *x, *dy;
	float *dx;
	int32_t *memory; // for each piece
	int64_t blocks, all, pieces, room, padded;
} Pool;

// first_of_block finds the first maximum of every window of a block.
static void first_of_block(const Pool *p, const int32_t *x, int32_t *memory, int32_t *first) {
	const plane *s = &p->shape;
	int64_t in = (int64_t)s->height * s->width, out = (int64_t)s->rows * s->columns;
	int32_t *line = memory, *found = memory + 2 * p->padded + 4 * (s->columns + 1);
	for (int64_t d = 0; d < p->depth; d++, first += out) {
		int64_t from = d * p->strideDepth - p->front, to = from + p->dilationDepth * (p->kernelDepth - 1) + 1;
		while (from < 0) from += p->dilationDepth;
		if (to > p->slices) to = p->slices;
		for (int64_t i = 0; i < out; i++) first[i] = -1;
		for (int64_t z = from; z < to; z += p->dilationDepth) {
			(HAS_WIDE ? first_maxima_wide : first_maxima_plain)(x + z * in, s, line, p->padded, found);
			for (int64_t i = 0; i < out; i++)
				if (found[i] >= 0 && (first[i] < 0 || order(x[z * in + found[i]]) > order(x[first[i]]))) first[i] = (int32_t)(z * in) + found[i];
		}
	}
}

static void piece(void *data, size_t k) {
	const Pool *p = data;
	int64_t piece = k, in = (int64_t)p->slices * p->shape.height * p->shape.width, out = (int64_t)p->depth * p->shape.rows * p->shape.columns;
	int32_t *memory = p->memory + piece * p->room, *first = memory + p->room - out;
	for (int64_t i = 0; i < p->padded; i++) {
		memory[i] = LOWEST;
		memory[p->padded + i] = INT32_MAX;
	}
	for (int64_t block = piece * p->blocks / p->pieces; block < (piece + 1) * p->blocks / p->pieces; block++) {
		first_of_block(p, (const int32_t *)p->x + block * in, memory, first);
		for (int64_t at = block; at < p->all; at += p->blocks) {
			float *restrict dx = p->dx + at * in;
			const float *restrict dy = p->dy + at * out;
			memset(dx, 0, in * sizeof *dx);
			for (int64_t i = 0; i < out; i++)
				if (first[i] >= 0) dx[first[i]] += dy[i];
		}
	}
}

// last is entry i, of three, of a list that ends with the columns; missing where it is
// shorter.
static int32_t last(const Attributes *a, const int64_t *list, size_t i, int32_t missing) {
	return i + a->axes < 3 ? missing : (int32_t)list[i + a->axes - 3];
}

static Pool pool(const Attributes *a) {
	return (Pool){
		.slices = last(a, a->in, 0, 1), .depth = last(a, a->out, 0, 1), .kernelDepth = last(a, a->kernel, 0, 1), .strideDepth = last(a, a->stride, 0, 1),
		.front = last(a, a->begin, 0, 0), .dilationDepth = last(a, a->dilation, 0, 1),
		.shape = {
			.height = last(a, a->in, 1, 1), .width = last(a, a->in, 2, 1), .rows = last(a, a->out, 1, 1), .columns = last(a, a->out, 2, 1),
			.kernelHeight = last(a, a->kernel, 1, 1), .kernelWidth = last(a, a->kernel, 2, 1), .strideHeight = last(a, a->stride, 1, 1), .strideWidth = last(a, a->stride, 2, 1),
			.top = last(a, a->begin, 1, 0), .left = last(a, a->begin, 2, 0), .dilationHeight = last(a, a->dilation, 1, 1), .dilationWidth = last(a, a->dilation, 2, 1),
			.positive = a->positive != 0,
		},
	};
}

OrtStatus *max_pool_grad(const Run *r) {
	const Attributes *a = r->a;
	Tensor x, dy, dx;
	TRY(input(r, 0, &x));
	TRY(input(r, 1, &dy));
	if (a->axes < 1 || a->axes > 3 || x.rank != a->axes + 2 || dy.rank != x.rank) return fault(r, "a pooling has no shape");
	int64_t dims[AXES] = {dy.dims[0], x.dims[1]}, in = 1, out = 1;
	const int64_t most = 1 << 22; // of all lengths: what the kernels count with fits in 32 bits
	for (size_t i = 0; i < a->axes; i++) {
		if (a->in[i] > most || a->kernel[i] > most || a->stride[i] > most || a->begin[i] > most || a->dilation[i] > most || a->out[i] > most ||
			(a->kernel[i] - 1) * a->dilation[i] > most || (a->out[i] - 1) * a->stride[i] > 2 * most)
			return fault(r, "a pooling reaches too far");
		if (a->in[i] < 1 || a->out[i] < 1 || a->kernel[i] < 1 || a->stride[i] < 1 || a->begin[i] < 0 || a->dilation[i] < 1 || x.dims[i + 2] != a->in[i] || dy.dims[i + 2] != a->out[i])
			return fault(r, "a pooling has another shape than its tensors");
		in *= dims[i + 2] = a->in[i];
		out *= a->out[i];
	}
	if (in > INT32_MAX || x.dims[1] != dy.dims[1] || !x.size || dy.dims[0] % x.dims[0]) return fault(r, "the gradients do not fit the blocks of a pooling");
	TRY(output(r, dims, x.rank, &dx));
	if (!dx.size) return NULL;
	if (a->block != 1) return max_pool_grad_blocked(r, &x, &dy, &dx);
	Pool p = pool(a);
	const plane *s = &p.shape;
	int64_t reach = (int64_t)(s->columns - 1) * s->strideWidth + (int64_t)(s->kernelWidth - 1) * s->dilationWidth + 1;
	p.x = x.data;
	p.dy = dy.data;
	p.dx = dx.data;
	p.blocks = x.size / in;
	p.all = dy.size / out;
	p.pieces = p.blocks < PIECES ? p.blocks : PIECES;
	if (reach < 2 * (s->columns + 1)) reach = 2 * (s->columns + 1);
	p.padded = s->left + s->width > reach ? s->left + s->width : reach;
	p.room = 2 * p.padded + 4 * (s->columns + 1) + (int64_t)s->rows * s->columns + out;
	if (!(p.memory = malloc(p.pieces * p.room * sizeof *p.memory))) return fault(r, "there is no memory for a pooling");
	OrtStatus *status = parallel(r, piece, p.pieces, &p);
	free(p.memory);
	return status;
}

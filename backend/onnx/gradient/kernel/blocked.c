#include <stdlib.h>
#include <string.h>

#include "blocked.h"

// Poolings and convolutions by channel of tensors in the runtime's blocks: [N, C, H, W]
// whose elements lie as [N, C / block, H, W, block]. All channels of a block are computed
// beside each other.

#define LANES 8
typedef float Floats __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int32_t Whole __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int16_t Short __attribute__((vector_size(2 * LANES), aligned(2), may_alias));

int fits_block(int64_t block, int64_t channels) { return block > 1 && block <= MOST_BLOCK && block % LANES == 0 && channels % block == 0; }

typedef struct {
	const float *x, *dy;
	float *dx;
	int16_t *memory; // the tap that has the first maximum of each window, for each piece
	const int64_t *in, *out, *kernel, *stride, *begin, *dilation;
	int64_t blocks, all, pieces, room, block;
	int positive;
} Pool;

// Range is the taps of a window on an axis that lie in the picture: from, …, to − 1, the
// first of them at place first.
typedef struct {
	int64_t from, to, first;
} Range;

ALWAYS Range range(const Pool *p, int axis, int64_t window) {
	int64_t at = window * p->stride[axis] - p->begin[axis], d = p->dilation[axis], room = p->in[axis] - at;
	Range r = {at < 0 ? (d - 1 - at) / d : 0, p->kernel[axis], 0};
	if (room < (r.to - 1) * d + 1) r.to = room < 1 ? 0 : (room - 1) / d + 1;
	r.first = at + r.from * d;
	return r;
}

// first_tap is the tap of a window, counted from 0 on, that is the first maximum of each
// lane; -1 where none counts. It and add_tap go down and across by so many numbers.
ALWAYS void first_tap(const float *x, Range rows, Range columns, int64_t width, int64_t down, int64_t across, int positive, Whole *found) {
	Floats most = (Floats){0} + (positive ? 0 : -__builtin_inff());
	Whole best = (Whole){0} - 1;
	for (int64_t k = rows.from; k < rows.to; k++)
		for (int64_t l = columns.from; l < columns.to; l++) {
			Floats v = *(const Floats *)(x + (k - rows.from) * down + (l - columns.from) * across);
			Whole better = v > most;
			if (!positive) better |= (best < 0) & (v == v); // the lowest number counts, too
			most = (Floats)(((Whole)v & better) | ((Whole)most & ~better));
			best = (((Whole){0} + (int32_t)(k * width + l)) & better) | (best & ~better);
		}
	*found = best;
}

// add_tap adds the gradients of a window at their taps.
ALWAYS void add_tap(float *dx, const Whole *tap, const Whole *gradient, Range rows, Range columns, int64_t width, int64_t down, int64_t across) {
	Whole best = *tap, g = *gradient;
	for (int64_t k = rows.from; k < rows.to; k++)
		for (int64_t l = columns.from; l < columns.to; l++)
			*(Floats *)(dx + (k - rows.from) * down + (l - columns.from) * across) += (Floats)(g & (best == (int32_t)(k * width + l)));
}

#define WHOLE(r, n) (r.from == 0 && r.to == n)

// first_taps finds the first maxima of the windows of some lanes of a block.
ALWAYS void first_taps(const Pool *p, const float *x, int16_t *first, int positive) {
	int64_t down = p->dilation[0] * p->in[1] * p->block, across = p->dilation[1] * p->block, width = p->kernel[1];
	for (int64_t i = 0; i < p->out[0]; i++) {
		Range rows = range(p, 0, i);
		for (int64_t j = 0; j < p->out[1]; j++, first += p->block) {
			Range columns = range(p, 1, j);
			const float *at = x + (rows.first * p->in[1] + columns.first) * p->block;
			Whole best;
			// What most networks have is compiled with its numbers.
			if (width == 3 && WHOLE(rows, 3) && WHOLE(columns, 3))
				first_tap(at, (Range){0, 3, 0}, (Range){0, 3, 0}, 3, down, across, positive, &best);
			else
				first_tap(at, rows, columns, width, down, across, positive, &best);
			*(Short *)first = __builtin_convertvector(best, Short);
		}
	}
}

// add_taps adds the gradients of some lanes at the taps.
ALWAYS void add_taps(const Pool *p, const int16_t *first, const float *dy, float *dx) {
	int64_t down = p->dilation[0] * p->in[1] * p->block, across = p->dilation[1] * p->block, width = p->kernel[1];
	for (int64_t i = 0; i < p->out[0]; i++) {
		Range rows = range(p, 0, i);
		for (int64_t j = 0; j < p->out[1]; j++, first += p->block, dy += p->block) {
			Range columns = range(p, 1, j);
			float *at = dx + (rows.first * p->in[1] + columns.first) * p->block;
			Whole best = __builtin_convertvector(*(const Short *)first, Whole);
			const Whole *g = (const Whole *)dy;
			if (width == 3 && WHOLE(rows, 3) && WHOLE(columns, 3))
				add_tap(at, &best, g, (Range){0, 3, 0}, (Range){0, 3, 0}, 3, down, across);
			else
				add_tap(at, &best, g, rows, columns, width, down, across);
		}
	}
}

ALWAYS void pool_block(const Pool *p, int64_t block, int16_t *first) {
	int64_t in = p->in[0] * p->in[1] * p->block, out = p->out[0] * p->out[1] * p->block;
	for (int64_t lane = 0; lane < p->block; lane += LANES)
		if (p->positive)
			first_taps(p, p->x + block * in + lane, first + lane, 1);
		else
			first_taps(p, p->x + block * in + lane, first + lane, 0);
	for (int64_t at = block; at < p->all; at += p->blocks) {
		memset(p->dx + at * in, 0, in * sizeof *p->dx);
		for (int64_t lane = 0; lane < p->block; lane += LANES) add_taps(p, first + lane, p->dy + at * out + lane, p->dx + at * in + lane);
	}
}
static void pool_block_plain(const Pool *p, int64_t block, int16_t *first) { pool_block(p, block, first); }
WIDE static void pool_block_wide(const Pool *p, int64_t block, int16_t *first) { pool_block(p, block, first); }

static void pool_piece(void *data, size_t k) {
	const Pool *p = data;
	int64_t piece = k;
	for (int64_t block = piece * p->blocks / p->pieces; block < (piece + 1) * p->blocks / p->pieces; block++)
		(HAS_WIDE ? pool_block_wide : pool_block_plain)(p, block, p->memory + piece * p->room);
}

OrtStatus *max_pool_grad_blocked(const Run *r, const Tensor *x, const Tensor *dy, const Tensor *dx) {
	const Attributes *a = r->a;
	if (a->axes != 2 || !fits_block(a->block, x->dims[1]) || a->kernel[0] * a->kernel[1] > INT16_MAX) return fault(r, "a pooling does not fit the blocks of its channels");
	int64_t in = a->in[0] * a->in[1] * a->block, out = a->out[0] * a->out[1] * a->block;
	Pool p = {
		.x = x->data, .dy = dy->data, .dx = dx->data, .in = a->in, .out = a->out, .kernel = a->kernel, .stride = a->stride, .begin = a->begin, .dilation = a->dilation,
		.blocks = x->size / in, .all = dy->size / out, .room = out, .block = a->block, .positive = a->positive != 0,
	};
	p.pieces = p.blocks < PIECES ? p.blocks : PIECES;
	if (!(p.memory = malloc(p.pieces * p.room * sizeof *p.memory))) return fault(r, "there is no memory for a pooling");
	OrtStatus *status = parallel(r, pool_piece, p.pieces, &p);
	free(p.memory);
	return status;
}

typedef struct {
	const float *g, *weights;
	float *dx;
	int64_t planes, blocks, pieces, block; // planes: blocks of all pictures and scores
	int64_t rows, columns, height, width, tall, wide, down, across, top, left;
} Scatter;

// A Line is a row of gradients that falls on a row of the result, and the row of the
// kernel that it is times.
typedef struct {
	const float *g, *weights;
} Line;

// lines_of finds those of row y, so many at most.
ALWAYS int lines_of(const Scatter *s, const float *g, const float *weights, int64_t y, Line *lines, int most) {
	int n = 0;
	for (int64_t k = (y + s->top) % s->down, i = (y + s->top) / s->down; k < s->tall && n < most; k += s->down, i--)
		if (i >= 0 && i < s->rows) lines[n++] = (Line){g + i * s->columns * s->block, weights + k * s->wide * s->block};
	return n;
}

// place is one place of a row of the result.
ALWAYS void place(const Scatter *s, const float *g, const float *weights, int64_t y, int64_t x, float *out) {
	Floats sum = {0};
	for (int64_t k = (y + s->top) % s->down, i = (y + s->top) / s->down; k < s->tall; k += s->down, i--)
		for (int64_t l = (x + s->left) % s->across, j = (x + s->left) / s->across; l < s->wide; l += s->across, j--)
			if (i >= 0 && i < s->rows && j >= 0 && j < s->columns)
				sum += *(const Floats *)(g + (i * s->columns + j) * s->block) * *(const Floats *)(weights + (k * s->wide + l) * s->block);
	*(Floats *)out = sum;
}

// meet adds up, at so many places of a row from out on, each across columns from the one before, what taps
// from l on bring there. Tap l brings gradient j to the first one; all of them lie in the picture.
ALWAYS void meet(const Scatter *s, const Line *lines, int rows, int64_t l, int taps, int64_t j, int64_t places, float *out) {
	if (places < 1) return; // tap l need not be there
	Floats w[2][2];
	for (int k = 0; k < rows; k++)
		for (int t = 0; t < taps; t++) w[k][t] = *(const Floats *)(lines[k].weights + (l + t * s->across) * s->block);
	for (int64_t i = 0; i < places; i++, j++, out += s->across * s->block) {
		Floats sum = {0};
		for (int k = 0; k < rows; k++)
			for (int t = 0; t < taps; t++) sum += *(const Floats *)(lines[k].g + (j - t) * s->block) * w[k][t];
		*(Floats *)out = sum;
	}
}

// scatter_row is row y of some lanes of the result. Kernels of up to twice the stride
// have up to two rows of gradients for it, and up to two columns for each place.
ALWAYS void scatter_row(const Scatter *s, const float *g, const float *weights, int64_t y, float *out) {
	Line lines[2];
	int rows = s->tall > 2 * s->down || s->wide > 2 * s->across ? 0 : lines_of(s, g, weights, y, lines, 2);
	for (int64_t phase = 0; phase < s->across; phase++) {
		int64_t l = (phase + s->left) % s->across, first = (phase + s->left) / s->across; // tap l brings gradient first to the place phase
		int64_t places = (s->width - phase + s->across - 1) / s->across, two = l + s->across < s->wide;
		int64_t from = two && !first, to = s->columns - first < places ? s->columns - first : places;
		if (!rows || l >= s->wide || to < from) from = to = 0;
		for (int64_t i = 0; i < from; i++) place(s, g, weights, y, phase + i * s->across, out + (phase + i * s->across) * s->block);
		float *at = out + (phase + from * s->across) * s->block;
		if (rows == 1 && !two)
			meet(s, lines, 1, l, 1, first + from, to - from, at);
		else if (rows == 1)
			meet(s, lines, 1, l, 2, first + from, to - from, at);
		else if (rows == 2 && !two)
			meet(s, lines, 2, l, 1, first + from, to - from, at);
		else if (rows == 2)
			meet(s, lines, 2, l, 2, first + from, to - from, at);
		for (int64_t i = to; i < places; i++) place(s, g, weights, y, phase + i * s->across, out + (phase + i * s->across) * s->block);
	}
}

ALWAYS void scatter_plane(const Scatter *s, int64_t plane) {
	const float *g = s->g + plane * s->rows * s->columns * s->block, *weights = s->weights + plane % s->blocks * s->tall * s->wide * s->block;
	float *out = s->dx + plane * s->height * s->width * s->block;
	for (int64_t y = 0; y < s->height; y++, out += s->width * s->block)
		for (int64_t lane = 0; lane < s->block; lane += LANES) scatter_row(s, g + lane, weights + lane, y, out + lane);
}
static void scatter_plane_plain(const Scatter *s, int64_t plane) { scatter_plane(s, plane); }
WIDE static void scatter_plane_wide(const Scatter *s, int64_t plane) { scatter_plane(s, plane); }

static void scatter_piece(void *data, size_t k) {
	const Scatter *s = data;
	int64_t piece = k;
	for (int64_t p = piece * s->planes / s->pieces; p < (piece + 1) * s->planes / s->pieces; p++)
		(HAS_WIDE ? scatter_plane_wide : scatter_plane_plain)(s, p);
}

OrtStatus *depthwise_scatter_blocked(const Run *r, const Tensor *g, const Tensor *weights, const Tensor *dx) {
	const Attributes *a = r->a;
	if (!fits_block(a->block, g->dims[1]) || a->begin[0] < 0 || a->begin[1] < 0) return fault(r, "the gradients do not fit the blocks of their channels");
	Scatter s = {
		.g = g->data, .weights = weights->data, .dx = dx->data, .planes = g->dims[0] * g->dims[1] / a->block, .blocks = g->dims[1] / a->block, .block = a->block,
		.rows = g->dims[2], .columns = g->dims[3], .height = a->in[0], .width = a->in[1], .tall = weights->dims[2], .wide = weights->dims[3],
		.down = a->stride[0], .across = a->stride[1], .top = a->begin[0], .left = a->begin[1],
	};
	s.pieces = s.planes < PIECES ? s.planes : PIECES;
	return parallel(r, scatter_piece, s.pieces, &s);
}

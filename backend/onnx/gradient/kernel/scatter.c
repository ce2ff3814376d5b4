#include <stdlib.h>
#include <string.h>

#include "blocked.h"

// DepthwiseScatter: the gradient of the input of a convolution in which every channel has
// a kernel of its own, over rows and columns: each element of g [N, C, h, w], times the
// kernel [C, 1, k, l], is added to the planes [N, C, H, W] under its window.

typedef struct {
	const float *g, *weights;
	float *dx, *lines; // lines: rows of the result by phase, for each piece
	int64_t planes, channels, pieces, room;
	int64_t rows, columns, height, width, tall, wide, down, across, top, left;
} Scatter;

// three is a row of the result for kernels of three columns, stride 2 and one column of
// padding, as most networks have them: from one row of gradients, or from two.
ALWAYS void three(const float *restrict a, const float *u, const float *restrict b, const float *v, int64_t columns, int64_t width, float *restrict out) {
	int64_t last = columns - 1;
	for (int64_t j = 0; j < last; j++) {
		float even = a[j] * u[1], odd = a[j] * u[2] + a[j + 1] * u[0];
		if (b) {
			even += b[j] * v[1];
			odd += b[j] * v[2] + b[j + 1] * v[0];
		}
		out[2 * j] = even;
		out[2 * j + 1] = odd;
	}
	for (int64_t x = 2 * last; x < width; x++) {
		int odd = x % 2 ? 2 : 1;
		out[x] = x > 2 * last + 1 ? 0 : a[last] * u[odd] + (b ? b[last] * v[odd] : 0);
	}
}

// rows_of are the rows of gradients that fall on row y of the result, and of the kernel
// that they are times.
ALWAYS int rows_of(const Scatter *s, int64_t y, int64_t rows[2], int64_t taps[2]) {
	int n = 0;
	for (int64_t k = 0; k < s->tall && n < 2; k++) {
		int64_t t = y + s->top - k;
		if (t < 0 || t % s->down || t / s->down >= s->rows) continue;
		rows[n] = t / s->down;
		taps[n++] = k;
	}
	return n;
}

ALWAYS void row(const Scatter *s, const float *g, const float *weights, int64_t y, float *lines, float *out) {
	if (s->across == 2 && s->wide == 3 && s->left == 1 && s->tall <= 2 * s->down && s->width >= 2 * s->columns - 1) {
		int64_t i[2], k[2];
		int n = rows_of(s, y, i, k);
		if (n == 2)
			three(g + i[0] * s->columns, weights + 3 * k[0], g + i[1] * s->columns, weights + 3 * k[1], s->columns, s->width, out);
		else if (n == 1)
			three(g + i[0] * s->columns, weights + 3 * k[0], NULL, NULL, s->columns, s->width, out);
		else
			memset(out, 0, s->width * sizeof *out);
		return;
	}
	int64_t most = (s->width + s->across - 1) / s->across;
	memset(lines, 0, most * s->across * sizeof *lines);
	for (int64_t k = 0; k < s->tall; k++) {
		int64_t t = y + s->top - k, i = t / s->down;
		if (t < 0 || t % s->down || i >= s->rows) continue;
		for (int64_t l = 0; l < s->wide; l++) {
			int64_t phase = ((l - s->left) % s->across + s->across) % s->across;
			int64_t shift = (l - s->left - phase) / s->across; // of place j on the line
			int64_t length = (s->width - phase + s->across - 1) / s->across;
			int64_t from = shift < 0 ? -shift : 0, to = length - shift < s->columns ? length - shift : s->columns;
			float w = weights[k * s->wide + l], *restrict line = lines + phase * most + shift;
			const float *restrict v = g + i * s->columns;
			for (int64_t j = from; j < to; j++) line[j] += v[j] * w;
		}
	}
	if (s->across == 2) {
		weave(lines, lines + most, out, s->width);
		return;
	}
	for (int64_t x = 0; x < s->width; x++) out[x] = lines[x % s->across * most + x / s->across];
}
static void row_plain(const Scatter *s, const float *g, const float *weights, int64_t y, float *lines, float *out) { row(s, g, weights, y, lines, out); }
WIDE static void row_wide(const Scatter *s, const float *g, const float *weights, int64_t y, float *lines, float *out) { row(s, g, weights, y, lines, out); }

static void piece(void *data, size_t k) {
	const Scatter *s = data;
	int64_t piece = k;
	for (int64_t p = piece * s->planes / s->pieces; p < (piece + 1) * s->planes / s->pieces; p++) {
		const float *g = s->g + p * s->rows * s->columns, *weights = s->weights + p % s->channels * s->tall * s->wide;
		float *out = s->dx + p * s->height * s->width;
		for (int64_t y = 0; y < s->height; y++)
			(HAS_WIDE ? row_wide : row_plain)(s, g, weights, y, s->lines + piece * s->room, out + y * s->width);
	}
}

OrtStatus *depthwise_scatter(const Run *r) {
	const Attributes *a = r->a;
	Tensor g, weights, dx;
	TRY(input(r, 0, &g));
	TRY(input(r, 1, &weights));
	if (a->axes != 2 || a->in[0] < 1 || a->in[1] < 1 || a->stride[0] < 1 || a->stride[1] < 1 || a->stride[1] > AXES || g.rank != 4 || weights.rank != 4 || weights.dims[1] != 1 || weights.dims[0] != g.dims[1])
		return fault(r, "the gradients do not fit the kernels of their channels");
	int64_t dims[4] = {g.dims[0], g.dims[1], a->in[0], a->in[1]};
	TRY(output(r, dims, 4, &dx));
	if (!dx.size) return NULL;
	if (a->block != 1) return depthwise_scatter_blocked(r, &g, &weights, &dx);
	Scatter s = {
		.g = g.data, .weights = weights.data, .dx = dx.data, .planes = dims[0] * dims[1], .channels = dims[1],
		.rows = g.dims[2], .columns = g.dims[3], .height = a->in[0], .width = a->in[1], .tall = weights.dims[2], .wide = weights.dims[3],
		.down = a->stride[0], .across = a->stride[1], .top = a->begin[0], .left = a->begin[1],
	};
	s.pieces = s.planes < PIECES ? s.planes : PIECES;
	s.room = (s.width + s.across - 1) / s.across * s.across;
	if (!(s.lines = malloc(s.pieces * s.room * sizeof *s.lines))) return fault(r, "there is no memory for a convolution");
	OrtStatus *status = parallel(r, piece, s.pieces, &s);
	free(s.lines);
	return status;
}

#include "operator.h"

// Between: g where low < y < high, else 0. The gradients g may be those of several scores
// of the pictures of y, one score after the other.

typedef struct {
	const float *g, *y;
	float *dx;
	int64_t n, period;
	float low, high;
} Between;

#define PIECE (1 << 15) // elements of a piece of work

ALWAYS void pass(const float *g, const float *y, float *dx, int64_t n, float low, float high) {
	for (int64_t i = 0; i < n; i++)
		dx[i] = ((y[i] > low) & (y[i] < high)) ? g[i] : 0;
}
static void pass_plain(const float *g, const float *y, float *dx, int64_t n, float low, float high) { pass(g, y, dx, n, low, high); }
WIDE static void pass_wide(const float *g, const float *y, float *dx, int64_t n, float low, float high) { pass(g, y, dx, n, low, high); }

static void piece(void *data, size_t k) {
	const Between *b = data;
	int64_t at = (int64_t)k * PIECE, end = at + PIECE < b->n ? at + PIECE : b->n;
	while (at < end) {
		int64_t from = at % b->period, n = end - at < b->period - from ? end - at : b->period - from;
		(HAS_WIDE ? pass_wide : pass_plain)(b->g + at, b->y + from, b->dx + at, n, b->low, b->high);
		at += n;
	}
}

OrtStatus *between(const Run *r) {
	Tensor g, y, dx;
	TRY(input(r, 0, &g));
	TRY(input(r, 1, &y));
	int fits = g.rank == y.rank;
	for (size_t i = 0; fits && i < g.rank; i++)
		fits = i ? g.dims[i] == y.dims[i] : y.dims[0] > 0 && g.dims[0] % y.dims[0] == 0;
	if (!fits) return fault(r, "the gradients do not fit the values that decide on them");
	TRY(output(r, g.dims, g.rank, &dx));
	if (!g.size) return NULL;
	Between b = {g.data, y.data, dx.data, g.size, y.size, r->a->low, r->a->high};
	return parallel(r, piece, (g.size + PIECE - 1) / PIECE, &b);
}

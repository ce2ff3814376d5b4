#include "operator.h"

// Inside: 1 where low < x < high, else 0, in bytes. Keep: g where the byte is not 0, else
// 0; g may be the gradients of several scores of the pictures of the bytes, one score
// after the other. With from not below 0 it has more channels, of which those from that on count.

#define PIECE (1 << 15) // elements of a piece of work

typedef struct {
	const float *x;
	uint8_t *out;
	int64_t n;
	float low, high;
} Inside;

ALWAYS void tell(const float *restrict x, uint8_t *restrict out, int64_t n, float low, float high) {
	for (int64_t i = 0; i < n; i++)
		out[i] = (x[i] > low) & (x[i] < high);
}
static void tell_plain(const float *x, uint8_t *out, int64_t n, float low, float high) { tell(x, out, n, low, high); }
WIDE static void tell_wide(const float *x, uint8_t *out, int64_t n, float low, float high) { tell(x, out, n, low, high); }

static void tell_piece(void *data, size_t k) {
	const Inside *s = data;
	int64_t at = (int64_t)k * PIECE, n = s->n - at < PIECE ? s->n - at : PIECE;
	(HAS_WIDE ? tell_wide : tell_plain)(s->x + at, s->out + at, n, s->low, s->high);
}

OrtStatus *inside(const Run *r) {
	Tensor x, out;
	TRY(input(r, 0, &x));
	TRY(output(r, x.dims, x.rank, &out));
	if (!x.size) return NULL;
	Inside s = {x.data, (uint8_t *)out.data, x.size, r->a->low, r->a->high};
	return parallel(r, tell_piece, (x.size + PIECE - 1) / PIECE, &s);
}

typedef struct {
	const float *g;
	const uint8_t *mask;
	float *dx;
	int64_t n, period;      // period: elements of all pictures of the bytes
	int64_t row, wide, skip; // elements of the bytes of a picture, of its gradients, and of those in front of them
} Keep;

// The result often lies where g does; the compiler has to be told which.
ALWAYS void pass(const float *g, const uint8_t *restrict mask, float *dx, int64_t n) {
	if (g == dx) {
		for (int64_t i = 0; i < n; i++) {
			float v = dx[i];
			dx[i] = mask[i] ? v : 0;
		}
		return;
	}
	const float *restrict from = g;
	float *restrict to = dx;
	for (int64_t i = 0; i < n; i++) {
		float v = from[i];
		to[i] = mask[i] ? v : 0;
	}
}
static void pass_plain(const float *g, const uint8_t *mask, float *dx, int64_t n) { pass(g, mask, dx, n); }
WIDE static void pass_wide(const float *g, const uint8_t *mask, float *dx, int64_t n) { pass(g, mask, dx, n); }

static void pass_piece(void *data, size_t k) {
	const Keep *s = data;
	int64_t at = (int64_t)k * PIECE, end = at + PIECE < s->n ? at + PIECE : s->n;
	while (at < end) {
		int64_t place = at % s->row, n = end - at < s->row - place ? end - at : s->row - place;
		(HAS_WIDE ? pass_wide : pass_plain)(s->g + at / s->row * s->wide + s->skip + place, s->mask + at % s->period, s->dx + at, n);
		at += n;
	}
}

OrtStatus *keep(const Run *r) {
	Tensor g, mask, dx;
	TRY(input(r, 0, &g));
	TRY(input(r, 1, &mask));
	int64_t dims[AXES], from = r->a->from < 0 ? 0 : r->a->from, place = 1; // place: elements of a channel
	int fits = g.rank == mask.rank, part = r->a->from >= 0;
	for (size_t i = 0; fits && i < g.rank; i++) {
		dims[i] = i ? mask.dims[i] : g.dims[0];
		if (i > 1) place *= dims[i];
		if (i == 0)
			fits = mask.dims[0] > 0 && g.dims[0] % mask.dims[0] == 0;
		else if (i == 1)
			fits = part ? from <= g.dims[1] && mask.dims[1] <= g.dims[1] - from : mask.dims[1] == g.dims[1];
		else
			fits = g.dims[i] == mask.dims[i];
	}
	if (!fits || (g.rank < 2 && part)) return fault(r, "the gradients do not fit the values that decide on them");
	TRY(output(r, dims, g.rank, &dx));
	if (!dx.size) return NULL;
	int64_t row = mask.size / mask.dims[0];
	Keep s = {g.data, (const uint8_t *)mask.data, dx.data, dx.size, mask.size, row, g.size / g.dims[0], from * place};
	return parallel(r, pass_piece, (dx.size + PIECE - 1) / PIECE, &s);
}

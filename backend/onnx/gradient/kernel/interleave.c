#include <string.h>

#include "blocked.h"

// Interleave: planes [N, C, H, W] of which every stride-th row and column, from row p /
// columns' stride and column p % columns' stride on, is the input for phase p; 0 where no
// input is.

typedef struct {
	const float *phases[AXES * AXES]; // by phase; NULL where it is 0
	float *out;
	int64_t height, width, down, across, block;
} Interleave;

static void weave_plain(const float *a, const float *b, float *out, int64_t width) { weave(a, b, out, width); }
WIDE static void weave_wide(const float *a, const float *b, float *out, int64_t width) { weave(a, b, out, width); }

static int64_t count(int64_t length, int64_t from, int64_t stride) { return (length - from + stride - 1) / stride; }

static void blocked_plane(void *data, size_t k) {
	const Interleave *w = data;
	size_t size = w->block * sizeof *w->out;
	float *out = w->out + k * w->height * w->width * w->block;
	for (int64_t y = 0; y < w->height; y++) {
		int64_t row = y % w->down, rows = count(w->height, row, w->down);
		for (int64_t x = 0; x < w->width; x++, out += w->block) {
			int64_t column = x % w->across, columns = count(w->width, column, w->across);
			const float *from = w->phases[row * w->across + column];
			if (from)
				memcpy(out, from + ((k * rows + y / w->down) * columns + x / w->across) * w->block, size);
			else
				memset(out, 0, size);
		}
	}
}

static void plane(void *data, size_t k) {
	const Interleave *w = data;
	float *out = w->out + k * w->height * w->width;
	for (int64_t y = 0; y < w->height; y++, out += w->width) {
		int64_t row = y % w->down, rows = count(w->height, row, w->down);
		const float *line[AXES] = {0};
		for (int64_t c = 0; c < w->across; c++) {
			int64_t columns = count(w->width, c, w->across);
			const float *from = w->phases[row * w->across + c];
			if (from) line[c] = from + (k * rows + y / w->down) * columns;
		}
		if (w->across == 1 && line[0]) {
			memcpy(out, line[0], w->width * sizeof *out);
			continue;
		}
		if (w->across == 2 && line[0] && line[1]) {
			(HAS_WIDE ? weave_wide : weave_plain)(line[0], line[1], out, w->width);
			continue;
		}
		memset(out, 0, w->width * sizeof *out);
		for (int64_t c = 0; c < w->across; c++)
			if (line[c])
				for (int64_t x = c, i = 0; x < w->width; x += w->across, i++) out[x] = line[c][i];
	}
}

OrtStatus *interleave(const Run *r) {
	const Attributes *a = r->a;
	if (a->axes != 2 || a->count < 1 || a->in[0] < 1 || a->in[1] < 1 || a->stride[0] < 1 || a->stride[1] < 1 || a->stride[0] > AXES || a->stride[1] > AXES)
		return fault(r, "the planes of an interleaving have no shape");
	Interleave w = {.height = a->in[0], .width = a->in[1], .down = a->stride[0], .across = a->stride[1], .block = a->block};
	int64_t dims[4] = {0, 0, w.height, w.width};
	for (size_t i = 0; i < a->count; i++) {
		Tensor t;
		TRY(input(r, i, &t));
		int64_t p = a->phases[i];
		if (p < 0 || p >= w.down * w.across || t.rank != 4 || t.dims[2] != count(w.height, p / w.across, w.down) || t.dims[3] != count(w.width, p % w.across, w.across) ||
			(i && (t.dims[0] != dims[0] || t.dims[1] != dims[1])))
			return fault(r, "an input does not fit its places");
		dims[0] = t.dims[0];
		dims[1] = t.dims[1];
		w.phases[p] = t.data;
	}
	Tensor out;
	TRY(output(r, dims, 4, &out));
	w.out = out.data;
	if (!out.size) return NULL;
	if (w.block == 1) return parallel(r, plane, dims[0] * dims[1], &w);
	if (!fits_block(w.block, dims[1])) return fault(r, "the planes do not fit the blocks of their channels");
	return parallel(r, blocked_plane, dims[0] * dims[1] / w.block, &w);
}

// Rows of a picture from planes of samples of the type SAMPLE. SUM holds 16 of them.

// double_width weighs neighbours 3 to 1.
ALWAYS void NAME(double_width)(const SAMPLE *restrict in, SAMPLE *restrict out, int64_t n) {
	out[0] = in[0], out[1] = (3 * (SUM)in[0] + in[1] + 2) >> 2;
	for (int64_t x = 1; x < n - 1; x++) {
		out[2 * x] = (SUM)(3 * (SUM)in[x] + in[x - 1] + 1) >> 2;
		out[2 * x + 1] = (SUM)(3 * (SUM)in[x] + in[x + 1] + 2) >> 2;
	}
	out[2 * n - 2] = (3 * (SUM)in[n - 1] + in[n - 2] + 1) >> 2, out[2 * n - 1] = in[n - 1];
}

// double_height weighs the nearer row 3 to 1.
ALWAYS void NAME(double_height)(const SAMPLE *restrict near, const SAMPLE *restrict far, SAMPLE *restrict out, int64_t n, SUM bias) {
	for (int64_t x = 0; x < n; x++) out[x] = (SUM)(3 * (SUM)near[x] + far[x] + bias) >> 2;
}

// double_both weighs 9 to 3 to 3 to 1; sums has room for n + 2.
ALWAYS void NAME(double_both)(const SAMPLE *restrict near, const SAMPLE *restrict far, SAMPLE *restrict out, int64_t n, SUM *restrict sums) {
	for (int64_t x = 0; x < n; x++) sums[x + 1] = 3 * (SUM)near[x] + far[x];
	sums[0] = sums[1], sums[n + 1] = sums[n];
	for (int64_t x = 0; x < n; x++) {
		out[2 * x] = (SUM)(3 * sums[x + 1] + sums[x] + 8) >> 4;
		out[2 * x + 1] = (SUM)(3 * sums[x + 1] + sums[x + 2] + 7) >> 4;
	}
}

// line gives row y of a plane at the picture's width: a row of the plane itself, or one
// that is written to out.
ALWAYS const SAMPLE *NAME(line)(const SAMPLE *plane, const Layout *l, const Part *p, int64_t y, SAMPLE *out, SUM *sums) {
	if (p->way == SAME) return plane + y * p->stride;
	if (p->way == DOUBLE_WIDTH) {
		NAME(double_width)(plane + y * p->stride, out, p->width);
		return out;
	}
	int64_t other = y % 2 ? y / 2 + 1 : y / 2 - 1;
	other = other < 0 ? 0 : other > p->height - 1 ? p->height - 1 : other;
	const SAMPLE *near = plane + y / 2 * p->stride, *far = plane + other * p->stride;
	if (p->way == DOUBLE_HEIGHT) {
		NAME(double_height)(near, far, out, p->width, 1 + y % 2);
	} else if (p->way == DOUBLE_BOTH) {
		NAME(double_both)(near, far, out, p->width, sums);
	} else { // each sample is repeated
		int64_t row = y * p->v / l->v, column;
		near = plane + (row < p->height ? row : p->height - 1) * p->stride;
		for (int64_t x = 0; x < l->width; x++) out[x] = near[(column = x * p->h / l->h) < p->width ? column : p->width - 1];
	}
	return out;
}

// interleaved writes lines pixel by pixel.
ALWAYS void NAME(interleaved)(const SAMPLE *const *lines, int64_t count, int64_t width, SAMPLE *restrict to) {
	if (count == 3) {
		const SAMPLE *restrict a = lines[0], *restrict b = lines[1], *restrict c = lines[2];
		for (int64_t x = 0; x < width; x++) to[3 * x] = a[x], to[3 * x + 1] = b[x], to[3 * x + 2] = c[x];
		return;
	}
	for (int64_t i = 0; i < count; i++)
		for (int64_t x = 0; x < width; x++) to[x * count + i] = lines[i][x];
}

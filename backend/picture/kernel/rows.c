#include "kernel.h"
#include "vector.h"

// Planes of samples are brought to the picture's size, as the reference implementation
// of JPEG does ("fancy upsampling"), and written pixel by pixel, a row at a time, which
// stays in the cache.

#define SAMPLE uint8_t
#define SUM uint16_t
#define NAME(name) name##_8
#include "rows.h"
#undef SAMPLE
#undef SUM
#undef NAME
#define SAMPLE uint16_t
#define SUM uint32_t
#define NAME(name) name##_16
#include "rows.h"

#define HALF (1 << 15)

// colors makes red, green and blue of luma and chroma (JFIF 1.02; factors in 1/65536,
// rounded as the reference implementation does). They are written over the lines.
ALWAYS void colors(const uint8_t *restrict luma, const uint8_t *restrict blueness, const uint8_t *restrict redness, int64_t width, uint8_t *restrict red, uint8_t *restrict green, uint8_t *restrict blue) {
	for (int64_t x = 0; x < width; x++) {
		int16_t y = luma[x], cb = blueness[x] - 128, cr = redness[x] - 128;
		// 1.402 is 1 and 26345/65536, 1.772 is 2 less 14942/65536
		int16_t r = y + cr + (int16_t)((int16_t)(((int32_t)(int16_t)(2 * cr) * 26345 >> 16) + 1) >> 1);
		int16_t b = y + 2 * cb + (int16_t)((int16_t)(((int32_t)(int16_t)(2 * cb) * -14942 >> 16) + 1) >> 1);
		int16_t g = y - cr + (int16_t)((-22554 * (int32_t)cb + 18734 * (int32_t)cr + HALF) >> 16);
		red[x] = r < 0 ? 0 : r > 255 ? 255 : r;
		green[x] = g < 0 ? 0 : g > 255 ? 255 : g;
		blue[x] = b < 0 ? 0 : b > 255 ? 255 : b;
	}
}

ALWAYS void rows8(uint8_t *to, const uint8_t *const *planes, const Layout *l, int64_t from, int64_t count, void *memory) {
	uint16_t *sums = memory;
	uint8_t *room = (uint8_t *)(sums + l->room + 1), *const made[] = {room + 4 * l->room, room + 5 * l->room, room + 6 * l->room};
	for (int64_t y = from; y < from + count; y++, to += l->width * l->count) {
		const uint8_t *lines[MOST_PARTS];
		for (int64_t i = 0; i < l->count; i++) lines[i] = line_8(planes[i], l, l->parts + i, y, room + i * l->room, sums);
		if (l->colors) {
			colors(lines[0], lines[1], lines[2], l->width, made[0], made[1], made[2]);
			for (int i = 0; i < 3; i++) lines[i] = made[i];
		}
		interleaved_8(lines, l->count, l->width, to);
	}
}
static void rows8_plain(uint8_t *to, const uint8_t *const *planes, const Layout *l, int64_t from, int64_t count, void *memory) { rows8(to, planes, l, from, count, memory); }
WIDE static void rows8_wide(uint8_t *to, const uint8_t *const *planes, const Layout *l, int64_t from, int64_t count, void *memory) { rows8(to, planes, l, from, count, memory); }

static void rows16(uint16_t *to, const uint16_t *const *planes, const Layout *l, int64_t from, int64_t count, void *memory) {
	uint32_t *sums = memory;
	uint16_t *room = (uint16_t *)(sums + l->room + 1);
	for (int64_t y = from; y < from + count; y++, to += l->width * l->count) {
		const uint16_t *lines[MOST_PARTS];
		for (int64_t i = 0; i < l->count; i++) lines[i] = line_16(planes[i], l, l->parts + i, y, room + i * l->room, sums);
		interleaved_16(lines, l->count, l->width, to);
	}
}

void picasso_rows(int bits, void *to, const void *a, const void *b, const void *c, const void *d, const Layout *l, int64_t from, int64_t count, void *memory) {
	if (bits == 16)
		rows16(to, (const uint16_t *[]){a, b, c, d}, l, from, count, memory);
	else
		(HAS_WIDE ? rows8_wide : rows8_plain)(to, (const uint8_t *[]){a, b, c, d}, l, from, count, memory);
}

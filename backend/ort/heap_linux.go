//go:build cgo

package ort

/*
#include <malloc.h>

// Blocks up to this size come from a heap that keeps what is freed, larger ones
// from the system. It is the most that the library takes.
#define PICASSO_MMAP (32 << 20)
// So much may lie at a heap's end before it is given back unasked.
#define PICASSO_TRIM (64 << 20)
// Heaps that threads share.
#define PICASSO_HEAPS 2

// The same in a process that ends with its work, where no block comes from the system
// by itself: getting those of a large model anew, page by page, took longer than a pass.
#define PICASSO_TRIM_BRIEF (512 << 20)
#define PICASSO_PAD_BRIEF (16 << 20)

static void picasso_keep_freed(int brief) {
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, PICASSO_MMAP);
	mallopt(M_TRIM_THRESHOLD, PICASSO_TRIM);
	mallopt(M_ARENA_MAX, PICASSO_HEAPS);
	if (brief) {
		mallopt(M_MMAP_MAX, 0);
		mallopt(M_TRIM_THRESHOLD, PICASSO_TRIM_BRIEF);
		mallopt(M_TOP_PAD, PICASSO_PAD_BRIEF);
	}
#endif
}

static void picasso_return_freed(void) {
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}
*/
import "C"

// keepFreed lets the C library keep memory that runs let go, for the next run:
// getting it from the system, page by page, would take a third of a run. See
// [Config.Brief] for brief.
func keepFreed(brief bool) {
	how := C.int(0)
	if brief {
		how = 1
	}
	C.picasso_keep_freed(how)
}

// returnFreed gives it back to the system.
func returnFreed() { C.picasso_return_freed() }

//go:build cgo

package ort

/*
#include <malloc.h>

// So much may lie at the heap's end before it is given back unasked.
#define PICASSO_TRIM (128 << 20)

// One heap for all threads: those that threads get beside it are made of pieces
// of 64 MB, each of which goes back to the system as soon as it is empty, and
// comes again, page by page, with the next run. Large blocks lie in it too; taken
// from the system, they would have to be fetched again for every run. Settings
// come too late for threads that have a heap, so they are made before main.
__attribute__((constructor)) static void picasso_keep_freed(void) {
#ifdef __GLIBC__
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_MAX, 0);
	mallopt(M_TRIM_THRESHOLD, PICASSO_TRIM);
#endif
}

// In a process that ends with its work the heap keeps more: getting the memory of a
// large model anew, page by page, took longer than a pass.
static void picasso_keep_more(void) {
#ifdef __GLIBC__
	mallopt(M_TRIM_THRESHOLD, 512 << 20);
	mallopt(M_TOP_PAD, 16 << 20);
#endif
}

static void picasso_return_freed(void) {
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}
*/
import "C"

// keepMore lets a process that ends with its work keep all that it frees.
func keepMore() { C.picasso_keep_more() }

// returnFreed gives back to the system what the C library keeps of memory that
// runs let go. It keeps it for the next run: getting it again, page by page, takes
// a third of a run, and most of one where the machine is busy.
func returnFreed() { C.picasso_return_freed() }

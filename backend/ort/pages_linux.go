//go:build cgo

package ort

/*
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#ifdef __GLIBC__

#define PICASSO_TUNABLES "GLIBC_TUNABLES="
#define PICASSO_LARGE "glibc.malloc.hugetlb=1"

// picasso_pages_on_request reports whether the system gives pages of 2 MB to those
// who ask for them, and only to those.
static int picasso_pages_on_request(void) {
	char mode[64] = "";
	int file = open("/sys/kernel/mm/transparent_hugepage/enabled", O_RDONLY | O_CLOEXEC);
	if (file < 0) return 0;
	ssize_t n = read(file, mode, sizeof mode - 1);
	close(file);
	return n > 0 && strstr(mode, "[madvise]") != NULL;
}

// The C library asks for large pages where its tunables say so, which it reads before
// anything else runs. So the program starts once more, with that tunable, before Go
// does anything. Where that is not possible it goes on with small pages, and so does a
// process that was to have no environment.
__attribute__((constructor)) static void picasso_large_pages(int argc, char **argv, char **env) {
	if (argc < 1 || !env[0] || getauxval(AT_SECURE) || !picasso_pages_on_request()) return;
	int count = 0, at = -1;
	for (; env[count]; count++) {
		if (!strncmp(env[count], PICASSO_TUNABLES, strlen(PICASSO_TUNABLES))) at = count;
	}
	const char *old = at < 0 ? "" : env[at] + strlen(PICASSO_TUNABLES);
	if (strstr(old, "glibc.malloc.hugetlb")) return;
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	if (n < 1) return;
	path[n] = 0;
	size_t room = strlen(PICASSO_TUNABLES PICASSO_LARGE ":") + strlen(old) + 1;
	char *tunables = malloc(room), **next = malloc((count + 2) * sizeof *next);
	if (tunables && next) {
		snprintf(tunables, room, "%s%s%s%s", PICASSO_TUNABLES, old, *old ? ":" : "", PICASSO_LARGE);
		memcpy(next, env, (count + 1) * sizeof *next);
		next[at < 0 ? count : at] = tunables;
		if (at < 0) next[count + 1] = NULL;
		execve(path, argv, next);
	}
	free(tunables);
	free(next);
}

#endif
*/
import "C"

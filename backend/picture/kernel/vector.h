// What the kernels share.

#ifndef PICASSO_PICTURE_VECTOR_H
#define PICASSO_PICTURE_VECTOR_H

#include <stdint.h>
#include <string.h>

// Code that the compiler is to write for processors with wide vectors, too. On Windows
// those have 16 bytes: the compilers there do not align the stack for more.
#if defined(__x86_64__) && defined(_WIN32)
#define WIDE __attribute__((target("sse4.1")))
#define HAS_WIDE __builtin_cpu_supports("sse4.1")
#define WIDE_BYTES 16
#elif defined(__x86_64__)
#define WIDE __attribute__((target("avx2")))
#define HAS_WIDE __builtin_cpu_supports("avx2")
#define WIDE_BYTES 32
#else
#define WIDE
#define HAS_WIDE 0
#define WIDE_BYTES 16
#endif
#define ALWAYS static inline __attribute__((always_inline))

// BOTH defines what Go calls, picasso_name, by a function that is compiled for both.
#define BOTH(name, parameters, arguments) \
	static void name##_plain parameters { name arguments; } \
	WIDE static void name##_wide parameters { name arguments; } \
	void picasso_##name parameters { (HAS_WIDE ? name##_wide : name##_plain) arguments; }

// SHUFFLE picks the elements of two vectors that the numbers after them name.
#ifdef __clang__
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (__typeof__(a)){__VA_ARGS__})
#endif

#endif

// An operator of ours: what the runtime asks of it, and what its kernels share.

#ifndef PICASSO_KERNEL_OPERATOR_H
#define PICASSO_KERNEL_OPERATOR_H

#include "runtime.h"

#define AXES 8 // at most

// Attributes of a node. Those that an operator does not have are 0.
typedef struct {
	float low, high;
	int64_t positive;
	int64_t from; // the first channel that counts; -1 where all do
	int64_t block; // channels that lie beside each other; 1 where rows of the picture do
	int64_t in[AXES], out[AXES], kernel[AXES], stride[AXES], begin[AXES], dilation[AXES], phases[AXES];
	size_t axes, count; // of the lists, of phases
} Attributes;

// A Tensor is an input or output of a run.
typedef struct {
	float *data;
	int64_t dims[AXES];
	size_t rank;
	int64_t size;
} Tensor;

// A Run is one call of a kernel.
typedef struct {
	const OrtApi *api;
	OrtContext *context;
	const Attributes *a;
} Run;

// An Operator is a row of the table of our operators.
typedef struct {
	OrtCustomOp op;
	const char *name;
	size_t inputs; // 0 stands for one or more
	size_t bytes;  // the input that holds bytes, from 1 on; 0 for none
	int out;       // type of the output
	const char *floats[3], *numbers[3], *lists[8]; // attributes that its nodes have; the lists end with NULL
	OrtStatus *(*compute)(const Run *);
} Operator;

// input reads input number i, output makes the output, fault says what is wrong with a
// node, each gives a status, NULL where all is well.
OrtStatus *input(const Run *, size_t i, Tensor *);
OrtStatus *output(const Run *, const int64_t *dims, size_t rank, Tensor *);
OrtStatus *fault(const Run *, const char *message);

// parallel calls work for 0 … total−1 on the threads of the session.
OrtStatus *parallel(const Run *, void (*work)(void *, size_t), size_t total, void *data);

#define TRY(call) do { OrtStatus *failed = (call); if (failed) return failed; } while (0)

// The kernels.
OrtStatus *inside(const Run *);
OrtStatus *keep(const Run *);
OrtStatus *max_pool_grad(const Run *);
OrtStatus *interleave(const Run *);
OrtStatus *depthwise_scatter(const Run *);

// Code that the compiler is to write for processors with wide vectors, too. Both give the
// same bits: neither fuses multiplication and addition.
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define WIDE __attribute__((target("avx2")))
#define HAS_WIDE __builtin_cpu_supports("avx2")
#else
#define WIDE
#define HAS_WIDE 0
#endif
#define ALWAYS static inline __attribute__((always_inline))

// Pieces of work, at most, where each has memory of its own.
#define PIECES 16

// weave puts a row together from its even and its odd columns.
ALWAYS void weave(const float *restrict a, const float *restrict b, float *restrict out, int64_t width) {
	for (int64_t i = 0; i < width / 2; i++) {
		out[2 * i] = a[i];
		out[2 * i + 1] = b[i];
	}
	if (width % 2) out[width - 1] = a[width / 2];
}

#endif

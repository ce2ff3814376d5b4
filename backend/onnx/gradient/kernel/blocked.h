// Kernels for tensors in the runtime's blocks of channels.

#ifndef PICASSO_KERNEL_BLOCKED_H
#define PICASSO_KERNEL_BLOCKED_H

#include "operator.h"

#define MOST_BLOCK 64 // channels

// fits_block tells whether our kernels can compute tensors of so many channels in such
// blocks.
int fits_block(int64_t block, int64_t channels);

// Both are called with tensors whose shapes fit the attributes; the output is not empty.
OrtStatus *max_pool_grad_blocked(const Run *, const Tensor *x, const Tensor *dy, const Tensor *dx);
OrtStatus *depthwise_scatter_blocked(const Run *, const Tensor *g, const Tensor *weights, const Tensor *dx);

#endif

// Package kernel is operators of our own for ONNX Runtime on a CPU: derivatives for which
// it has no operator, or only slow ones. They are written in C, run on the threads of the
// session that they belong to, and take and give float32 tensors, but for bytes that tell which.
//
//   - Inside(x; low, high): 1 where low < x < high, else 0, as bytes.
//   - Keep(g, inside; from): g where the byte is not 0, else 0; g, or its channels from that
//     one on.
//   - MaxPoolGrad(x, dy; in, out, kernel, stride, begin, dilation, positive, block): every gradient
//     is added to the first maximum of its window of one axis to three.
//   - Interleave(phases…; in, stride, phases, block): planes put together from those of every
//     stride-th row and column.
//   - DepthwiseScatter(g, weights; in, stride, begin, block): the gradient of the input of a
//     convolution that treats every channel by itself.
//
// Those with a block take tensors [N, C/block, H, W, block] where it is not 1, weights too
// ([C/block, 1, k, l, block]); Inside and Keep take them as any others. In all of them g and dy may hold the gradients of several scores of the same pictures,
// one score after the other.
package kernel

// Domain is the domain of the operators, of version 1.
const Domain = "picasso"

// Package gradients computes derivatives of scores: with respect to the picture
// or to a layer, for several pictures and targets at once; and reads inner tensors.
//
// A [Differentiator] rewrites the graph of its [Host] (package onnx/gradient)
// into a forward pass that keeps what the backward pass needs, and a backward
// pass, opens sessions for both, and keeps them until it is closed.
package gradients

// Package infer says what runs a model: a [Session] takes tensors and gives
// tensors, an [Opener] makes sessions of a [Source], a [Runtime] can also tell
// about itself.
//
// It is a leaf: everything that runs models is built on it, and whatever runs
// them, ONNX Runtime in package ort, known answers in package fake, or another
// machine, implements it. Optional abilities ([Keeper], [Recycler], [Writer])
// are found by type assertion through [AsKeeper], [Recycle] and [RunInto], also
// behind decorators.
//
// Decorators make sessions safe: [Halving] survives a lack of memory, [Limited]
// bounds the runs at once. [VerifyProvider] compares an accelerator with the CPU.
package infer

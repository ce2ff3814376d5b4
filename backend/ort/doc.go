// Package ort runs ONNX models with the ONNX Runtime library, which it finds
// and loads while the program runs. It is the only package that knows the
// library; the rest of the program sees [backend.Runtime] and
// [backend.Session].
//
// Without cgo the package still builds; opening a model then answers with a
// [infer.NoRuntimeError].
package ort

// Package sources reads what other tools write beside a model or into it.
//
// One file and one row in [All] is one source: Hugging Face, timm, MONAI,
// Triton, Ultralytics, the metadata of the ONNX file. A source that has nothing
// to say returns nil; what it cannot use becomes a warning with file, line and
// key, and the rest is used.
package sources

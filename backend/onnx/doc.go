// Package onnx reads, queries and rewrites ONNX files as graphs, in pure Go
// and without generated code.
//
// [Open] reads the graph of a file and leaves the weights in it; [Decode] does
// the same for bytes in memory. [Graph.Index] answers who writes and who reads
// a tensor, [FindHead] where the scores of a classifier end and its activation
// begins, [Graph.Spatial] which tensors a class activation map can be taken
// from. A model is changed by changing its structure (after [Model.Clone]
// where the original is still needed); [Model.Encode] writes it again.
// [Model.Detach] gives a form of a few kilobytes that refers to the weights in
// the user's own file.
//
// # What is preserved
//
// A model that is decoded and encoded means the same to every reader:
// decoding the result gives an equal [Model]. Fields that the package does not
// know are kept byte for byte, each where its number belongs among the others.
// Elements of tensors keep the field they came in (raw_data, float_data and so
// on). The result is the same file byte for byte where the writer
//
//   - put the fields of every message in the order of their numbers,
//   - left lists of numbers unpacked in attributes and dimensions, and packed
//     in tensors, as the schema says (all writers that use the official C++
//     and Python libraries),
//   - wrote no key of external_data in an order other than location, offset,
//     length, checksum, and no offset or length of 0,
//   - gave every attribute its type.
//
// Otherwise only these spellings change.
//
// # Hostile files
//
// Every length is checked against the part of the file that it lies in before
// anything is allocated, depth, rank and the memory for structure are bounded,
// shapes may not overflow and must agree with the elements. What a runtime
// would have to build from the file is counted before one sees it: see
// [Model.Check]. Weights in other files are read only from regular files in the
// model's folder, whatever the model or a link says. Errors are [*FileError]
// and [*GraphError], in words for the user.
//
// The wire format is defined by onnx.proto at
// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto and
// https://protobuf.dev/programming-guides/encoding/.
package onnx

// Package perturb scores copies of a picture, or of a volume, that differ from it
// in boxes: what occlusion needs. Three numbers stand for slices, rows and columns;
// a picture is one slice, and its boxes are rectangles.
//
// A [Scorer] takes one of three strategies: full runs of every copy (plain),
// only what the difference can reach (incremental, package onnx/incremental),
// or covering inside the graph, for accelerators. All give the same numbers up
// to rounding; the first results of each are compared with full runs, and a
// strategy that disagrees is not used again. Scores of copies seen before are
// remembered; [Rates] say how long copies will take.
package perturb

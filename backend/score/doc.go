// Package score reads what a model answers.
//
// An [Output] says what the entries of the output are: classes, boxes, pixels
// of classes, a value, an embedding. A [Reader] makes [Scores] of it, one value
// per class, and, for gradients, the derivative of a [Target] with respect to
// the output ([Reader.ClassSeed], [Reader.BoxSeed], [Reader.CosineSeed]). Both
// follow the same region, activation and box, so that a gradient belongs to the
// score that is shown.
package score

// Package axes tells what the axes of a network's tensors are: which one counts
// pictures, which are channels, and which are rows and columns of the picture,
// however the network folds them: N×C×h×w, N×h×w×C, tokens (N×(k+h·w)×C with k
// tokens that are no places, such as class and register tokens), windows
// (N·n×m²×C), heads (N×H×tokens×c).
//
// Nothing is read from names. The axes of the picture are followed through the
// graph ([Trace]): an axis is a product of [Factor]s, which reshapes split and
// join, transposes move, and operators keep, use up or replace. Where a matrix
// product puts places against places, as attention does, those of the second
// operand are keys and no places ([Factor].Key). A tensor whose factors hold
// every place once can be read as a map of cells ([Map.Cells]).
package axes

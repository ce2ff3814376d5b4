// Package shuffle replaces the weights of a network by chance, layer by layer
// from its output on, for the sanity check of Adebayo et al. 2018 ("Sanity
// Checks for Saliency Maps"): a method whose map stays the same when what the
// network has learned is gone shows the picture, not the decision.
//
// [Units] lists the layers with weights. [Draw] makes other values for all of
// them once; [Drawn.Model] is the network in which some units have theirs and
// the others still refer to the user's own file, which is never written to.
// [NewGauge] and [Settle] keep the layers' outputs in proportion where other
// weights would make them explode or vanish.
package shuffle

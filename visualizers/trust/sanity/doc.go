// Package sanity asks of a method whether its map depends on what the network
// has learned: it replaces the weights by chance, from the output on, and looks
// what becomes of the map (Adebayo et al. 2018, "Sanity Checks for Saliency
// Maps").
//
// The answer is a red flag or none. It is no score and ranks nothing: maps can
// only be expected to differ to an extent, since the layers below those that
// were replaced still see the picture, and a map that changes need not be right
// (Binder et al. 2023). Signed maps are compared as they are, places that are 0 in
// both left out (Sundararajan & Taly 2018), and the check says nothing where the
// network's own answer hardly moved.
//
// [Run] is the check, [Expect] what it takes. Any method can be checked, those
// that are scripts too.
package sanity

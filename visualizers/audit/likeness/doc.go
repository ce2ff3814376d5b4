// Package likeness compares pictures by what a network knows of them: the activations
// in front of its last layer (penultimate activations), each vector divided by its
// length. It finds the most similar other picture, how far a picture is from all
// others, and pictures that the network hardly tells apart.
package likeness

// Package performance tells how good a model's answers are where labels say what is
// true: confusions, precision and recall, curves and thresholds, calibration, and
// the pictures that it is surely wrong about.
package performance

// Package statistics computes what an audit says of samples: intervals of shares,
// how well a number tells two groups apart, whether that may be chance, and how
// well probabilities are calibrated. It knows no pictures and no models.
package statistics

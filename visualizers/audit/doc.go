// Package audit tells what a network relies on in a whole data set: one row for
// every picture, with the answer, one small map and where it lies, and what the
// rows have in common, class by class. Methods, thresholds and their reasons:
// docs/audit.md.
package audit

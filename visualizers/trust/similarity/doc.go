// Package similarity measures how alike two maps are, and how a map agrees
// with a region. It knows numbers only: no model, no method, no colour.
//
// Where a measure is undefined, as a rank correlation with a constant map is,
// it is NaN, never 0: whoever shows it says in words what happened.
package similarity

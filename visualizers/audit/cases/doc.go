// Package cases finds what an audit goes through, pictures and series, and goes
// through it. A series of a scan is one case, however many slices it has.
package cases

// Package named finds what the paths on a command line come to: pictures, arrays,
// and slices of scans, each with the words that messages and results may call it
// by. A path that tells who a patient is stays out of all of them.
package named

// Package jsondoc reads JSON files written by people and by other programs, and
// keeps the line of every value, so that a mistake can be named where it is.
//
// [Parse] gives the file as a tree of [Node]; [Schema] checks a tree against
// the part of JSON Schema (draft 2020-12) that the program's own files need.
package jsondoc

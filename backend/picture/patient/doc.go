// Package patient tells whether a text, a file's path for instance, names a
// patient: by what the files of a scan say of names, dates and numbers.
//
// Names are compared as people write them, not as bytes: in any order, with and
// without separators, capitals, diacritics and their spellings (Müller,
// Mueller, Muller), shortened to initials, in every script of the file, and
// Cyrillic and Greek ones in Latin letters. Dates are found in the usual
// orders, with any separator or none, with months as numbers or words. Numbers
// are found with and without their prefix.
//
// When in doubt a text counts as naming: what it costs is a path that is
// withheld.
package patient

// Package keyboard reaches two things that the toolkit keeps to itself: a key
// before the widget that has the focus swallows it, and the menu bar. Where the
// toolkit has neither, as under test or with the menu bar of a Mac, nothing
// happens.
package keyboard

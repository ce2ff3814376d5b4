// Package ui is the window: it shows the state of a [control.Controller] and
// turns what the user does into calls of it.
//
// Every part of the window is a small struct that owns its widgets, with one
// method per kind of [control.Event] it cares about. Nothing here computes:
// numbers come from package control, pictures from package render.
package ui

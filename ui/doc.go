// Package ui is the window: it shows the state of a [control.Controller] and
// turns what the user does into calls of it.
//
// The window itself is frame, menus, keys, dialogs, the list of pictures, the
// banner and the status bar. A workspace is a room of its own, such as
// [picasso/ui/explain]; so are the model's card and what only scans have. A
// pane holds the controller and a small host that its room declares and
// host.go implements, and says by its draws which events it draws, so the
// window need not know. Nothing here computes: numbers come from package
// control, pictures from package render.
package ui

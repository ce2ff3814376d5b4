// Package viewer holds the widgets that show pictures and maps: a picture with
// an overlay that zooms and pans, a colour bar, a list of classes with bars,
// and thumbnails. They know images and numbers, neither models nor
// visualizers. Every method belongs on Fyne's goroutine.
package viewer

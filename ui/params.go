package ui

import (
	"context"
	"os"
	"path/filepath"
	"picasso/backend/infer"
	"strings"
	"time"

	"picasso/backend"
	"picasso/ui/asking"
	"picasso/ui/control"
	"picasso/ui/control/settings"
	"picasso/ui/saving"
	"picasso/ui/welcome"
	"picasso/visualizers"
)

// Params are what a [Window] is made of.
type Params struct {
	Runtime     infer.Runtime            // opens models; also asked for diagnostics
	Visualizers []visualizers.Visualizer // the tabs, in order
	Settings    *settings.Settings       // what is remembered; nil remembers nothing
	Provider    infer.ProviderName       // execution provider for models, "" is auto
	Tuning      *backend.Tuning          // remembers how models run fastest; nil measures again
	Samples     []Sample                 // built-in examples; the first one opens at the first start
	Files       []string                 // to open instead: models, labels, pictures, folders
	Chooser     asking.Chooser           // the system's file dialogs; nil uses Fyne's own
	Clipboard   saving.Clipboard         // takes figures for other programs; nil has none
	Scripts     Scripts                  // the user's own visualizers; nil has none
	Version     string                   // of the program and what it is made of, one per line
	Notices     string                   // the file with the licences of all parts, "" for none
	Notice      error                    // something that went wrong before the window opened
	Audits      string                   // folder of temporary audits; "" is in the user's cache

	// OpenModel replaces the opening of models through Runtime, for tests.
	OpenModel control.OpenFunc
	// Do runs a function on the window's goroutine, fyne.Do unless given.
	Do func(func())
	// Ended is called on the window's goroutine when the window is closed and all
	// is saved. It need not return; nil closes the window.
	Ended func()
	// OpenOutside shows a file or folder in another program, the system's own
	// choice unless given; it runs off the window's goroutine.
	OpenOutside func(path string, folder bool) error
	// Delay is the time a setting rests before it runs; 0 is the default.
	Delay time.Duration
}

// auditFolder is where audits are kept for which no folder is chosen; "" where the
// system does not tell.
func (p Params) auditFolder() string {
	if p.Audits != "" {
		return p.Audits
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(cache, "picasso", "audits")
}

// firstLine is the version without what the program is made of.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// versionNumber is the program's version without its name and what it is made of.
func versionNumber(version string) string {
	line := firstLine(version)
	if _, number, ok := strings.Cut(line, " "); ok {
		return number
	}
	return line
}

// Sample is a built-in model with pictures to try it on.
type Sample = welcome.Sample

// diagnoser is the part of the runtime that the window asks for words.
type diagnoser interface {
	Diagnose(ctx context.Context) infer.Diagnosis
}

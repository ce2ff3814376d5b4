package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/welcome"
)

func TestAboutNamesPartsAndOpensTheirLicences(t *testing.T) {
	b := newBench(t)
	shown := make(chan string, 1)
	b.params.Version, b.params.Notices = "picasso 1.2.3\ncommit 0123", "/doc/NOTICES.txt"
	b.params.OpenOutside = func(path string, _ bool) error { shown <- path; return nil }
	b.showAbout()
	over := b.win.Canvas().Overlays().Top()
	var said string
	for _, o := range test.LaidOutObjects(over) {
		if l, ok := o.(*widget.Label); ok {
			said += l.Text + "\n"
		}
	}
	for _, want := range []string{welcome.Purpose, welcome.Promise, "picasso 1.2.3\ncommit 0123\nApache License 2.0"} {
		if !strings.Contains(said, want) {
			t.Errorf("About lacks %q:\n%s", want, said)
		}
	}
	test.Tap(button(t, over, "Third-party licences"))
	if got := <-shown; got != "/doc/NOTICES.txt" {
		t.Errorf("%s was shown", got)
	}
}

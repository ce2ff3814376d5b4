package viewer

import (
	"testing"

	"golang.org/x/image/font/sfnt"

	"fyne.io/fyne/v2/theme"
)

// bundled reports whether Fyne's text font has a letter.
func bundled(t *testing.T, r rune) bool {
	t.Helper()
	f, err := sfnt.Parse(theme.DefaultTextFont().Content())
	if err != nil {
		t.Fatal(err)
	}
	i, err := f.GlyphIndex(new(sfnt.Buffer), r)
	return err == nil && i != 0
}

package modelcard

import (
	"testing"

	"picasso/ui/control"
	"picasso/ui/uitest"
)

// bench is the card on fakes.
type bench struct {
	*uitest.Desk
	card *Card
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{Desk: uitest.NewControl(t)}
	b.card = New(b.Host, b.C)
	b.C.Listen(control.NewDraws(b.C, b.card.Draws()...))
	return b
}

// sheet opens the sheet at a page.
func (b *bench) sheet(page Page) *Sheet {
	m := NewSheet(b.Host, b.C, page)
	b.C.Listen(control.NewDraws(b.C, m.Draws()...))
	return m
}

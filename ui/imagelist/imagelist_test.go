package imagelist

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"picasso/ui/control"
	"picasso/ui/control/listing"
	"picasso/ui/uitest"
	"picasso/ui/viewer"
)

// bench is the list on fakes.
type bench struct {
	*uitest.Desk
	*List
	selected []*control.Picture
}

// ChooseImages implements Host.
func (b *bench) ChooseImages() {}

// SelectImage implements Host.
func (b *bench) SelectImage(p *control.Picture) { b.selected = append(b.selected, p) }

// ShowUnusable implements Host.
func (b *bench) ShowUnusable() {}

// Canvas implements Host.
func (b *bench) Canvas() fyne.Canvas { return b.Desk.Host.Canvas() }

// Unfocus implements Host.
func (b *bench) Unfocus() { b.Desk.Host.Window.Canvas().Unfocus() }

// Hint implements Host.
func (b *bench) Hint(text string) { b.Desk.Host.Hint(text) }

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{Desk: uitest.NewControl(t)}
	b.List = New(b, b.C)
	b.Desk.Host.Window.SetContent(b.Box)
	b.Desk.Host.Window.Resize(fyne.NewSize(228, 600))
	b.C.Listen(control.NewDraws(b.C, b.Draws()...))
	return b
}

// filled has n pictures of different brightness, with all answers.
func filled(t *testing.T, n int) *bench {
	b := newBench(t)
	files := []string{b.Write("m.onnx")}
	for i := range n {
		files = append(files, b.Desk.Picture(fmt.Sprintf("p%d.png", i), uint8(i%251)))
	}
	b.C.Drop(files)
	b.Q.Until(t, "all answers", func() bool {
		s := b.C.State()
		for _, p := range s.Images {
			if p.Best == nil {
				return false
			}
		}
		return len(s.Images) == n
	})
	return b
}

// onScreen are the pictures of the thumbnails that can be seen.
func (b *bench) onScreen() (names []string) {
	for i := range b.C.State().Listed {
		p := b.at(i)
		for _, t := range b.drawn.Of(p) {
			if pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(t); t.Visible() && pos.Y > 0 && pos.Y < 600 {
				names = append(names, p.Name)
				break
			}
		}
	}
	return names
}

// Two thousand pictures are no more widgets than fit, each is asked about once,
// and what is scrolled to is there.
func TestThousandsOfPictures(t *testing.T) {
	if testing.Short() {
		t.Skip("makes 2,000 pictures")
	}
	const n = 2000
	b := filled(t, n)
	if calls := int(b.Model.Calls.Load()); calls > n+20 { // those of the first map among them
		t.Errorf("the model was asked %d times about %d pictures", calls, n)
	}
	if b.title.Text != "PICTURES  2000" {
		t.Errorf("title %q", b.title.Text)
	}
	for _, to := range []int{1999, 700, 0} {
		b.list.ScrollTo(to)
		shown := b.drawn.Of(b.at(to))
		if len(shown) < 1 || b.C.Thumb(b.at(to)) == nil {
			t.Fatalf("place %d: %d thumbnails", to, len(shown))
		}
	}
	widgets := 0
	b.drawn.Each(func(*viewer.Thumb, *control.Picture) { widgets++ })
	if widgets > 80 {
		t.Errorf("%d widgets", widgets)
	}
}

func TestListIsSortedAndFiltered(t *testing.T) {
	b := filled(t, 12)
	b.SortBy(listing.Confidence)
	if got := b.at(0).Name; got != "p0.png" { // black for sure
		t.Errorf("the surest is %s", got)
	}
	b.SortBy(listing.Confidence)
	if got := b.at(0).Name; got != "p11.png" || !b.sorted.Visible() || b.sorted.Text != "sorted by confidence, reversed" {
		t.Errorf("the least sure is %s, %q", got, b.sorted.Text)
	}
	b.Canvas().Focus(b.filter)
	test.Type(b.filter, "p1")
	if b.title.Text != "PICTURES  3 of 12" || strings.Join(b.onScreen(), " ") != "p11.png p10.png p1.png" {
		t.Errorf("%q: %v", b.title.Text, b.onScreen())
	}
	test.Type(b.filter, "x")
	if !b.none.Visible() || !strings.Contains(b.none.Text, "p1x") {
		t.Errorf("nothing is left, says %q", b.none.Text)
	}
	b.filter.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.title.Text != "PICTURES  12" || b.none.Visible() {
		t.Errorf("after Esc: %q", b.title.Text)
	}
	b.filter.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.Canvas().Focused() != nil {
		t.Error("Esc does not leave the empty field")
	}
}

// The menu offers labels only where some are known.
func TestMenuOfOrders(t *testing.T) {
	b := filled(t, 3)
	b.showOrders()
	if b.Canvas().Overlays().Top() == nil {
		t.Fatal("no menu")
	}
	b.ToggleWrong()
	if b.C.State().Listing.Wrong || len(b.Desk.Host.Hints) == 0 {
		t.Error("without labels the list shows nothing")
	}
}

// A click selects, the cross removes, and the frame follows.
func TestThumbnailsAct(t *testing.T) {
	b := filled(t, 4)
	b.SortBy(listing.Name)
	b.SortBy(listing.Name) // p3 first
	thumb := b.drawn.Of(b.at(0))[0]
	test.Tap(thumb)
	if len(b.selected) != 1 || b.selected[0].Name != "p3.png" {
		t.Errorf("selected %v", b.selected)
	}
	thumb.OnRemove()
	if len(b.C.State().Images) != 3 || b.at(0).Name != "p2.png" {
		t.Errorf("%d left, the first is %s", len(b.C.State().Images), b.at(0).Name)
	}
}

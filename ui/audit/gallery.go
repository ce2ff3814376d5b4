package audit

import (
	"fmt"
	"image"
	"image/draw"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"picasso/backend/visible"
	"picasso/ui/viewer"
)

// entry is a thumbnail of a page: a row, or the mean picture of a way.
type entry struct {
	thumb      *viewer.Thumb
	row        int // −1 for a mean picture
	class, way int
	mapped     bool // as drawn: below its map
	selected   bool
	done       bool
}

// gallery are the thumbnails of a page, which get their pictures when they come.
type gallery struct {
	w       *Workspace
	entries []*entry
}

// clear forgets all thumbnails, which are about to be made anew.
func (g *gallery) clear() { g.entries = nil }

// rows makes thumbnails of some rows, which wrap.
func (g *gallery) rows(rows []int) fyne.CanvasObject {
	box := wrapping()
	for _, i := range rows {
		box.Add(g.row(i))
	}
	return box
}

// wrapping is a row of thumbnails that goes on in the next line.
func wrapping() *fyne.Container {
	return container.NewGridWrap(viewer.NewThumb("").MinSize())
}

// row makes the thumbnail of a row.
func (g *gallery) row(i int) *viewer.Thumb {
	t := viewer.NewThumb("")
	g.w.label(t, i)
	t.OnTapped = func() { g.w.s.Select(i) }
	g.entries = append(g.entries, &entry{thumb: t, row: i})
	return t
}

// mean makes the thumbnail of the mean picture of a way.
func (g *gallery) mean(class, way, of int) *viewer.Thumb {
	t := viewer.NewThumb("")
	t.SetTexts(fmt.Sprintf("of %d", of), "mean picture", "")
	g.entries = append(g.entries, &entry{thumb: t, row: -1, class: class, way: way})
	return t
}

// still makes a thumbnail of a map.
func still(m *image.RGBA, name, under string) *viewer.Thumb {
	t := viewer.NewThumb("")
	t.SetTexts(under, name, "")
	t.SetPicture(opaque(m))
	return t
}

// opaque is a map on grey.
func opaque(m *image.RGBA) *image.RGBA {
	out := image.NewRGBA(m.Rect)
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, m, m.Rect.Min, draw.Over)
	return out
}

// show gives the thumbnails what came since.
func (g *gallery) show() {
	for _, e := range g.entries {
		selected := e.row >= 0 && e.row == g.w.s.State().Current
		if selected != e.selected {
			e.selected = selected
			e.thumb.SetSelected(selected)
		}
		if e.done && e.mapped == g.w.maps {
			continue
		}
		e.done, e.mapped = g.w.paint(e), g.w.maps
	}
}

// paint draws a thumbnail if its picture is there.
func (w *Workspace) paint(e *entry) bool {
	if e.row < 0 {
		m := w.s.MeanPicture(e.class, e.way)
		if m != nil {
			e.thumb.SetPicture(m)
		}
		return m != nil
	}
	return w.picture(e.thumb, e.row)
}

// picture draws the picture of a row on a thumbnail, below its map where those are
// shown. It reports whether there is nothing to wait for.
func (w *Workspace) picture(t *viewer.Thumb, row int) bool {
	var m *image.RGBA
	note, last := notHere, true
	switch {
	case !w.s.Unshown(row):
		note = ""
		m, last = w.s.Small(row, w.maps)
	case w.maps && !w.s.Mapless(row):
		m = w.s.Bare(row)
		last = m != nil
	}
	t.SetNote(note)
	if m != nil {
		t.SetPicture(m)
	} else {
		t.SetPicture(nil) // no typed nil
	}
	return last
}

// notHere stands for a picture that cannot be shown.
const notHere = "not here"

// label writes the answer to a row below its thumbnail.
func (w *Workspace) label(t *viewer.Thumb, row int) {
	d := w.s.State().Result.Digest
	r := d.Sample.Rows[row]
	if r.Error != "" {
		t.SetTexts(visible.Text(r.Path), "", "no answer")
		return
	}
	answer, fault := visible.Text(r.Probability.Short()+" "+r.Name), ""
	if right := d.Correct(row); right != nil && !*right {
		fault = "wrong: " + visible.Text(r.Name)
	}
	t.SetTexts(visible.Text(r.Path), answer, fault)
}

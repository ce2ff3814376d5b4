package audit

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/visible"
	"picasso/ui/control/survey"
	"picasso/ui/report/digest"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers/audit"
)

// waysPane shows the ways of deciding of one class at a time.
type waysPane struct {
	w       *Workspace
	box     fyne.CanvasObject
	class   *widgets.Select
	scroll  *container.Scroll
	gallery gallery
	serial  int
	chosen  int // index into the classes of the analysis
	drawn   int
}

func newWays(w *Workspace) *waysPane {
	p := &waysPane{w: w, scroll: container.NewVScroll(container.NewVBox()), gallery: gallery{w: w}, serial: -1}
	p.class = widgets.NewSelect(nil, p.choose)
	p.box = container.NewBorder(container.NewBorder(nil, nil, widget.NewLabel("Class"), nil, p.class), nil, nil, nil, p.scroll)
	return p
}

func (p *waysPane) object() fyne.CanvasObject { return p.box }

func (p *waysPane) choose(string) {
	if k := p.class.SelectedIndex(); k >= 0 && k != p.chosen {
		p.chosen = k
		p.show()
	}
}

func (p *waysPane) show() {
	st := p.w.s.State()
	d := st.Result.Digest
	if p.serial != st.Serial {
		p.serial, p.drawn = st.Serial, -1
		p.chosen = first(d)
		p.class.Options = classTitles(d)
		p.class.ClearSelected()
		if len(p.class.Options) > 0 {
			p.class.SetSelectedIndex(p.chosen)
		}
	}
	if p.drawn != p.chosen {
		p.drawn = p.chosen
		p.build(d)
	}
	p.gallery.show()
}

// first is the class of what is to be looked at first, else the one with most
// pictures.
func first(d *digest.Digest) int {
	most := 0
	for k, c := range d.Analysis.Classes {
		if len(d.Analysis.Flags) > 0 && c.Class == d.Analysis.Flags[0].Class {
			return k
		}
		if len(c.Items) > len(d.Analysis.Classes[most].Items) {
			most = k
		}
	}
	return most
}

// classTitles are the classes with the number of their pictures.
func classTitles(d *digest.Digest) []string {
	var list []string
	for _, c := range d.Analysis.Classes {
		list = append(list, fmt.Sprintf("%s (%d)", visible.Text(c.Name), len(c.Items)))
	}
	return list
}

func (p *waysPane) build(d *digest.Digest) {
	p.gallery.clear()
	list := container.NewVBox()
	if len(d.Analysis.Classes) == 0 {
		list.Add(wrapped("No picture has an answer."))
	} else {
		c := d.Analysis.Classes[p.chosen]
		p.whole(list, c)
		for k := range c.Ways {
			p.way(list, d, c, k)
		}
	}
	p.scroll.Content = widgets.Roomy(list)
	p.scroll.Refresh()
	p.scroll.ScrollToTop()
}

// whole is the class as a whole.
func (p *waysPane) whole(list *fyne.Container, c audit.Class) {
	text := words.Count(len(c.Items), "picture", "pictures") + accuracy(c.Accuracy) + ". " + lifts(c.Lift)
	if c.Fixed == c.Fixed { // not NaN
		text += fmt.Sprintf(" Of the concentration of its maps %.0f %% is at one place.", 100*c.Fixed)
	}
	list.Add(wrapped(text))
	if c.Why != "" {
		list.Add(faint(c.Why))
	}
	row := wrapping()
	row.Add(still(digest.MeanMap(c.Mean), "mean map", "of all"))
	row.Add(still(digest.MeanMap(c.Spread), "spread of maps", "standard deviation"))
	list.Add(row)
	if len(c.Values) > 1 {
		var values []string
		for _, v := range c.Values {
			values = append(values, fmt.Sprintf("%.2f", v))
		}
		list.Add(faint("Eigenvalues: " + strings.Join(values, "  ") + ". As many as lie before the widest gap are the ways of deciding."))
	}
}

// way is one way of deciding.
func (p *waysPane) way(list *fyne.Container, d *digest.Digest, c audit.Class, k int) {
	w := c.Ways[k]
	list.Add(widget.NewSeparator())
	title := widget.NewLabel(fmt.Sprintf("Way %s: %s, strongest in %s", digest.Letter(k), words.Count(len(w.Items), "picture", "pictures"), w.Where()))
	title.TextStyle.Bold, title.Truncation = true, fyne.TextTruncateEllipsis
	all := widget.NewButton("All its pictures", func() { p.w.look(visible.Text(c.Name)+", way "+digest.Letter(k), slices.Clone(w.Items)) })
	list.Add(container.NewBorder(nil, nil, nil, all, title))
	text := ""
	if w.Accuracy.Of > 0 {
		text = strings.TrimPrefix(accuracy(w.Accuracy), ", ") + ". "
	}
	if len(c.Ways) > 1 {
		text += fmt.Sprintf("Silhouette %.2f. ", w.Silhouette)
	}
	list.Add(wrapped(text + lifts(w.Lift)))
	if !math.IsNaN(w.Against) {
		list.Add(faint(fmt.Sprintf("That its answers are right as often as those of the other ways: p = %.3f (Fisher's exact test).", w.Against)))
	}
	for _, a := range w.Apart {
		list.Add(wrapped(fmt.Sprintf("The %s tells its pictures from those of the other ways (AUROC %.2f; %s in this way).", a.Property.Title, a.AUROC(), map[bool]string{true: "high", false: "low"}[a.Higher])))
	}
	if v := w.Covered; v != nil {
		list.Add(wrapped(fmt.Sprintf("Covering the place lowers the probability by %.2f and changes %d of %d answers; as large places elsewhere lower it by %.2f.", v.Drop, v.Flips, v.Pictures, v.ControlDrop)))
	}
	row := wrapping()
	row.Add(still(digest.MeanMap(w.Mean), "mean map", ""))
	at := slices.IndexFunc(d.Analysis.Classes, func(o audit.Class) bool { return o.Class == c.Class })
	row.Add(p.gallery.mean(at, k, survey.Meant(len(w.Items))))
	list.Add(row)
	list.Add(faint("Nearest to the middle:"))
	list.Add(p.gallery.rows(w.Typical()))
	if len(w.Outliers) > 0 && len(w.Items) > len(w.Typical()) {
		list.Add(faint("Farthest from it:"))
		list.Add(p.gallery.rows(w.Outliers))
	}
}

// accuracy is a share of right answers in words; "" without labels.
func accuracy(r audit.Rate) string {
	if r.Of == 0 {
		return ""
	}
	return fmt.Sprintf(", %.0f %% right (%d of %d; %.0f to %.0f %%)", 100*r.Share(), r.Hits, r.Of, 100*r.Low, 100*r.High)
}

// lifts are the parts of the picture that maps lie in.
func lifts(l audit.Lifts) string {
	one := func(name string, v audit.Lift) string {
		return fmt.Sprintf("%s %s×", name, audit.Number(v.Mean).Short())
	}
	corner, where := l.Corners[0], 0
	for k, v := range l.Corners {
		if v.Mean > corner.Mean {
			corner, where = v, k
		}
	}
	names := []string{"upper left corner", "upper right corner", "lower left corner", "lower right corner"}
	return "Share of the map over the area: " + strings.Join([]string{one("upper third", l.Top), one("lower third", l.Bottom), one("border", l.Border), one(names[where], corner)}, ", ") + "."
}

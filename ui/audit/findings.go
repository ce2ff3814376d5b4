package audit

import (
	"cmp"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/visible"
	"picasso/ui/control/survey"
	"picasso/ui/report/digest"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers/audit"
)

// findings are what to look at, the strongest first, and what else was found of all
// pictures.
type findings struct {
	w       *Workspace
	box     *container.Scroll
	gallery gallery
	serial  int // of the result as drawn
}

func newFindings(w *Workspace) *findings {
	return &findings{w: w, box: container.NewVScroll(container.NewVBox()), gallery: gallery{w: w}, serial: -1}
}

func (f *findings) object() fyne.CanvasObject { return f.box }

func (f *findings) show() {
	st := f.w.s.State()
	if f.serial != st.Serial {
		f.serial = st.Serial
		f.build(st.Result.Digest, st)
	}
	f.gallery.show()
}

// Bounds of what a page shows at once; the rest is a button away.
const (
	fewThumbs = 12
	fewCopies = 6
)

func (f *findings) build(d *digest.Digest, st *survey.State) {
	f.gallery.clear()
	list := container.NewVBox()
	list.Add(widgets.Heading("LOOK AT THIS"))
	f.flags(list, d, true, "Nothing was found that has no business in the decision. That is no proof that there is nothing.")
	if slices.ContainsFunc(d.Analysis.Flags, func(g audit.Flag) bool { return !g.Kind.Suspicion() }) {
		list.Add(widgets.Heading("QUESTIONS"))
		f.flags(list, d, false, "")
	}
	for _, text := range append(d.Counts(), st.Notes...) {
		list.Add(faint(text))
	}
	if !d.Analysis.Tried() && len(d.Analysis.Classes) > 0 {
		list.Add(faint("The pictures were not covered to see what changes."))
	}
	list.Add(faint("Maps show what speaks for the class; what speaks against it is left out."))
	if j := d.Judged; j != nil {
		f.some(list, "SUREST WRONG ANSWERS", "the surest wrong answers", j.Surest, "Of the answers with a label none is wrong.")
		if len(j.LuckyMaps) > 0 {
			f.some(list, "RIGHT FOR THE WRONG REASON", "right answers whose map lies outside the mask", j.LuckyMaps, "")
		}
	}
	f.properties(list, d)
	f.copies(list, d)
	f.features(list, d)
	f.box.Content = widgets.Roomy(list)
	f.box.Refresh()
	f.box.ScrollToTop()
}

// flags lists the suspicions or the questions.
func (f *findings) flags(list *fyne.Container, d *digest.Digest, suspicions bool, none string) {
	n := 0
	for _, g := range d.Analysis.Flags {
		if g.Kind.Suspicion() != suspicions {
			continue
		}
		n++
		show := func() { f.w.look(flagTitle(d, g), d.Sample.Concerned(d.Analysis, g)) }
		number := widget.NewLabel(fmt.Sprint(n))
		number.TextStyle.Bold = true
		button := widget.NewButtonWithIcon("Pictures", theme.GridIcon(), show)
		list.Add(container.NewBorder(nil, nil, number, container.NewCenter(button), newTapText(visible.Text(g.Sentence), show)))
		list.Add(widget.NewSeparator())
	}
	if n == 0 && none != "" {
		list.Add(wrapped(none))
	}
}

// flagTitle names the pictures that a flag is about.
func flagTitle(d *digest.Digest, g audit.Flag) string {
	name := visible.Text(d.ClassName(g.Class))
	switch {
	case g.Kind == audit.ByProperty:
		for _, p := range audit.Properties {
			if p.ID == g.Property {
				return name + ", by " + p.Title
			}
		}
	case g.Way >= 0:
		return name + ", way " + digest.Letter(g.Way)
	}
	return name
}

// some shows the first of some rows.
func (f *findings) some(list *fyne.Container, heading, title string, rows []int, none string) {
	list.Add(f.heading(heading, title, rows))
	if len(rows) == 0 {
		list.Add(faint(none))
		return
	}
	list.Add(f.gallery.rows(rows[:min(len(rows), fewThumbs)]))
}

// heading has a button that shows all.
func (f *findings) heading(text, title string, rows []int) fyne.CanvasObject {
	if len(rows) == 0 {
		return widgets.Heading(text)
	}
	return container.NewBorder(nil, nil, nil, widget.NewButton(fmt.Sprintf("All %d", len(rows)), func() { f.w.look(title, rows) }), widgets.Heading(text))
}

// properties are those of pictures that tell an answer.
func (f *findings) properties(list *fyne.Container, d *digest.Digest) {
	type row struct {
		class string
		audit.Shortcut
	}
	var all []row
	for _, c := range d.Analysis.Classes {
		for _, s := range c.Shortcuts {
			if s.AUROC() >= 0.75 {
				all = append(all, row{c.Name, s})
			}
		}
	}
	if len(all) == 0 {
		return
	}
	slices.SortStableFunc(all, func(a, b row) int { return cmp.Compare(b.Answer, a.Answer) })
	list.Add(widgets.Heading("WHAT PICTURES ARE LIKE"))
	grid := container.NewGridWithColumns(4, small("property"), small("class"), small("AUROC of the answer"), small("of the label"))
	for _, r := range all[:min(len(all), fewThumbs)] {
		grid.Add(small(r.Property.Title))
		grid.Add(small(visible.Text(r.class)))
		grid.Add(small(fmt.Sprintf("%.2f", r.AUROC())))
		grid.Add(small(audit.Number(0.5 + r.Label/2).Short()))
	}
	list.Add(grid)
}

// copies are pictures that look the same.
func (f *findings) copies(list *fyne.Container, d *digest.Digest) {
	if len(d.Analysis.Copies) == 0 {
		return
	}
	var all []int
	for _, c := range d.Analysis.Copies {
		all = append(all, c.Items...)
	}
	list.Add(f.heading("PICTURES THAT LOOK THE SAME", "pictures that look the same", all))
	for _, c := range d.Analysis.Copies[:min(len(d.Analysis.Copies), fewCopies)] {
		text := words.Count(len(c.Items), "picture", "pictures")
		if c.Exact {
			text += ", the same file"
		}
		if leaks := d.Leaks(c.Items); leaks != "" {
			text += ". " + leaks
		}
		list.Add(faint(text))
		list.Add(f.gallery.rows(c.Items[:min(len(c.Items), fewCopies)]))
	}
	if n := len(d.Analysis.Copies) - fewCopies; n > 0 {
		list.Add(faint(fmt.Sprintf("… and %d groups more", n)))
	}
}

// features are what the network's own features tell of the pictures.
func (f *findings) features(list *fyne.Container, d *digest.Digest) {
	if d.Manifest.Features == "" {
		if why := d.Manifest.Without; why != "" {
			list.Add(faint("Pictures were not compared by the network's features: " + why + "."))
		}
		return
	}
	var all []int
	for _, group := range d.Analysis.Alike {
		all = append(all, group...)
	}
	if len(all) > 0 {
		list.Add(f.heading("PICTURES THAT THE NETWORK HARDLY TELLS APART", "pictures that the network hardly tells apart", all))
		for _, group := range d.Analysis.Alike[:min(len(d.Analysis.Alike), fewCopies)] {
			if leaks := d.Leaks(group); leaks != "" {
				list.Add(faint(leaks))
			}
			list.Add(f.gallery.rows(group[:min(len(group), fewCopies)]))
		}
		if n := len(d.Analysis.Alike) - fewCopies; n > 0 {
			list.Add(faint(fmt.Sprintf("… and %d groups more", n)))
		}
	}
	if strangers := d.Analysis.Strangers(len(d.Sample.Rows)); len(strangers) > 0 {
		f.some(list, "PICTURES UNLIKE ALL OTHERS, BY THE NETWORK'S FEATURES", "pictures unlike all others", strangers, "")
	}
}

// faint is wrapped text of less weight, small the text of a cell.
func faint(text string) *widget.Label {
	l := wrapped(visible.Text(text))
	l.Importance = widget.LowImportance
	return l
}

func small(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// tapText is text that does something when it is clicked.
type tapText struct {
	widget.Label
	tapped func()
}

func newTapText(text string, tapped func()) *tapText {
	t := &tapText{tapped: tapped}
	t.ExtendBaseWidget(t)
	t.Wrapping = fyne.TextWrapWord
	t.SetText(text)
	return t
}

// Tapped implements fyne.Tappable.
func (t *tapText) Tapped(*fyne.PointEvent) { t.tapped() }

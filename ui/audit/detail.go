package audit

import (
	"fmt"
	"image"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/visible"
	"picasso/ui/control/survey"
	"picasso/ui/report/digest"
	"picasso/ui/widgets"
	"picasso/visualizers/audit"
)

// detailPane tells about the picture that is chosen.
type detailPane struct {
	w       *Workspace
	box     fyne.CanvasObject
	none    *widget.Label
	some    *fyne.Container
	picture *canvas.Image
	name    *widget.Label
	answer  *widget.Label
	facts   *widget.Label
	explain *widget.Button
	nearest *widget.Button
	alike   *widget.Button
	locate  *widget.Button
	drawn   detailLook
}

// detailLook is what was drawn last.
type detailLook struct {
	serial, row int
	maps        bool
	picture     *image.RGBA
}

func newDetailPane(w *Workspace) *detailPane {
	p := &detailPane{w: w, none: wrapped("Choose a picture to see its map and its row."), name: wrapped(""), answer: wrapped(""), facts: wrapped("")}
	p.none.Importance = widget.LowImportance
	p.answer.TextStyle.Bold = true
	p.answer.SizeName = theme.SizeNameSubHeadingText
	p.picture = &canvas.Image{FillMode: canvas.ImageFillContain}
	p.explain = widget.NewButtonWithIcon("Explain this picture", theme.SearchIcon(), func() { w.s.Explain(w.s.State().Current) })
	p.explain.Importance = widget.HighImportance
	p.nearest = widget.NewButton("The picture with the most similar map", func() { p.goTo(func(s audit.Standing) int { return s.Nearest }) })
	p.alike = widget.NewButton("The most similar picture to the network", func() { p.goTo(func(s audit.Standing) int { return s.Alike }) })
	p.locate = widget.NewButton("Where are the pictures?…", func() {
		w.host.Ask(widgets.Question{Title: "Folder of the pictures of this audit", Folder: true}, w.s.Locate)
	})
	p.some = container.NewVBox(widgets.AtLeast(0, 240, p.picture), p.answer, p.name, p.explain, p.nearest, p.alike, p.facts)
	p.box = container.NewVScroll(container.NewVBox(widgets.Heading("PICTURE"), p.locate, p.none, p.some))
	return p
}

// goTo chooses a picture that the chosen one is like.
func (p *detailPane) goTo(other func(audit.Standing) int) {
	st := p.w.s.State()
	if st.Result == nil || st.Current < 0 {
		return
	}
	if n := other(st.Result.Digest.Analysis.Standing[st.Current]); n >= 0 {
		p.w.s.Select(n)
	}
}

func (p *detailPane) show() {
	st := p.w.s.State()
	chosen := st.Result != nil && st.Current >= 0 && st.Current < len(st.Result.Digest.Sample.Rows)
	widgets.Visible(p.none, !chosen)
	widgets.Visible(p.some, chosen)
	widgets.Visible(p.locate, st.Result != nil && !st.Result.Shows())
	if !chosen {
		p.drawn = detailLook{}
		return
	}
	d, row := st.Result.Digest, st.Current
	now := detailLook{st.Serial, row, p.w.maps, p.w.s.Large(row)}
	bare := now.picture == nil && now.maps && p.w.s.Unshown(row)
	if bare {
		now.picture = p.w.s.Bare(row)
	}
	if now == p.drawn {
		return
	}
	p.drawn = now
	p.picture.Image = nil
	if now.picture != nil {
		m := now.picture
		if now.maps && !bare {
			m = digest.Overlaid(m, d.Sample.Map(row))
		}
		p.picture.Image = m
	}
	p.picture.Refresh()
	p.name.SetText(visible.Text(d.Sample.Rows[row].Path))
	p.say(d, row)
}

// say writes what the row says.
func (p *detailPane) say(d *digest.Digest, row int) {
	r := d.Sample.Rows[row]
	s := d.Analysis.Standing[row]
	widgets.Visible(p.explain, !p.w.s.Unshown(row))
	widgets.Visible(p.nearest, s.Nearest >= 0)
	widgets.Visible(p.alike, s.Alike >= 0)
	if r.Error != "" {
		p.answer.SetText("No answer")
		p.facts.SetText(visible.Text(r.Error))
		return
	}
	p.answer.SetText(visible.Text(fmt.Sprintf("%s  %.3f", r.Name, float64(r.Probability))))
	var lines string
	for c := survey.Label; c < survey.Columns; c++ {
		if text := p.w.s.Cell(row, c); text != "" {
			lines += fmt.Sprintf("%s: %s\n", long[c], visible.Text(text))
		}
	}
	lines += fmt.Sprintf("Runner-up: %s, %s behind\n", visible.Text(d.ClassName(r.RunnerUp)), r.Margin.Short())
	if v := audit.Number(s.Similarity); v == v {
		lines += fmt.Sprintf("Features, most similar picture: %s (cosine)\n", v.Short())
	}
	if v := audit.Number(s.Apart); v == v {
		lines += fmt.Sprintf("Features, distance from others: %s× the usual\n", v.Short())
	}
	if v := r.RegionLift; v == v {
		lines += fmt.Sprintf("In its mask: %s× its area\n", v.Short())
	}
	if len(r.Properties) == len(audit.Properties) {
		for k, q := range audit.Properties {
			if text := plain(r.Properties.At(k)); text != "" {
				lines += fmt.Sprintf("%s%s: %s\n", strings.ToUpper(q.Title[:1]), q.Title[1:], text)
			}
		}
	}
	p.facts.SetText(lines)
}

// plain is a number without an exponent: whole, or with three digits behind the point.
func plain(n audit.Number) string {
	v := float64(n)
	switch {
	case math.IsNaN(v):
		return ""
	case v == math.Trunc(v):
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

// long are the names of the columns where there is room for them.
var long = [survey.Columns]string{"Picture", "Answer", "Probability", "Label", "The answer is", "Way of deciding", "Map in the upper third", "Map in the lower third", "Map at the border", "Map in a corner", "Focus of the map"}

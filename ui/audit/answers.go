package audit

import (
	"fmt"
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/visible"
	"picasso/ui/report/digest"
	"picasso/ui/widgets"
	"picasso/visualizers/audit/performance"
	"picasso/visualizers/render/plate"
)

// answers shows how good the answers are, by the labels.
type answers struct {
	w      *Workspace
	box    *container.Scroll
	serial int
	ink    color.Color
}

func newAnswers(w *Workspace) *answers {
	return &answers{w: w, box: container.NewVScroll(container.NewVBox()), serial: -1}
}

func (p *answers) object() fyne.CanvasObject { return p.box }

func (p *answers) show() {
	st := p.w.s.State()
	if ink := theme.Color(theme.ColorNameForeground); p.serial != st.Serial || p.ink != ink {
		p.serial, p.ink = st.Serial, ink
		p.build(st.Result.Digest)
	}
}

func (p *answers) build(d *digest.Digest) {
	list := container.NewVBox()
	if d.Judged == nil {
		list.Add(wrapped("This audit has no labels: a new one may have some. Folders that are named after classes are labels, too."))
	} else {
		p.judged(list, d)
	}
	p.box.Content = widgets.Roomy(list)
	p.box.Refresh()
	p.box.ScrollToTop()
}

func (p *answers) judged(list *fyne.Container, d *digest.Digest) {
	j := d.Judged
	a := j.Accuracy
	c := d.Truth.Counts
	title := wrapped(fmt.Sprintf("%.0f %% right (%d of %d; %.0f to %.0f %%)", 100*a.Share(), a.Hits, a.Of, 100*a.Low, 100*a.High))
	title.TextStyle.Bold = true
	list.Add(title)
	text := fmt.Sprintf("Labels: %s; %d pictures have one, %d have none, %d labels have no picture.", d.Truth.Form, c.Matched, c.WithoutLabel, c.WithoutItem)
	if which := c.Strangers(); which != "" {
		text += " " + which + "."
	}
	list.Add(faint(text))
	p.confusions(list, d)
	p.classes(list, d)
	list.Add(widgets.Heading("CALIBRATION"))
	list.Add(wrapped(fmt.Sprintf("Expected calibration error %.3f, Brier score %.3f.", j.CalibrationError, j.Brier)))
	for _, w := range j.Warnings {
		list.Add(faint(w))
	}
	list.Add(chart(digest.ReliabilityChart(j.Reliability, inks())))
	p.curves(list, d)
}

// mostShown is the number of classes up to which a matrix fits a window; of larger
// ones the most frequent confusions are listed.
const mostShown = 12

// confusions is the matrix, whose cells show their pictures.
func (p *answers) confusions(list *fyne.Container, d *digest.Digest) {
	j := d.Judged
	if !d.Truth.Exclusive {
		return
	}
	list.Add(widgets.Heading("CONFUSIONS"))
	if j.Confusion == nil || len(j.Classes) > mostShown {
		for _, q := range j.Pairs {
			title := fmt.Sprintf("%s, called %s", visible.Text(d.ClassName(q.Label)), visible.Text(d.ClassName(q.Answer)))
			list.Add(container.NewBorder(nil, nil, nil, p.cell(d, q.Label, q.Answer, q.Count), small(title)))
		}
		return
	}
	list.Add(faint("Labels in rows, answers in columns. A number shows its pictures."))
	grid := container.NewGridWithColumns(len(j.Classes)+1, small(""))
	for _, c := range j.Classes {
		grid.Add(small(visible.Text(d.ClassName(c.Class))))
	}
	for i, c := range j.Classes {
		grid.Add(small(visible.Text(d.ClassName(c.Class))))
		for k, n := range j.Confusion[i] {
			grid.Add(p.cell(d, c.Class, j.Classes[k].Class, n))
		}
	}
	list.Add(grid)
}

// cell is a number of the matrix.
func (p *answers) cell(d *digest.Digest, label, answer, n int) fyne.CanvasObject {
	b := widget.NewButton(fmt.Sprint(n), func() {
		p.w.look(fmt.Sprintf("%s, called %s", visible.Text(d.ClassName(label)), visible.Text(d.ClassName(answer))), d.Confused(label, answer))
	})
	if n == 0 {
		b.Disable()
	}
	b.Importance = widget.LowImportance
	if label != answer && n > 0 {
		b.Importance = widget.DangerImportance
	}
	return b
}

// classes are precision, recall and F1 of every class.
func (p *answers) classes(list *fyne.Container, d *digest.Digest) {
	list.Add(widgets.Heading("CLASSES"))
	grid := container.NewGridWithColumns(6, small("class"), small("pictures"), small("precision"), small("recall"), small("F1"), small("AUROC"))
	shown := d.Judged.Classes[:min(len(d.Judged.Classes), performance.MostConfusions)]
	for _, c := range shown {
		auroc := "–"
		if c.Curve != nil {
			auroc = fmt.Sprintf("%.3f", c.Curve.AUROC)
		}
		for _, text := range []string{visible.Text(d.ClassName(c.Class)), fmt.Sprint(c.Support), percent(c.Precision.Share()), percent(c.Recall.Share()), two(c.F1), auroc} {
			grid.Add(small(text))
		}
	}
	list.Add(grid)
	if n := len(d.Judged.Classes) - len(shown); n > 0 {
		list.Add(faint(fmt.Sprintf("… and %d classes more, in audit.json", n)))
	}
}

// curves are the receiver operating characteristics of one class at a time.
func (p *answers) curves(list *fyne.Container, d *digest.Digest) {
	var names []string
	var with []performance.Class
	for _, c := range d.Judged.Classes {
		if c.Curve != nil {
			names, with = append(names, visible.Text(d.ClassName(c.Class))), append(with, c)
		}
	}
	if len(with) == 0 {
		return
	}
	list.Add(widgets.Heading("ONE CLASS AGAINST THE REST"))
	place, said := container.NewStack(), wrapped("")
	class := widgets.NewSelect(names, nil)
	class.OnChanged = func(string) {
		c := with[class.SelectedIndex()].Curve
		place.Objects = []fyne.CanvasObject{chart(digest.CurveChart(c, inks()))}
		place.Refresh()
		said.SetText(fmt.Sprintf("AUROC %.3f, average precision %.3f. Youden's index is best at %.3f, F1 at %.3f; at 0.5 the sensitivity is %.2f and the specificity %.2f.",
			c.AUROC, c.AveragePrecision, c.Youden.Value, c.BestF1.Value, c.Half.Sensitivity, c.Half.Specificity))
	}
	list.Add(class)
	list.Add(place)
	list.Add(said)
	class.SetSelectedIndex(0)
}

// inks are the colours of charts in this theme.
func inks() digest.Inks {
	of := func(name fyne.ThemeColorName) color.NRGBA {
		return color.NRGBAModel.Convert(theme.Color(name)).(color.NRGBA)
	}
	return digest.Inks{Ground: of(theme.ColorNameBackground), Ink: of(theme.ColorNameForeground), Faint: of(theme.ColorNamePlaceHolder), Line: groupInks[0]}
}

// chart draws a plate in the window.
func chart(p *plate.Plate) fyne.CanvasObject {
	r := canvas.NewRaster(func(w, h int) image.Image {
		m, err := p.Image(float64(w) / p.Width)
		if err != nil {
			return image.NewRGBA(image.Rect(0, 0, w, h))
		}
		return m
	})
	r.SetMinSize(fyne.NewSize(float32(p.Width), float32(p.Height)))
	return container.NewHBox(r)
}

func percent(share float64) string {
	if share != share {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}

func two(v float64) string {
	if v != v {
		return "–"
	}
	return fmt.Sprintf("%.2f", v)
}

package compare

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/ui/control"
	"picasso/ui/control/comparison"
	"picasso/ui/viewer"
	"picasso/ui/widgets"
	"picasso/ui/words"
	"picasso/visualizers"
	"picasso/visualizers/compare"
	"picasso/visualizers/trust"
	"picasso/visualizers/trust/similarity"
)

// choicePane says how far the methods agree, and chooses methods and classes.
type choicePane struct {
	host     Host
	c        *control.Controller
	m        *comparison.Controller
	box      fyne.CanvasObject
	column   *fyne.Container
	about    *widget.Label
	spearman *matrix
	iou      *matrix
	note     *widget.Label
	tables   *fyne.Container
	best     *widgets.Select
	bars     *viewer.Bars
	room     *fyne.Container // of bars
	methods  *fyne.Container
	checks   map[*control.Panel]*widget.Check
	unfit    *widget.Label
	mute     bool
	drawn    *comparison.Sheet
	agreed   []compare.Pair
	panels   []*control.Panel // of checks
	model    control.Model
}

// chosenClasses stands for classes that the user chose.
const chosenClasses = "chosen classes"

func newChoicePane(h Host, c *control.Controller, m *comparison.Controller) *choicePane {
	p := &choicePane{host: h, c: c, m: m, about: widgets.Heading("AGREEMENT"), spearman: newMatrix(h.Hint), iou: newMatrix(h.Hint),
		note: widgets.Faint(""), bars: viewer.NewBars(), methods: container.NewVBox(), unfit: widgets.Faint("")}
	p.about.Truncation = fyne.TextTruncateEllipsis
	p.note.Wrapping, p.unfit.Wrapping = fyne.TextWrapWord, fyne.TextWrapWord
	p.best = widgets.NewSelect(nil, func(text string) {
		if i := slices.Index(p.best.Options, text); !p.mute && text != chosenClasses {
			m.SetBest(i + 1)
		}
		h.Unfocus()
	})
	p.bars.OnSelect = func(class int) {
		if !m.ToggleClass(class) {
			h.Hint(fmt.Sprintf("A comparison is of one to %d classes.", comparison.MostClasses))
		}
	}
	p.tables = container.NewVBox(widgets.Faint("Order of places (Spearman, with sign)"), p.spearman,
		widgets.Faint("Greatest tenths in common (IoU)"), p.iou)
	p.room = widgets.AtLeast(0, classRoom, p.bars)
	p.column = container.NewVBox(
		p.about, p.tables, p.note, widget.NewSeparator(),
		widgets.Heading("CLASSES"), p.best, p.room, widget.NewSeparator(),
		widgets.Heading("METHODS, WITH THEIR PRESENT SETTINGS"), p.methods, p.unfit)
	p.box = container.NewVScroll(widgets.Roomy(p.column))
	return p
}

// classRoom is the height of the list of classes.
const classRoom = 190

func bestOf(n int) string {
	if n == 1 {
		return "the best class"
	}
	return fmt.Sprintf("the %d best classes", n)
}

func (p *choicePane) show() {
	p.mute = true
	defer func() { p.mute = false }()
	s := p.m.Sheet()
	p.showAgreement(s)
	p.showClasses(s)
	p.showMethods()
}

// showAgreement draws the tables of the class in focus.
func (p *choicePane) showAgreement(s *comparison.Sheet) {
	if s == nil || len(s.Agreement) == 0 {
		p.agreed = nil
		p.tables.Hide()
		p.about.SetText("AGREEMENT")
		p.note.SetText("How far the methods agree appears here once two maps of a class are there.")
		return
	}
	p.about.SetText("AGREEMENT ABOUT " + strings.ToUpper(p.c.State().Model.ClassName(s.Classes[s.Focus])))
	if slices.Equal(p.agreed, s.Agreement) && p.tables.Visible() {
		return
	}
	p.agreed = s.Agreement
	var numbers []int
	var titles []string
	for i, row := range s.Rows {
		if slices.Contains(s.Agreeing, row.Panel.Info.ID) {
			numbers, titles = append(numbers, i+1), append(titles, row.Panel.Info.Title)
		}
	}
	p.spearman.set(compare.Matrix(s.Agreeing, s.Agreement, func(q compare.Pair) trust.Number { return q.Spearman }), numbers, titles)
	p.iou.set(compare.Matrix(s.Agreeing, s.Agreement, func(q compare.Pair) trust.Number { return q.IoU }), numbers, titles)
	p.tables.Show()
	p.column.Refresh() // the tables take another height
	cells := "16 × 16 cells"
	if m := p.c.State().Model; m != nil && visualizers.DepthOf(m) > 0 {
		cells = "16 × 16 × 16 cells of the whole volume, whichever slice is shown"
	}
	p.note.SetText(fmt.Sprintf("Measured on at most %s; maps with nothing in common reach an IoU of about %.2f. That methods agree does not make them right.",
		cells, similarity.ChanceIoU(similarity.TopShare)))
}

// showClasses lists the classes; those that are explained have a mark.
func (p *choicePane) showClasses(s *comparison.Sheet) {
	most := comparison.MostClasses
	if model := p.c.State().Model; model != nil {
		most = min(most, model.Classes())
	}
	var options []string
	for i := range most {
		options = append(options, bestOf(i+1))
	}
	n := min(p.m.Best(), most)
	if n == 0 {
		options = append(options, chosenClasses)
	}
	p.best.Options = options
	if n == 0 {
		p.best.SetSelected(chosenClasses)
	} else {
		p.best.SetSelected(bestOf(n))
	}
	if s == nil {
		p.drawn = nil
		p.bars.SetItems(nil)
		return
	}
	if s == p.drawn {
		return
	}
	p.drawn = s
	const mostItems = 1000
	var items []viewer.Item
	for _, class := range s.Look.Ranked[:min(mostItems, len(s.Look.Ranked))] {
		v := float64(class.Probability)
		mark := "○ "
		if slices.Contains(s.Classes, class.Index) {
			mark = "● "
		}
		items = append(items, viewer.Item{Index: class.Index, Name: mark + class.Name, Share: min(max(v, 0), 1), Text: words.Score(v, 0)})
	}
	p.bars.SetItems(items)
}

// showMethods lists the methods that suit the model.
func (p *choicePane) showMethods() {
	offered := p.m.Offered()
	if model := p.c.State().Model; p.model != model || !slices.Equal(p.panels, offered) {
		p.model, p.panels = model, offered
		p.listMethods(offered)
	}
	for panel, check := range p.checks {
		check.SetChecked(p.m.Chosen(panel))
	}
}

// listMethods makes a box to tick for each method, by their families.
func (p *choicePane) listMethods(offered []*control.Panel) {
	p.methods.Objects, p.checks = nil, map[*control.Panel]*widget.Check{}
	family, without := visualizers.Group("?"), 0
	for _, panel := range offered {
		if p.m.Unable(panel) != nil {
			without++
			continue
		}
		if panel.Info.Group != family {
			family = panel.Info.Group
			title := family.Title()
			if !slices.Contains(visualizers.Groups(), family) {
				title = visualizers.Yours.Title()
			}
			p.methods.Add(widgets.Faint(title))
		}
		check := widget.NewCheck(panel.Info.Title, nil)
		check.OnChanged = func(on bool) {
			if p.mute {
				return
			}
			if !p.m.Choose(panel, on) {
				p.host.Hint(fmt.Sprintf("A comparison is of one to %d methods.", comparison.MostMethods))
				check.SetChecked(!on)
			}
			p.host.Unfocus()
		}
		p.checks[panel] = check
		p.methods.Add(check)
	}
	text := ""
	if without > 0 {
		text = words.Count(without, "method does not suit this model; its tab says why.", "methods do not suit this model; their tabs say why.")
	}
	p.unfit.SetText(text)
	widgets.Visible(p.unfit, text != "")
	p.methods.Refresh()
}

package audit

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"picasso/backend/visible"
	"picasso/ui/control/survey"
	"picasso/ui/widgets"
)

// eachAnswer is the choice of the class that the model says of each picture.
const eachAnswer = "The answer to each picture"

// mostListedClasses is how many classes a list is of use for; of more, one is typed.
const mostListedClasses = 200

// classChoice asks which class is explained.
type classChoice struct {
	s     *survey.Controller
	list  *widgets.Select
	entry *widgets.Entry
	fault *widget.Label
	box   *fyne.Container
}

func newClassChoice(h Host, s *survey.Controller) *classChoice {
	c := &classChoice{s: s, fault: wrapped("")}
	choose := func(class string) {
		if class != s.State().Setup.Class {
			s.Choose(func(now *survey.Setup) { now.Class = class })
		}
	}
	c.list = widgets.NewSelect(nil, func(text string) {
		if k := slices.Index(c.list.Options, text); k >= 0 {
			choose(s.ClassAt(k - 1))
		}
	})
	c.entry = widgets.NewEntry(h.Unfocus)
	c.entry.SetPlaceHolder(eachAnswer + "; or the name or number of a class")
	c.entry.OnChanged = choose
	c.fault.Importance = widget.WarningImportance
	c.box = container.NewVBox(c.list, c.entry, c.fault)
	return c
}

func (c *classChoice) show() {
	st := c.s.State()
	few := len(st.Classes) <= mostListedClasses
	widgets.Visible(c.list, few)
	widgets.Visible(c.entry, !few)
	fault := c.s.ClassFault()
	c.fault.SetText(fault)
	widgets.Visible(c.fault, fault != "")
	if !few {
		if c.entry.Text != st.Setup.Class {
			c.entry.SetText(st.Setup.Class)
		}
		return
	}
	options := []string{eachAnswer}
	for _, name := range st.Classes {
		options = append(options, visible.Text(name))
	}
	chosen := options[c.s.ClassNumber()+1]
	if c.list.Selected != chosen || !slices.Equal(c.list.Options, options) {
		c.list.Options, c.list.Selected = options, chosen
		c.list.Refresh()
	}
}

// labelReading asks how labels of a file are read: those that leave something open, and
// those that the model calls otherwise.
type labelReading struct {
	s                *survey.Controller
	uncertain, blank *widgets.Select
	renamed          *widgets.Entry
	fault            *widget.Label
	policy           fyne.CanvasObject
	box              *fyne.Container
}

// readings are what may be made of uncertain and of blank labels, with the words of a
// policy.
var (
	uncertainReadings = []reading{{"Left out", "ignore"}, {"The class is there", "one"}, {"The class is not there", "zero"}}
	blankReadings     = []reading{{"The class is not there", "zero"}, {"Left out", "ignore"}}
)

type reading struct{ title, id string }

func newLabelReading(h Host, s *survey.Controller) *labelReading {
	r := &labelReading{s: s, fault: wrapped("")}
	choice := func(list []reading, use func(now *survey.Setup, id string)) *widgets.Select {
		var titles []string
		for _, o := range list {
			titles = append(titles, o.title)
		}
		return widgets.NewSelect(titles, func(title string) {
			for _, o := range list {
				if o.title == title {
					s.Choose(func(now *survey.Setup) { use(now, o.id) })
				}
			}
		})
	}
	r.uncertain = choice(uncertainReadings, func(now *survey.Setup, id string) { now.Policy.Uncertain = id })
	r.blank = choice(blankReadings, func(now *survey.Setup, id string) { now.Policy.Blank = id })
	r.renamed = widgets.NewEntry(h.Unfocus)
	r.renamed.MultiLine = true
	r.renamed.SetMinRowsVisible(2)
	r.renamed.SetPlaceHolder("label=class, one a line")
	r.renamed.OnChanged = func(text string) {
		if !slices.Equal(pairs(text), s.State().Setup.Renamed) {
			s.Choose(func(now *survey.Setup) { now.Renamed = pairs(text) })
		}
	}
	r.fault.Importance = widget.WarningImportance
	r.policy = container.NewGridWithColumns(2, small("Uncertain labels (−1)"), r.uncertain, small("Empty cells"), r.blank)
	r.box = container.NewVBox(r.policy, faint("Labels that the model calls otherwise:"), r.renamed, r.fault)
	return r
}

// pairs are the lines of a text that are not empty.
func pairs(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

func (r *labelReading) show() {
	setup := r.s.State().Setup
	widgets.Visible(r.box, setup.Labels != "")
	widgets.Visible(r.policy, setup.Labels != survey.ByFolder)
	mark := func(s *widgets.Select, list []reading, id string) {
		for _, o := range list {
			if o.id == id && s.Selected != o.title {
				s.Selected = o.title
				s.Refresh()
			}
		}
	}
	mark(r.uncertain, uncertainReadings, setup.Policy.Uncertain)
	mark(r.blank, blankReadings, setup.Policy.Blank)
	if !slices.Equal(pairs(r.renamed.Text), setup.Renamed) {
		r.renamed.SetText(strings.Join(setup.Renamed, "\n"))
	}
	fault := r.s.RenamedFault()
	r.fault.SetText(fault)
	widgets.Visible(r.fault, fault != "")
}

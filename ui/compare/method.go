package compare

import (
	"slices"

	"picasso/ui/control"
	"picasso/ui/control/comparison"
	"picasso/ui/widgets"
)

// methodChoice chooses the one method of a view, among those that suit the model. All
// views have the same.
type methodChoice struct {
	m      *comparison.Controller
	choice *widgets.Select
	panels []*control.Panel // of choice
	mute   bool
}

func newMethodChoice(h Host, m *comparison.Controller) *methodChoice {
	p := &methodChoice{m: m}
	p.choice = widgets.NewSelect(nil, func(string) {
		if i := p.choice.SelectedIndex(); !p.mute && i >= 0 && i < len(p.panels) {
			m.SetMethod(p.panels[i])
		}
		h.Unfocus()
	})
	return p
}

// show lists the methods and marks the chosen one.
func (p *methodChoice) show() {
	p.mute = true
	defer func() { p.mute = false }()
	var panels []*control.Panel
	var titles []string
	for _, one := range p.m.Offered() {
		if p.m.Unable(one) == nil {
			panels, titles = append(panels, one), append(titles, one.Info.Title)
		}
	}
	if !slices.Equal(panels, p.panels) {
		p.panels, p.choice.Options = panels, titles
	}
	if i := slices.Index(panels, p.m.Method()); i >= 0 && i != p.choice.SelectedIndex() {
		p.choice.SetSelectedIndex(i)
	}
}

// step chooses a neighbouring method.
func (p *methodChoice) step(n int) {
	if i := slices.Index(p.panels, p.m.Method()); i >= 0 {
		p.m.SetMethod(p.panels[(i+n+len(p.panels))%len(p.panels)])
	}
}

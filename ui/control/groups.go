package control

import (
	"slices"

	"picasso/visualizers"
)

// Group is a family of methods that has some, with its panels.
type Group struct {
	Family visualizers.Group
	Tabs   []int // indices into State.Panels, in their order; never empty
}

// Groups are the families that have methods, in the order of the window.
func (s *State) Groups() []Group {
	var list []Group
	for _, family := range visualizers.Groups() {
		g := Group{Family: family}
		for i, p := range s.Panels {
			if familyOf(p) == family {
				g.Tabs = append(g.Tabs, i)
			}
		}
		if len(g.Tabs) > 0 {
			list = append(list, g)
		}
	}
	return list
}

// Family is the group of the current panel.
func (s *State) Family() visualizers.Group { return familyOf(s.Panel()) }

// familyOf is the group of a panel; a method that names none is the user's own.
func familyOf(p *Panel) visualizers.Group {
	if slices.Contains(visualizers.Groups(), p.Info.Group) {
		return p.Info.Group
	}
	return visualizers.Yours
}

// TabIn is the method of a group to show when the group is chosen: the last
// one the user looked at, else the first that suits the model.
func (c *Controller) TabIn(g Group) int {
	last := c.settings.Methods[string(g.Family)]
	for _, i := range g.Tabs {
		if c.state.Panels[i].Info.ID == last {
			return i
		}
	}
	for _, i := range g.Tabs {
		if c.state.Model == nil || !c.state.Panels[i].barred(c.state.Model) {
			return i
		}
	}
	return g.Tabs[0]
}

// remember keeps the current panel for the next start, and for its group.
func (c *Controller) remember() {
	p := c.state.Panel()
	c.settings.Tab = p.Info.ID
	if c.settings.Methods == nil {
		c.settings.Methods = map[string]string{}
	}
	c.settings.Methods[string(familyOf(p))] = p.Info.ID
}

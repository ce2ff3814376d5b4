package control

import (
	"slices"

	"picasso/ui/control/intake"
	"picasso/visualizers"
)

// SetScripts makes list the visualizers after the built-in ones, for methods
// that come, go and change while the program runs. A visualizer is known by
// its id: it keeps the values that still suit it and the way it is drawn. One
// whose method changed ([visualizers.Versioned]) runs again if its tab is open.
func (c *Controller) SetScripts(list []visualizers.Visualizer) {
	before := c.state.Panel()
	panels := slices.Clone(c.state.Panels[:c.builtin])
	for _, v := range list {
		panels = append(panels, c.renewed(c.state.Panels[c.builtin:], v))
	}
	named := slices.IndexFunc(panels, func(p *Panel) bool { return p.Info.ID == c.settings.Tab })
	stays := slices.Contains(panels, before) && (named < 0 || panels[named] == before)
	if !stays {
		c.pauseRun()
		c.clearProbe()
	}
	c.state.Panels = panels
	if stays {
		c.state.Tab = slices.Index(panels, before)
	} else {
		c.state.Tab = c.tabOf(c.settings.Tab)
	}
	if c.running != nil {
		c.running.index = c.state.Tab
	}
	c.dropGrid(panels)
	c.changed(PanelsChanged)
	if !stays {
		c.followScore()
		c.refresh(0)
	}
}

// dropGrid closes a results table whose visualizer was removed or replaced.
func (c *Controller) dropGrid(panels []*Panel) {
	if g := c.state.Grid; g != nil && !slices.Contains(panels, g.Panel) {
		c.filling.Stop()
		c.state.Grid = nil
		c.changed(GridChanged)
	}
}

// renewed is the panel of v: the one it has already, or a new one in its place.
func (c *Controller) renewed(old []*Panel, v visualizers.Visualizer) *Panel {
	i := slices.IndexFunc(old, func(p *Panel) bool { return p.Info.ID == v.Info().ID })
	if i >= 0 && methodVersion(old[i].Visualizer) == methodVersion(v) {
		return old[i]
	}
	fresh := newPanel(v, c.settings)
	if c.state.Model != nil {
		fresh.adopt(c.state.Model)
	}
	if i >= 0 { // what the old text found stays in view until the new one has run
		p := old[i]
		fresh.Display, fresh.Result, fresh.Map, fresh.look, fresh.Stale = p.Display, p.Result, p.Map, p.look, p.Result != nil
	}
	return fresh
}

func methodVersion(v visualizers.Visualizer) string {
	if v, ok := v.(visualizers.Versioned); ok {
		return v.Version()
	}
	return ""
}

// TellOf shows a notice about a script instead of earlier ones about it.
func (c *Controller) TellOf(script string, n Notice) {
	c.ForgetScript(script)
	n.Script = script
	c.lasting(n)
}

// ForgetScript removes the notices about a script, for one that was mended.
func (c *Controller) ForgetScript(script string) {
	c.forget(func(n *Notice) bool { return n.Script == script })
}

// takeScripts hands dropped scripts on.
func (c *Controller) takeScripts(d *intake.Dropped) {
	if len(d.Scripts) > 0 && c.scripts != nil {
		c.scripts(d.Scripts)
		return
	}
	for _, path := range d.Scripts {
		d.Problems = append(d.Problems, &intake.FileError{Path: path, Reason: "is a visualizer, but there is no folder for visualizers"})
	}
	d.Scripts = nil
}

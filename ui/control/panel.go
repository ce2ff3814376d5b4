package control

import (
	"fmt"
	"maps"
	"picasso/backend/score"
	"slices"
	"strings"

	"picasso/ui/control/intake"
	"picasso/ui/control/settings"
	"picasso/ui/drawing"
	"picasso/visualizers"
)

func newPanel(v visualizers.Visualizer, s *settings.Settings) *Panel {
	info := v.Info()
	p := &Panel{Visualizer: v, Info: info, Settings: v.Settings(), Display: drawing.Default(info)}
	if d, ok := s.Display[info.ID]; ok && d.Valid() {
		p.Display = d
	}
	p.changed = maps.Clone(s.Values[info.ID])
	if p.changed == nil {
		p.changed = map[string]string{}
	}
	p.Values = p.valuesFor(nil)
	return p
}

// adopt fits the panel to a new model: the user's own values stay where they
// suit it, all others follow the model's defaults.
func (p *Panel) adopt(m Model) {
	p.Values = p.valuesFor(m)
	p.Status, p.Result, p.Map, p.look, p.key, p.Err, p.windows = Empty, nil, nil, nil, "", nil, false
	p.Stale, p.Doubt = false, ""
	p.Display.Locked = nil
	if m != nil {
		p.Err = suits(p.Visualizer, m)
	}
	if p.Err != nil {
		p.Status = Failed
	}
}

// Barred reports whether this model cannot be explained this way at all; Err
// says why.
func (p *Panel) barred(m Model) bool {
	return suits(p.Visualizer, m) != nil
}

// valuesFor are the defaults for m, which may be nil, with the user's changes.
func (p *Panel) valuesFor(m Model) visualizers.Values {
	values := visualizers.Values{}
	var subject visualizers.Subject
	if m != nil {
		subject = m
	}
	for _, set := range p.Settings {
		values[set.Key()] = set.Initial(subject)
		text, ok := p.changed[set.Key()]
		if !ok {
			continue
		}
		if v, err := recall(set, subject, text); err == nil && fits(set, subject, v) == nil {
			values[set.Key()] = v
		}
	}
	return values
}

// keep writes a value as it is remembered, for this model and the next ones.
func keep(set visualizers.Setting, s visualizers.Subject, v any) string {
	if scaled, ok := set.(visualizers.Scaled); ok {
		return scaled.Keep(s, v)
	}
	return set.Format(v)
}

func recall(set visualizers.Setting, s visualizers.Subject, text string) (any, error) {
	if scaled, ok := set.(visualizers.Scaled); ok {
		return scaled.Recall(s, text)
	}
	return set.Parse(text)
}

func fits(set visualizers.Setting, s visualizers.Subject, v any) error {
	if err := set.Check(v); err != nil {
		return err
	}
	if f, ok := set.(visualizers.Fitted); ok && s != nil {
		return f.CheckFor(s, v)
	}
	return nil
}

// setting finds a setting by key.
func (p *Panel) setting(key string) (visualizers.Setting, error) {
	for _, s := range p.Settings {
		if s.Key() == key {
			return s, nil
		}
	}
	return nil, fmt.Errorf("%s has no setting %q", p.Info.ID, key)
}

// runKey names a run: everything its result depends on but the target.
func (c *Controller) runKey(p *Panel, f frame) string { return c.keyOf(f, p.way()) }

// keyOf is runKey for a way to explain, as [Panel.way] has it. Slices of which all have the
// same block have one run.
func (c *Controller) keyOf(f frame, way string) string {
	if c.oneBlock {
		f.slice, f.aim = 0, aim{}
	}
	return fmt.Sprintf("%d/%d.%d.%d.%v.%t.%d/%s", c.serial, f.picture, f.volume, f.slice, f.aim, f.uptake, f.altered, way)
}

// way names how the panel explains, whatever the picture.
func (p *Panel) way() string {
	var b strings.Builder
	b.WriteString(p.Info.ID)
	if v, ok := p.Visualizer.(visualizers.Versioned); ok {
		fmt.Fprintf(&b, "@%s", v.Version())
	}
	texts := visualizers.FormatValues(p.Visualizer, p.Values)
	for _, k := range slices.Sorted(maps.Keys(texts)) {
		fmt.Fprintf(&b, "/%s=%s", k, texts[k])
	}
	return b.String()
}

func targetKey(key string, t score.Target) string { return fmt.Sprintf("%s→%+v", key, t) }

// free reports whether r serves every target: it holds the evidence, or does
// not depend on the target.
func free(r visualizers.Result) bool {
	return r.Patches != nil || len(r.Maps) == 0 && len(r.Parts) == 0
}

// mapless reports whether r has nothing to lay over the picture, for any target.
func mapless(r visualizers.Result) bool { return r.Patches == nil && len(r.Maps) == 0 }

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

// Alternatives are the tabs that can explain the open model where the present
// one cannot, in the order of the tabs. Those without settings draw no map and
// explain nothing.
func (c *Controller) Alternatives() []int {
	if c.state.Model == nil {
		return nil
	}
	var tabs []int
	for i, p := range c.state.Panels {
		if i != c.state.Tab && len(p.Settings) > 0 && !p.barred(c.state.Model) {
			tabs = append(tabs, i)
		}
	}
	return tabs
}

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
	c.rested = nil
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

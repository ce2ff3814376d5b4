package control

import (
	"fmt"
	"path/filepath"
	"reflect"

	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/ui/control/kept"
	"picasso/visualizers"
)

// SetLabels names the classes of the open model by a file. Names that do not fit
// leave everything as it was; those that do are used whenever the model is opened.
func (c *Controller) SetLabels(path string) {
	doing := "use the labels in " + base(path)
	path, err := filepath.Abs(path)
	if err == nil {
		err = c.Choose(metadata.Choices{LabelFile: path})
	}
	if err == nil && c.state.Opening == nil { // else once the model is opened with them
		c.keepLabels(path)
	}
	c.fail(doing, err)
}

// namesOnly reports a choice that says nothing but how classes are called.
func namesOnly(choices metadata.Choices) bool {
	if choices.Labels == nil && choices.LabelFile == "" {
		return false
	}
	choices.Labels, choices.LabelFile = nil, ""
	return reflect.DeepEqual(choices, metadata.Choices{})
}

// rename calls the classes otherwise. What the model answered and what methods
// found stays; its words change.
func (c *Controller) rename(a Adjustable, card metadata.Card) error {
	m := c.state.Model
	before := visualizers.NamingOf(m)
	if err := a.Use(card); err != nil {
		return err
	}
	words := before.To(visualizers.NamingOf(m))
	c.state.About = m.About()
	c.renameAnswers(m)
	c.learnLabels()
	c.truth.source = nil // what it says is read in the model's words
	c.label()
	c.results.Rewrite(words.Result)
	for i, p := range c.state.Panels {
		if p.Result != nil {
			r := words.Result(*p.Result)
			p.Result = &r
			c.redraw(p)
		}
		c.emit(Event{PanelChanged, i})
	}
	if run := c.running; run != nil { // it may have begun with the former names
		run.words = append(run.words, words)
	}
	c.rested = nil // with the former names
	if g := c.state.Grid; g != nil {
		for _, row := range g.Rows {
			renamed(row.Classes, m)
		}
		g.maps.Rewrite(func(maps []*kept.Map) []*kept.Map {
			out := make([]*kept.Map, len(maps))
			for i, m := range maps {
				if m != nil {
					now := m.Worded(words.Map)
					out[i] = &now
				}
			}
			return out
		})
		g.Named++
		c.changed(GridChanged)
	}
	c.changed(ModelChanged)
	c.listChanged()
	c.changed(LookChanged)
	c.changed(TargetChanged)
	c.renameWordsAlone()
	return nil
}

// renameAnswers calls the classes of all answers by the names of m.
func (c *Controller) renameAnswers(m Model) {
	for _, k := range c.looks.list {
		renamed(k.Ranked, m)
	}
	if k := c.state.Look; k != nil {
		renamed(k.Ranked, m)
	}
	if probe := c.state.Probe; probe != nil {
		renamed(probe.Ranked, m)
	}
	for _, p := range c.state.Images {
		renamed(p.Best, m)
	}
}

// renamed writes the names of m into classes.
func renamed(classes []score.Class, m Model) {
	for i := range classes {
		classes[i].Name = m.ClassName(classes[i].Index)
	}
}

// renameWordsAlone asks the current method again where it only words the model's
// answer, in bare names that nobody can tell from other words. It runs no model.
func (c *Controller) renameWordsAlone() {
	p := c.state.Panel()
	if p.Result == nil || p.Result.Passes > 0 || len(p.Result.Maps) > 0 || len(p.Result.Parts) > 0 {
		return
	}
	c.results.Remove(p.key)
	p.key = ""
	c.refresh(0)
}

// keepLabels remembers the file with the names of the open model's classes, and
// tells where.
func (c *Controller) keepLabels(path string) {
	about := c.state.About
	text := fmt.Sprintf("The classes are named by %s.", filepath.Base(picture.Said(path)))
	if c.keeps(path) {
		note := c.settings.Models[about.Path]
		note.Labels = path
		c.settings.SetModel(about.Path, note)
		text += " This is remembered for the model in the program's settings. Ctrl+S saves it in a sidecar beside the model, for other programs and machines."
	}
	c.Say(text)
}

// recall adds the names remembered for a model to what it is opened with, unless
// that says other names.
func (c *Controller) recall(path string, opt OpenOptions) OpenOptions {
	labels := c.settings.Models[path].Labels
	if labels == "" || opt.unlabelled != nil || opt.Sidecar != "" || opt.Choices.Labels != nil || opt.Choices.LabelFile != "" {
		return opt
	}
	opt.Choices.LabelFile, opt.recalled = labels, true
	return opt
}

// without are the options without the names that were recalled; err is why.
func (o OpenOptions) without(err error) OpenOptions {
	o.Choices.LabelFile, o.recalled, o.unlabelled = "", false, err
	return o
}

// tellUnlabelled tells that remembered names were of no use, and forgets them.
func (c *Controller) tellUnlabelled(opt OpenOptions) {
	if opt.unlabelled == nil {
		return
	}
	note := c.settings.Models[c.state.About.Path]
	doing := "use the labels in " + base(note.Labels) + ", which were remembered for this model"
	note.Labels = ""
	c.settings.SetModel(c.state.About.Path, note)
	c.fail(doing, opt.unlabelled)
}

// keeps reports whether something may be remembered about the open model that
// names a file: no path in the settings tells who a patient is.
func (c *Controller) keeps(file string) bool {
	path := c.state.About.Path
	return path != "" && !picture.NamesPatient(path) && (file == "" || !picture.NamesPatient(file))
}

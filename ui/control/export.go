package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/files"
	"picasso/backend/metadata"
	"picasso/backend/npy"
	"picasso/backend/picture"
	"picasso/backend/visible"
	"picasso/ui/control/settings"
	"picasso/ui/control/task"
	"picasso/ui/report"
	"picasso/visualizers"
)

// ErrNoMap says that there is nothing to save.
var ErrNoMap = errors.New("this tab does not show a map yet; wait for it, or choose a tab that shows maps")

// ErrOldMap says that what is on the screen belongs to other choices.
var ErrOldMap = errors.New("the map on the screen is of an earlier picture, class or setting; wait for the new one, or compute it again")

// Reported is the current map with its picture as reports tell of it. How it is
// turned, and what was measured, is left to who shows it.
func (c *Controller) Reported() (report.Subject, report.Shown, error) {
	p := c.state.Panel()
	if p.Map == nil || p.Result == nil || p.look == nil || c.model == nil {
		return report.Subject{}, report.Shown{}, ErrNoMap
	}
	if p.Stale || c.state.Looking {
		return report.Subject{}, report.Shown{}, ErrOldMap
	}
	return c.Subject(p.look), report.Shown{
		Visualizer: p.Visualizer, Values: maps.Clone(p.Values), Map: *p.Map, Display: p.Display,
		Note: p.Result.Note, Warnings: p.Result.Warnings, Done: p.Result.Done,
	}, nil
}

// Subject is a look at a picture with the open model's answer as reports tell of
// it. There must be a model.
func (c *Controller) Subject(k *Look) report.Subject {
	s := c.Describer()(k)
	if k == c.state.Look {
		s.Base = c.Shown()
	}
	if selected := c.state.Selected(); selected != nil && selected.Slices() > 1 {
		s.Slices = selected.Slices()
	}
	if v, ok := c.Viewing(); ok {
		s.Window, s.Inverted = &v.Window, v.Inverted
	}
	return s
}

// Describer tells of looks at other pictures than the current one with the open
// model's answers, as reports do, on any goroutine. There must be a model.
func (c *Controller) Describer() func(*Look) report.Subject {
	about, model := c.state.About, c.model.Model
	card, known := c.Known()
	return func(k *Look) report.Subject {
		s := report.Subject{
			Model: model,
			File: report.Model{
				Path: about.Name, SHA256: about.SHA256, Provider: about.Provider, ONNXRuntime: about.Runtime, Notes: about.Warnings.Texts(),
			},
			Picture: k.Image, SHA256: k.Image.SHA256, Base: k.Shown, Place: k.Place, Scores: k.Base, Doubts: k.Doubts,
		}
		if known {
			s.Card = &card
		}
		return s
	}
}

// Refuse is why files cannot be written: one of them is open here. It is nil where
// they can.
func (c *Controller) Refuse(paths []string) error { return refuse(paths, c.inUse()) }

// Publish writes files in the background, all or none of them and none that is
// open here. It says text when they are there.
func (c *Controller) Publish(paths []string, write []func(io.Writer) error, text string) {
	read := c.inUse()
	task.Start(c.tasks.New(), func(context.Context, func(func())) (struct{}, error) {
		return struct{}{}, publish(paths, read, write)
	}, func(_ struct{}, err error) {
		if err != nil {
			c.fail("save "+base(paths[0]), err)
			return
		}
		c.Say(text)
	})
}

// Export writes a map that is [Controller.Reported]: the figure as a PNG, and as
// SVG on request, the numbers as NPY and all that is known of them as JSON beside
// it. It works in the background and tells when it is done.
func (c *Controller) Export(path string, s report.Subject, shown report.Shown, form settings.Figure) {
	all, read := ExportFiles(path, form.SVG), c.inUse()
	task.Start(c.tasks.New(), func(context.Context, func(func())) (struct{}, error) {
		return struct{}{}, export(all, read, s, shown, form)
	}, func(_ struct{}, err error) {
		if err != nil {
			c.fail("save the map", err)
			return
		}
		c.Say(fmt.Sprintf("Saved %s; the numbers are in %s, and %s describes them.", all[0], base(all[1]), base(all[2])))
	})
}

// ExportFiles are what an export to path writes: the figure, the numbers, what
// they mean, and on request the figure once more as SVG.
func ExportFiles(path string, svg bool) []string {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	all := []string{stem + ".png", stem + ".npy", stem + ".json"}
	if svg {
		all = append(all, stem+".svg")
	}
	return all
}

// inUse are the files that were opened, which no export may overwrite.
func (c *Controller) inUse() []string {
	paths := []string{c.state.About.Path, c.given.Choices.LabelFile, c.given.Sidecar}
	if c.state.About.Path != "" {
		paths = append(paths, metadata.SidecarPath(c.state.About.Path))
	}
	for _, p := range c.state.Images {
		if p.Series == nil {
			paths = append(paths, p.Path)
			continue
		}
		for i := range p.Series.Len() {
			path, _ := p.Series.Path(i)
			paths = append(paths, path)
		}
	}
	return slices.DeleteFunc(paths, func(path string) bool { return path == "" })
}

// export writes a map: figure, numbers, and what they mean. The paths are those of
// [ExportFiles].
func export(paths, read []string, s report.Subject, shown report.Shown, form settings.Figure) error {
	if path := s.Picture.Path; s.Picture.Scan == nil && path != "" && !picture.Private(path) {
		s.Path = path
	}
	figure, about := s.Figure(shown), report.New(s)
	about.Measured = shown.Measured
	about.Ran(visualizers.Result{Note: shown.Note, Warnings: shown.Warnings, Maps: []visualizers.Map{shown.Map}}, 0)
	figures := append([]string{paths[0]}, paths[3:]...)
	about.AddMap(s, shown, paths[1], paths[0], figures...)
	write := []func(io.Writer) error{
		func(w io.Writer) error { return figure.Write(w, paths[0], form.Paper(), form.Width) },
		func(w io.Writer) error { return npy.Write(w, shown.Map.Shape(), shown.Map.Values) },
		func(w io.Writer) error {
			e := json.NewEncoder(&visible.Writer{To: w, Keep: "\n"})
			e.SetIndent("", "  ")
			return e.Encode(about)
		},
	}
	for _, path := range paths[3:] {
		write = append(write, func(w io.Writer) error { return figure.Write(w, path, form.Paper(), form.Width) })
	}
	return publish(paths, read, write)
}

// publish writes all files beside their places before the first one takes its.
// Files that were read are not replaced.
func publish(paths, read []string, write []func(io.Writer) error) error {
	if err := refuse(paths, read); err != nil {
		return err
	}
	pending := make([]*files.Pending, len(paths))
	for i, path := range paths {
		p, err := files.Create(path, files.Ordinary)
		if err != nil {
			return err
		}
		defer p.Discard()
		if err := write[i](p); err != nil {
			return err
		}
		pending[i] = p
	}
	for _, p := range pending {
		if err := p.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// refuse is an error where a file would be written that was read.
func refuse(paths, read []string) error {
	var clash *files.OverwriteError
	if err := files.Refuse(paths, read); errors.As(err, &clash) {
		return fmt.Errorf("%s is a file that is open here: choose another name", base(clash.Output))
	}
	return nil
}

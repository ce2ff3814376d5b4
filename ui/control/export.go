package control

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"picasso/backend/files"
	"picasso/backend/mask"
	"picasso/backend/metadata"
	"picasso/backend/npy"
	"picasso/backend/picture"
	"picasso/backend/picture/measure"
	"picasso/backend/visible"
	"picasso/ui/control/settings"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
	"picasso/ui/report"
	"picasso/ui/report/pacs"
	"picasso/visualizers"
	"picasso/visualizers/render"
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
		s.Base, s.Regions = c.Shown(), report.Regions(c.Regions())
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
			Covered: k.Covered,
		}
		if k.Block != nil {
			b := report.BlockOf(*k.Block, card.Preprocess.Volume, k.Over.Blocks())
			s.Block = &b
		}
		if known {
			s.Card = &card
		}
		return s
	}
}

// Refuse is why files cannot be written: one of them is open here. It is nil where
// they can.
func (c *Controller) Refuse(paths []string) error { return refuse(paths, c.InUse()) }

// Publish writes files in the background, all or none of them and none that is
// open here. It says text when they are there.
func (c *Controller) Publish(paths []string, write []func(io.Writer) error, text string) {
	read := c.InUse()
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
	all, read := ExportFiles(path, form.SVG), c.InUse()
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

// DICOMFiles are what [Controller.ExportDICOM] to path writes: a file for each kind of
// object, and one for regions.
func DICOMFiles(path string, o pacs.Options, regions bool) []string {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	var all []string
	for _, kind := range o.OfMaps() {
		all = append(all, stem+"-"+kind+".dcm")
	}
	if regions {
		all = append(all, stem+"-region-"+pacs.Segmentation+".dcm")
	}
	return all
}

// ExportDICOM writes a map that is [Controller.Reported], and regions of its
// picture where there are any, as DICOM objects. It works in the background and tells when
// it is done, and what somebody should know about the files.
func (c *Controller) ExportDICOM(path string, s report.Subject, shown report.Shown, o pacs.Options, regions *mask.Regions) {
	all, read := DICOMFiles(path, o, regions != nil), c.InUse()
	task.Start(c.tasks.New(), func(ctx context.Context, _ func(func())) ([]string, error) {
		origin, notes, err := o.Origin(ctx, s.Picture)
		if err != nil {
			return nil, err
		}
		var write []func(io.Writer) error
		put := func(data []byte, err error) error {
			write = append(write, func(w io.Writer) error { _, err := w.Write(data); return err })
			return err
		}
		for _, kind := range o.OfMaps() {
			if err := put(o.Object(kind, origin, s, shown)); err != nil {
				return nil, err
			}
		}
		if regions != nil {
			if err := put(o.Regions(origin, s, pacs.Segments(regions))); err != nil {
				return nil, err
			}
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return notes, publish(all, read, write)
	}, func(notes []string, err error) {
		if err != nil {
			c.fail("export as DICOM", err)
			return
		}
		c.SayObjects(all, o.Keep, notes)
	})
}

// SayObjects tells which DICOM files were written, whether the patient's own study is in
// them, and what somebody should know about them.
func (c *Controller) SayObjects(all []string, patient bool, notes []string) {
	text := fmt.Sprintf("Saved %s.", all[0])
	if len(all) > 1 {
		text = fmt.Sprintf("Saved %s, and %d more DICOM files beside it.", all[0], len(all)-1)
	}
	if patient {
		text += " The patient’s name and study are in them."
	}
	for _, note := range notes {
		text += " Note: " + note + "."
	}
	c.Say(text)
}

// InUse are the files that were opened, which no export may overwrite.
func (c *Controller) InUse() []string {
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

// Saver writes one file, unless it is one that is open here. What it returns may be
// called on any goroutine.
func (c *Controller) Saver(path string) func(write func(io.Writer) error) error {
	read := c.InUse()
	return func(write func(io.Writer) error) error {
		return publish([]string{path}, read, []func(io.Writer) error{write})
	}
}

// SaverOf is [Controller.Saver] for several files, all of which are there, or none.
func (c *Controller) SaverOf(paths []string) func(write []func(io.Writer) error) error {
	read := c.InUse()
	return func(write []func(io.Writer) error) error { return publish(paths, read, write) }
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

// keyJob is a key slice to be exported.
type keyJob struct {
	shot     shot
	shapes   []drawnShape
	answered Answered
}

// keySheetTile is the side of a slice on the sheet of key slices, in pixels.
const keySheetTile = 320

// mostOnSheet bounds the slices on the sheet; all others have their own files.
const mostOnSheet = 64

// KeyFiles are what exporting the key slices to path writes: the sheet, the
// table, and a picture for each.
func (c *Controller) KeyFiles(path string) []string {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	out := []string{stem + ".png", stem + ".csv"}
	for _, i := range c.KeySlices() {
		out = append(out, fmt.Sprintf("%s-slice-%03d.png", stem, i+1))
	}
	return out
}

// ExportKeySlices writes the key slices as they are shown, with what was measured
// on them: each as a PNG, all of them on one sheet, and a table of their places,
// scores and measurements as CSV. It works in the background and tells when it is
// done.
func (c *Controller) ExportKeySlices(path string) {
	p, keys := c.state.Selected(), c.KeySlices()
	if len(keys) == 0 {
		c.fail("save the key slices", errors.New("no slice is marked; go to one and mark it first"))
		return
	}
	var jobs []keyJob
	for _, i := range keys {
		jobs = append(jobs, keyJob{p.shot(i), p.shapes[spot{Volume: p.Volume, Slice: i}], p.Answers[i]})
	}
	var names []string
	if c.model != nil {
		for i := range c.model.Classes() {
			names = append(names, c.model.ClassName(i))
		}
	}
	files, read, how, h := c.KeyFiles(path), c.InUse(), p.viewing, c.model
	task.Start(c.tasks.New(), using(h, func(ctx context.Context, _ func(func())) (struct{}, error) {
		return struct{}{}, exportKeys(ctx, files, read, jobs, names, how, h)
	}), func(_ struct{}, err error) {
		if err != nil {
			c.fail("save the key slices", err)
			return
		}
		c.Say(fmt.Sprintf("Saved %d key slices: %s shows them all, %s lists them, and each has a file of its own beside them.", len(keys), files[0], base(files[1])))
	})
}

// exportKeys draws and writes key slices.
func exportKeys(ctx context.Context, paths, read []string, jobs []keyJob, names []string, how *Viewing, h *held) error {
	lines := [][]string{{"slice", "position_mm", "window_level", "best_class", "score", "measurement", "value", "unit", "mean", "sd", "min", "max", "pixels", "value_unit", "notice"}}
	var write []func(io.Writer) error
	var row []render.SheetCell
	var rows [][]render.SheetCell
	for i, job := range jobs {
		if err := ctx.Err(); err != nil {
			return err
		}
		shown, k, err := developed(job.shot, how, h)
		if err != nil {
			return fmt.Errorf("read %s: %w", job.shot.name, err)
		}
		marked, err := readings(ctx, k, job.shapes)
		if err != nil {
			return err
		}
		var list []drawing.Measurement
		for _, m := range marked {
			list = append(list, drawing.MeasurementOf(m.Shape, m.Reading))
		}
		drawn, err := drawing.WithMeasures(shown, k.tall(), list)
		if err != nil {
			return err
		}
		notice := drawing.Notice(k.Image)
		drawing.Mark(drawn, notice)
		write = append(write, func(w io.Writer) error { return drawing.WritePNG(w, drawn, notice) })
		lines = append(lines, keyLines(job, k, marked, names, how)...)
		if i < mostOnSheet {
			if row = append(row, render.SheetCell{Image: drawn, Label: fmt.Sprintf("slice %d", job.shot.frame.slice+1)}); len(row) == 4 {
				rows, row = append(rows, row), nil
			}
		}
	}
	if len(row) > 0 {
		rows = append(rows, row)
	}
	caption := render.Caption{Title: "Key slices", Note: drawing.ResearchUse}
	if len(jobs) > mostOnSheet {
		caption.Title = fmt.Sprintf("The first %d of %d key slices", mostOnSheet, len(jobs))
	}
	sheet, err := render.Sheet(rows, keySheetTile, render.Scale{}, caption)
	if err != nil {
		return err
	}
	return publish(paths, read, append([]func(io.Writer) error{
		func(w io.Writer) error { return drawing.WritePNG(w, sheet, drawing.ResearchUse) },
		func(w io.Writer) error { return csv.NewWriter(w).WriteAll(lines) },
	}, write...))
}

// readings measures shapes on a slice.
func readings(ctx context.Context, k *Look, shapes []drawnShape) ([]Measure, error) {
	var out []Measure
	for _, d := range shapes {
		r := measure.Geometry(d.shape, measure.ScaleOf(k.Image))
		r.Unit = k.Image.Unit
		var err error
		if r.Values, err = measure.Count(ctx, k.Image, d.shape); err != nil {
			return nil, err
		}
		out = append(out, Measure{ID: d.id, Shape: d.shape, Reading: r})
	}
	return out, nil
}

// keyLines is a key slice in the table: a line for each measurement, at least
// one.
func keyLines(job keyJob, k *Look, marked []Measure, names []string, how *Viewing) [][]string {
	number := func(v float64) string {
		if v-v != 0 {
			return ""
		}
		return strconv.FormatFloat(v, 'f', -1, 32)
	}
	first := []string{strconv.Itoa(job.shot.frame.slice + 1), "", "", "", ""}
	if s := k.Image.Scan; s != nil {
		if s.Geometry.Placed {
			first[1] = number(s.Geometry.Depth())
		}
		if k.Image.Channels == 1 {
			window := s.Window
			if how != nil {
				window = how.Window
			}
			first[2] = drawing.Levels(window)
		}
	}
	if a := job.answered; a.Known() && a.Best < len(names) && a.Best < len(a.Scores.Probabilities) {
		first[3], first[4] = names[a.Best], number(float64(a.Scores.Probabilities[a.Best]))
	}
	notice := drawing.Notice(k.Image)
	if len(marked) == 0 {
		return [][]string{append(first, "", "", "", "", "", "", "", "", "", notice)}
	}
	var lines [][]string
	for _, m := range marked {
		r := m.Reading
		line := append(slices.Clone(first), string(r.Kind))
		switch r.Kind {
		case measure.Length:
			line = append(line, number(r.Length), r.Scale.Unit())
		case measure.Angle:
			line = append(line, number(r.Angle), "°")
		default:
			line = append(line, number(r.Area), r.Scale.Unit()+"²")
		}
		if len(r.Values) == 0 {
			lines = append(lines, append(line, "", "", "", "", "", "", notice))
		}
		for c, v := range r.Values {
			one := slices.Clone(line)
			if len(r.Values) > 1 {
				one[5] = fmt.Sprintf("%s, channel %d", r.Kind, c+1)
			}
			lines = append(lines, append(one, number(v.Mean), number(v.SD), number(v.Min), number(v.Max), strconv.Itoa(v.N), r.Unit, notice))
		}
	}
	return lines
}

// Package archive writes maps of whole volumes, and of all slices of a series that have
// one, as DICOM objects. It knows nothing of Fyne.
package archive

import (
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/mask"
	"picasso/backend/picture/dicom"
	"picasso/ui/control"
	"picasso/ui/control/task"
	"picasso/ui/report"
	"picasso/ui/report/pacs"
	"picasso/visualizers"
)

// Controller writes objects of more than one slice, one export at a time.
type Controller struct {
	c     *control.Controller
	task  *task.Task
	share float64
}

// New writes what c shows.
func New(c *control.Controller) *Controller {
	k := &Controller{c: c, task: c.NewTask()}
	c.Join(control.Activity{Running: k.task.Running, End: k.task.Stop, Asked: true, Model: true, Told: k.told})
	return k
}

func (k *Controller) told() (share float64, text string) {
	return k.share, fmt.Sprintf("Writing DICOM objects: %.0f %%", 100*k.share)
}

// Scope is more than the slice that is looked at: a volume whose map has three
// dimensions, or the slices of a series that have a map of the same class by the same
// method.
type Scope struct {
	Text    string // says which
	Numbers []int  // of the slices with a map, counted from 0
	// Regions are drawn on slices of it.
	Regions map[int]*mask.Regions

	found map[int]visualizers.Result // of a series; nil for a volume
}

// Scope is what a map that is shown is a part of; ok is false where that is nothing but
// its slice.
func (k *Controller) Scope(s report.Subject, shown report.Shown) (scope Scope, ok bool) {
	p := k.c.State().Selected()
	if p == nil || p.Slices() < 2 || s.Picture == nil || s.Covered != nil {
		return scope, false
	}
	scope.Regions = k.c.RegionsOfSlices()
	if of := shown.Map.Of; of != nil {
		for i := range of.Block.Source[0] {
			if of.Block.Reaches(i) {
				scope.Numbers = append(scope.Numbers, i)
			}
		}
		scope.Text = fmt.Sprintf("The whole map of the volume, on the %d of %d slices that it reaches", len(scope.Numbers), of.Block.Source[0])
		return scope, true
	}
	scope.found = k.c.SliceResults(shown.Map.Target)
	scope.Numbers = slices.Sorted(maps.Keys(scope.found))
	scope.Text = fmt.Sprintf("All slices that have a map of this class: %d of %d", len(scope.Numbers), p.Slices())
	if n := p.Slices() - len(scope.Numbers); n > 0 {
		scope.Text += fmt.Sprintf(" (Explain all slices makes the other %d)", n)
	}
	return scope, len(scope.Numbers) > 1
}

// Files are what [Controller.Export] to path writes: an object of all slices for each
// kind but the Secondary Capture, of which every slice has one; and one of regions.
func Files(path string, o pacs.Options, scope Scope, regions bool) []string {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	var all []string
	for _, kind := range o.OfMaps() {
		if kind != pacs.Capture {
			all = append(all, stem+"-"+kind+".dcm")
			continue
		}
		for _, i := range scope.Numbers {
			all = append(all, fmt.Sprintf("%s-%s-%03d.dcm", stem, kind, i+1))
		}
	}
	if regions {
		all = append(all, stem+"-region-"+pacs.Segmentation+".dcm")
	}
	return all
}

// Export writes the objects in the background: all of them, or none where it is stopped.
// It tells when it is done, and what somebody should know about the files.
func (k *Controller) Export(path string, s report.Subject, shown report.Shown, o pacs.Options, scope Scope, regions bool) {
	all := Files(path, o, scope, regions)
	save := k.c.SaverOf(all)
	j := &job{options: o, subject: s, shown: shown, scope: scope, regions: regions, read: k.c.SliceReader(), describe: k.c.Describer(), window: k.c.Subject(k.c.State().Look)}
	k.share = 0
	task.Start(k.task, control.Lend(k.c, func(ctx context.Context, m control.Model, tell func(func())) ([]string, error) {
		j.ctx, j.tell = ctx, func(share float64) {
			tell(func() {
				k.share = share
				k.c.Announce(control.FilmChanged)
			})
		}
		write, err := j.prepare(m)
		if err != nil {
			return nil, err
		}
		return j.notes, save(write)
	}), func(notes []string, err error) {
		defer k.c.Announce(control.FilmChanged)
		if err != nil {
			k.c.Tell("export as DICOM", err)
			return
		}
		k.c.SayObjects(all, o.Keep, notes)
	})
	k.c.Announce(control.FilmChanged)
}

// job is one export.
type job struct {
	options  pacs.Options
	subject  report.Subject
	shown    report.Shown
	scope    Scope
	regions  bool
	read     func(slice int) (*control.Look, error)
	describe func(*control.Look) report.Subject
	window   report.Subject // how slices are shown

	ctx      context.Context
	tell     func(share float64)
	done, of float64 // slices gone through, of all passes
	notes    []string
	origin   dicom.Origin
}

// step counts a slice.
func (j *job) step(n float64) error {
	j.done += n
	j.tell(min(1, j.done/max(1, j.of)))
	return j.ctx.Err()
}

// prepare gives what writes each file, in the order of [Files].
func (j *job) prepare(m control.Model) (write []func(io.Writer) error, err error) {
	if j.origin, j.notes, err = j.options.Origin(j.ctx, j.subject.Picture); err != nil {
		return nil, err
	}
	kinds := j.options.OfMaps()
	j.of = float64(len(j.scope.Numbers) * len(kinds))
	var stack *pacs.Stack
	if slices.ContainsFunc(kinds, func(kind string) bool { return kind != pacs.Capture }) {
		if stack, err = j.stack(m); err != nil {
			return nil, err
		}
	}
	for _, kind := range kinds {
		if kind != pacs.Capture {
			write = append(write, func(w io.Writer) error {
				before := j.done
				return stack.Write(j.ctx, w, kind, func(share float64) {
					j.done = before
					_ = j.step(share * float64(len(j.scope.Numbers))) // the stack asks ctx itself
				})
			})
			continue
		}
		for _, i := range j.scope.Numbers {
			write = append(write, func(w io.Writer) error { return j.capture(w, m, i) })
		}
	}
	if j.regions {
		write = append(write, j.writeRegions)
	}
	return write, nil
}

// mapOn is a slice with its map.
func (j *job) mapOn(m control.Model, slice int) (report.Subject, report.Shown, error) {
	shown := j.shown
	k, err := j.read(slice)
	if err != nil {
		return report.Subject{}, shown, err
	}
	s := j.describe(k)
	s.Slices, s.Window, s.Inverted = j.window.Slices, j.window.Window, j.window.Inverted
	if of := j.shown.Map.Of; of != nil {
		s.Scores = j.subject.Scores // of the block, not of the slice
		shown.Map = of.Map.OnSlice(of.Block, slice)
		return s, shown, nil
	}
	found := j.scope.found[slice].MapOf(j.shown.Map.Target, m)
	if found == nil {
		return s, shown, fmt.Errorf("slice %d has no map of this class any more; explain it again", slice+1)
	}
	shown.Map, shown.Note, shown.Warnings, shown.Done = *found, j.scope.found[slice].Note, j.scope.found[slice].Warnings, 1
	return s, shown, nil
}

// at is where a slice comes from.
func (j *job) at(s report.Subject) dicom.Origin {
	o := j.origin
	before, _ := s.Picture.Span()
	if all := s.Picture.Slices(); before < len(all) {
		o.Class, o.Instance, o.Frame = all[before].Class, all[before].Instance, all[before].Frame
	}
	return o
}

// stack is all slices with their maps.
func (j *job) stack(m control.Model) (*pacs.Stack, error) {
	if j.shown.Map.Of != nil {
		return j.options.Volume(j.origin, j.subject, j.shown)
	}
	stack := pacs.NewStack(j.options, j.subject, j.shown)
	j.of += float64(len(j.scope.Numbers))
	for _, i := range j.scope.Numbers {
		s, shown, err := j.mapOn(m, i)
		if err == nil {
			err = stack.Add(j.at(s), s, shown)
		}
		if err == nil {
			err = j.step(1)
		}
		if err != nil {
			return nil, err
		}
	}
	return stack, nil
}

func (j *job) capture(w io.Writer, m control.Model, slice int) error {
	s, shown, err := j.mapOn(m, slice)
	if err == nil {
		err = j.step(1)
	}
	if err != nil {
		return err
	}
	return j.options.Capture(w, j.origin, s, shown, slice)
}

func (j *job) writeRegions(w io.Writer) error {
	var stack pacs.RegionStack
	for _, i := range slices.Sorted(maps.Keys(j.scope.Regions)) {
		k, err := j.read(i)
		if err != nil {
			return err
		}
		s := j.describe(k)
		if err := stack.Add(j.options, j.at(s), s, j.scope.Regions[i]); err != nil {
			return err
		}
	}
	return stack.Write(j.ctx, w)
}

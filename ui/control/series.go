package control

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"picasso/backend/score"
	"slices"
	"strings"

	"picasso/backend/picture"
	"picasso/ui/control/history"
)

// frame names what can be looked at: a picture of the list and, of a series,
// one of the slices of a volume, with the values in one unit.
type frame struct {
	picture, slice, volume int
	uptake                 bool
	altered                int // number of the [Alteration] that it is explained with, 0 for none
	aim                    aim // where on the slice the block of a volume lies
}

func (p *Picture) frame() frame       { return p.at(p.Slice) }
func (p *Picture) at(slice int) frame { return frame{p.ID, slice, p.Volume, p.Uptake, 0, p.aim} }
func (k *Look) frame() frame          { return frame{k.ID, k.Slice, k.Volume, k.Uptake, 0, k.aim} }

// asked names what the model was asked about: the frame as it is altered.
func (k *Look) asked() frame {
	f := k.frame()
	f.altered = k.altered
	return f
}

// shot is a frame with all that is needed to read it on another goroutine.
type shot struct {
	frame frame
	name  string
	open  func() (*picture.Image, error)
}

func (p *Picture) shot(slice int) shot {
	s := shot{frame: p.at(slice), name: p.Name, open: p.open}
	if series := p.Series; series != nil {
		if series.Len() > 1 {
			s.name = fmt.Sprintf("%s, slice %d of %d", series.Kind(), slice+1, series.Len())
		}
		s.open = func() (*picture.Image, error) { return series.Slice(slice) }
	}
	s.open = p.inUnit(s.open)
	return s
}

// Slices is how many slices an entry has, 1 for ordinary pictures.
func (p *Picture) Slices() int {
	if p.Series == nil {
		return 1
	}
	return p.Series.Len()
}

// Answered is what the model said of one slice.
type Answered struct {
	Scores score.Scores // empty where it is not known
	Best   int          // the best class
	Err    error        // why the slice cannot be read or used, nil where it can
	tried  bool
}

// meanBest is the class of the highest mean probability over the slices; ok is false
// while one of them has no answer.
func (p *Picture) meanBest() (class int, ok bool) {
	var sum []float64
	for _, a := range p.Answers {
		switch {
		case a.Err != nil: // it cannot be read, and never will be
			continue
		case len(a.Scores.Probabilities) == 0:
			return 0, false
		case sum == nil:
			sum = make([]float64, len(a.Scores.Probabilities))
		}
		for i, v := range a.Scores.Probabilities[:len(sum)] {
			sum[i] += float64(v)
		}
	}
	if sum == nil {
		return 0, false
	}
	for i, v := range sum {
		if v > sum[class] {
			class = i
		}
	}
	return class, true
}

// Known reports whether the model has answered.
func (a Answered) Known() bool { return a.Scores.Probabilities != nil || a.Scores.Logits != nil }

// maxAnswers bounds the numbers kept of a series: slices × classes.
const maxAnswers = 1 << 24

// appendSeries appends scans to the list and tells where the first one of them
// is, −1 for none.
func (c *Controller) appendSeries(all []*picture.Series) int {
	first := -1
	for _, s := range all {
		i := slices.IndexFunc(c.state.Images, func(p *Picture) bool { return p.Series != nil && sameSeries(p.series(), s) })
		if i < 0 {
			i = len(c.state.Images)
			p := volumed(s)
			p.Name = c.nameOf(s)
			c.add(p)
		}
		if first < 0 {
			first = i
		}
	}
	c.reportSkipped(all)
	return first
}

// askConsent asks, before the first scans ever, whether it is understood what
// they may be used for. Those of a sample are nobody's.
func (c *Controller) askConsent(all []*picture.Series) {
	if len(all) > 0 && !c.settings.ResearchUse && c.sample == nil {
		c.state.Consent = true
		c.changed(ConsentChanged)
	}
}

func sameSeries(a, b *picture.Series) bool {
	x, i := a.Path(0)
	y, j := b.Path(0)
	return x == y && i == j && a.Len() == b.Len()
}

// reportSkipped tells about files of a folder that hold scans and cannot be read,
// and about slices that cannot.
func (c *Controller) reportSkipped(all []*picture.Series) {
	var skipped, bad []string
	for _, s := range all {
		skipped = append(skipped, s.Skipped...)
		for i := range s.Len() {
			if err := s.Fault(i); err != nil {
				bad = append(bad, fmt.Sprintf("slice %d, %v", i+1, err))
			}
		}
	}
	if n := len(bad); n == 1 {
		c.notify(Notice{Warning: true, Text: "1 slice of the scan cannot be read and is marked below the slider: " + bad[0]})
	} else if n > 1 {
		c.notify(Notice{Warning: true, Text: fmt.Sprintf("%d slices of the scan cannot be read and are marked below the slider; the first one: %s", n, bad[0])})
	}
	if n := len(skipped); n == 1 {
		c.notify(Notice{Warning: true, Text: "1 file of the scan was left out: " + skipped[0]})
	} else if n > 1 {
		c.notify(Notice{Warning: true, Text: fmt.Sprintf("%d files of the scan were left out; the first one: %s", n, skipped[0])})
	}
}

// nameOf says what a scan is, told from others in the list. A file's name is part of it
// where nothing else tells, and where it tells nobody.
func (c *Controller) nameOf(s *picture.Series) string {
	name := s.Name
	for n := 2; slices.ContainsFunc(c.state.Images, func(p *Picture) bool { return p.Name == name }); n++ {
		name = fmt.Sprintf("%s (%d)", s.Name, n)
	}
	return name
}

// SelectSlice looks at slice i of the current series, counted from 0.
func (c *Controller) SelectSlice(i int) {
	p := c.state.Selected()
	if p == nil || p.Series == nil || i < 0 || i >= p.Series.Len() || i == p.Slice {
		return
	}
	p.Slice = i
	c.look(0)
}

// StepSlice goes n slices further, stopping at the ends. It reports whether
// the current picture has slices.
func (c *Controller) StepSlice(n int) bool {
	p := c.state.Selected()
	if p == nil || p.Slices() < 2 {
		return false
	}
	c.SelectSlice(min(max(p.Slice+n, 0), p.Slices()-1))
	return true
}

// Selected is the picture looked at, nil for none.
func (s *State) Selected() *Picture {
	if s.Current < 0 || s.Current >= len(s.Images) {
		return nil
	}
	return s.Images[s.Current]
}

// answered keeps what the model said of a slice.
func (c *Controller) answered(p *Picture, k *Look) {
	if k.Slice >= len(p.Answers) || len(p.Answers)*len(k.Ranked) > maxAnswers {
		return
	}
	a := Answered{Scores: k.Base, tried: true}
	if len(k.Ranked) > 0 {
		a.Best = k.Ranked[0].Index
	}
	p.Answers[k.Slice] = a
	if k.Block != nil && k.Block.Shared {
		for i := range p.Answers {
			if p.Answers[i].Err == nil {
				p.Answers[i] = a
			}
		}
	}
	if p == c.state.Selected() {
		c.changed(AnswersChanged)
	}
}

// sliceAnswered takes what the lane found out about a slice that nobody looked
// at.
func (c *Controller) sliceAnswered(p *Picture, slice int, k *Look, err error) {
	if err == nil && k.Answered() {
		c.answered(p, k)
	}
	if slice < len(p.Answers) {
		p.Answers[slice].tried = true
		c.broken(p, slice, err)
	}
	if i := c.indexOf(p.ID); i >= 0 && p.Shows.Any() { // the list compares its label with all slices
		c.imageChanged(i)
	}
}

// broken keeps why a slice cannot be used; one of several costs no more than
// itself.
func (c *Controller) broken(p *Picture, slice int, err error) {
	if err == nil || errors.Is(err, context.Canceled) || slice >= len(p.Answers) {
		return
	}
	p.Answers[slice] = Answered{Err: err, tried: true}
	if p == c.state.Selected() {
		c.changed(AnswersChanged)
	}
}

// usable reports whether any slice may be of use.
func (p *Picture) usable() bool {
	return slices.ContainsFunc(p.Answers, func(a Answered) bool { return a.Err == nil })
}

// nextSlice is the current series while slices of it have no answer.
func (c *Controller) nextSlice() *Picture {
	p := c.state.Selected()
	if p == nil || p.Err != nil || p.laneSlice() == p.Slice || len(p.Answers)*c.state.Model.Classes() > maxAnswers {
		return nil
	}
	return p
}

// laneSlice is the slice that the lane looks at next: the nearest one without
// an answer once the shown one has its own.
func (p *Picture) laneSlice() int {
	if !p.tried {
		return p.Slice
	}
	for d := 1; d < len(p.Answers); d++ {
		for _, i := range []int{p.Slice + d, p.Slice - d} {
			if i >= 0 && i < len(p.Answers) && !p.Answers[i].tried {
				return i
			}
		}
	}
	return p.Slice
}

// Explained tells for each slice of the current series whether the current
// panel has a result for it.
func (c *Controller) Explained() []bool {
	p := c.state.Selected()
	if p == nil || p.Series == nil {
		return nil
	}
	out := make([]bool, p.Slices())
	way := c.state.Panel().way()
	for i := range out {
		out[i] = c.has(c.keyOf(p.at(i), way), c.targetOf(p.Answers[i]))
	}
	return out
}

// has reports whether a result is kept for a run and target.
func (c *Controller) has(key string, t score.Target) bool {
	if _, ok := c.results.Get(key); ok {
		return true
	}
	_, ok := c.results.Get(targetKey(key, t))
	return ok
}

// targetOf is what is explained on a slice: the chosen target, or the best
// class there.
func (c *Controller) targetOf(a Answered) score.Target {
	t := c.state.Target
	if c.state.Pinned || !a.Known() {
		return t
	}
	return score.ClassTarget(a.Best, t.Score)
}

// CurveTarget is what the curve over the slices shows: the target that the user
// chose, else the class that was the best one where the series was first looked
// at. It stays when another class is best on another slice.
func (c *Controller) CurveTarget() score.Target {
	p, t := c.state.Selected(), c.state.Target
	switch {
	case p == nil:
	case c.state.Pinned:
		p.curve = &t.Class
		return t
	case p.curve == nil && p.Slice < len(p.Answers) && p.Answers[p.Slice].Known():
		best := p.Answers[p.Slice].Best
		p.curve = &best
	}
	if p == nil || p.curve == nil {
		return t
	}
	return score.ClassTarget(*p.curve, t.Score)
}

// Scan reports whether the current picture is a medical one.
func (s *State) Scan() bool {
	p := s.Selected()
	return p != nil && (p.Series != nil || s.Look != nil && s.Look.ID == p.ID && s.Look.Image.Scan != nil)
}

// ScanPath is the file behind the slice looked at, "" where there is none.
func (s *State) ScanPath() string {
	p := s.Selected()
	if p == nil || p.Series == nil {
		return ""
	}
	path, _ := p.Series.Path(p.Slice)
	return path
}

// AgreeToResearchUse remembers that the user knows what scans here are for.
func (c *Controller) AgreeToResearchUse() {
	c.settings.ResearchUse = true
	c.state.Consent = false
	c.fail("remember the answer", c.settings.Save()) // at once: it is asked once only
	c.changed(ConsentChanged)
}

// RefuseResearchUse takes all scans off the list.
func (c *Controller) RefuseResearchUse() {
	c.state.Consent = false
	for i := len(c.state.Images) - 1; i >= 0; i-- {
		if c.state.Images[i].Series != nil {
			c.remove(i)
		}
	}
	c.changed(ConsentChanged)
}

// FileName is a name for files made of the current look, without what may name
// a patient.
func (k *Look) FileName() string {
	if k.Image.Scan == nil {
		if name := strings.Trim(strings.TrimSuffix(k.Image.Name, filepath.Ext(k.Image.Name)), "…"); name != "" {
			return name
		}
		return "picture"
	}
	if k.Image.Scan.Volumes > 1 {
		return fmt.Sprintf("scan-volume-%d-slice-%03d", k.Volume+1, k.Slice+1)
	}
	return fmt.Sprintf("scan-slice-%03d", k.Slice+1)
}

// KeySlices are the marked slices of the volume that is shown, in their order.
func (c *Controller) KeySlices() []int {
	p := c.state.Selected()
	if p == nil {
		return nil
	}
	var list []int
	for at := range p.keys {
		if at.Volume == p.Volume {
			list = append(list, at.Slice)
		}
	}
	slices.Sort(list)
	return list
}

// IsKey reports whether a slice of the volume that is shown is marked.
func (c *Controller) IsKey(slice int) bool {
	p := c.state.Selected()
	return p != nil && p.keys[spot{Volume: p.Volume, Slice: slice}]
}

// ToggleKey marks the slice that is shown as a key slice, or takes its mark away.
// It reports whether it is marked then; ok is false where nothing is shown.
func (c *Controller) ToggleKey() (marked, ok bool) {
	p := c.state.Selected()
	if p == nil || p.Series == nil {
		return false, false
	}
	at := p.spot()
	put := func(on bool) {
		if p.keys == nil {
			p.keys = map[spot]bool{}
		}
		if p.keys[at] = on; !on {
			delete(p.keys, at)
		}
		c.keepMarks(p)
		c.changed(KeysChanged)
	}
	on := !p.keys[at]
	put(on)
	name := fmt.Sprintf("Mark slice %d", at.Slice+1)
	if !on {
		name = fmt.Sprintf("Remove the mark of slice %d", at.Slice+1)
	}
	c.record(history.Step{Name: name, Undo: func() error { put(!on); return nil }, Redo: func() error { put(on); return nil }})
	return on, true
}

// StepKey goes to the next key slice, or the one before for −1. It reports
// whether there is one.
func (c *Controller) StepKey(n int) bool {
	keys, p := c.KeySlices(), c.state.Selected()
	if n < 0 {
		slices.Reverse(keys)
	}
	for _, i := range keys {
		if (i-p.Slice)*n > 0 {
			c.SelectSlice(i)
			return true
		}
	}
	return false
}

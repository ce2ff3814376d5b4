// Package covering covers parts of the current picture by hand, and asks the model
// about what is left while the brush still moves. It knows nothing of Fyne.
//
// A [Controller] belongs to the same goroutine as the [control.Controller] that it
// works under. It keeps a mask for every picture and slice, in pixels of the picture;
// what the model gets is the mask at the centres of its own pixels, with a fill in the
// place of what is covered ([cover.Hand]), the same as that of the command line.
//
// Drawing and asking are two kinds of work. Of each at most one run is in progress,
// and when it ends the newest mask is next: no stroke waits for a model that is slower
// than the hand, and the last stroke is always answered.
package covering

import (
	"fmt"
	"image"

	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/history"
	"picasso/ui/control/task"
	"picasso/visualizers"
	"picasso/visualizers/cover"
)

// Bounds of the brush: its width in units of the window.
const (
	leastBrush, mostBrush = 3, 400
	firstBrush            = 40
)

// Controller covers the current picture.
type Controller struct {
	c      *control.Controller
	sheets map[place]*sheet
	nextID int

	on          bool
	fill        string
	soft, erase bool
	brush       float64

	at      place
	look    *control.Look // whole and answered; nil where nothing can be covered
	sheet   *sheet        // of look; nil where there is none
	version int           // of the mask and its fill, over all pictures

	drawing, asking *task.Task
	drawn           *drawn // the newest; nil for none
	answered        int    // version that now is of
	now             score.Scores
	err             error
	filming         *task.Task
	film            *film // that is being made; nil for none
}

// New covers the pictures of c.
func New(c *control.Controller) *Controller {
	k := &Controller{c: c, sheets: map[place]*sheet{}, fill: cover.HandFill.Options[0], brush: firstBrush}
	k.drawing, k.asking, k.filming = c.NewTask(), c.NewTask(), c.NewTask()
	c.Join(control.Activity{Running: k.working, End: k.stop, Model: true, Ahead: true})
	c.Join(control.Activity{Running: k.filming.Running, End: k.filming.Stop, Asked: true, Model: true, Ahead: true, Told: k.told})
	c.Listen(k)
	c.KeepCovers(k.kept)
	k.follow()
	return k
}

// Changed implements [control.View].
func (k *Controller) Changed(e control.Event) {
	switch e.Kind {
	case control.ModelChanged:
		k.forgetAnswers()
		k.follow()
	case control.LookChanged:
		k.follow()
	case control.ViewingChanged: // colours are others
		k.touch()
	case control.TabChanged, control.WorkspaceChanged:
		k.Open(false)
	case control.MontageChanged:
		if k.c.State().Montage != nil {
			k.Open(false)
		}
	}
}

// On reports whether the picture is being covered.
func (k *Controller) On() bool { return k.on }

// Open begins or ends covering. What is covered stays; the methods go on with the
// picture that they had.
func (k *Controller) Open(on bool) {
	if k.on == on {
		return
	}
	k.on = on
	if look := k.c.State().Look; on && look != nil && look.Block != nil {
		k.c.Say("In a volume, what you paint on a slice covers as deep as it is narrow, with this slice in the middle.")
	}
	k.c.ShowWhole(on)
	k.follow()
	k.touch()
}

// follow takes up the picture that is looked at.
func (k *Controller) follow() {
	look := k.c.State().Look
	if look != nil && look.Whole != nil {
		look = look.Whole
	}
	if !look.Answered() || k.c.State().Model == nil {
		look = nil
	}
	if look == k.look {
		return
	}
	k.rest()
	k.look, k.sheet, k.err = look, nil, nil
	k.drawn, k.now, k.answered = nil, score.Scores{}, 0
	if look != nil {
		k.at = place{look.ID, look.Slice, look.Volume}
		k.sheet = k.sheets[k.at]
		k.reopen()
		k.fit()
	}
	k.touch()
}

// fit wakes the sheet of the current picture, and forgets one of another size: the
// picture is decoded in another orientation.
func (k *Controller) fit() {
	if k.sheet == nil {
		return
	}
	if m := k.sheet.mask; m.height != k.look.Image.Height || m.width != k.look.Image.Width {
		delete(k.sheets, k.at)
		k.sheet = nil
		return
	}
	k.sheet.wake()
	k.fill = k.sheet.fill
}

// rest ends the work on the current picture and packs its mask.
func (k *Controller) rest() {
	k.stop()
	if k.sheet == nil {
		return
	}
	k.EndStroke()
	k.sheet.sleep()
	if len(k.sheet.states) == 1 && k.sheet.packed == "" {
		delete(k.sheets, k.at)
	}
	k.bound()
}

// working reports whether the model is asked about what is covered.
func (k *Controller) working() bool { return k.drawing.Running() || k.asking.Running() }

// stop ends the work on the current picture.
func (k *Controller) stop() {
	k.drawing.Stop()
	k.asking.Stop()
	k.filming.Stop()
}

// bound forgets states of other pictures beyond what may be kept of all.
func (k *Controller) bound() {
	bytes := 0
	for _, s := range k.sheets {
		bytes += s.bytes()
	}
	for at, s := range k.sheets {
		if bytes > mostBytes && at != k.at {
			bytes -= s.bytes()
			s.forget()
		}
	}
}

// begun is the sheet of the current picture, a new one where there is none.
func (k *Controller) begun() *sheet {
	if k.sheet == nil && k.look != nil {
		k.sheet = newSheet(k.look.Image.Height, k.look.Image.Width, k.fill, k.id())
		k.sheets[k.at] = k.sheet
	}
	return k.sheet
}

func (k *Controller) id() int {
	k.nextID++
	return k.nextID
}

// Stroke draws a straight piece of a stroke, from one point of the picture to another,
// in its pixels. Pieces until [Controller.EndStroke] are one stroke.
func (k *Controller) Stroke(from, to [2]float64, tip Tip) {
	s := k.begun()
	if s == nil {
		return
	}
	if s.before == nil {
		s.begin()
	}
	s.mask.stroke(from, to, tip)
	k.touch()
}

// EndStroke ends the stroke that is drawn.
func (k *Controller) EndStroke() {
	if k.sheet != nil && k.sheet.before != nil {
		k.end("Stroke")
	}
}

// change makes a change that is a state of its own.
func (k *Controller) change(did string, how func(*sheet)) {
	s := k.begun()
	if s == nil {
		return
	}
	k.EndStroke()
	s.begin()
	how(s)
	k.end(did)
}

// end makes a state of what has changed, which can be undone.
func (k *Controller) end(did string) {
	s, before := k.sheet, k.sheet.states[k.sheet.at].ID
	if !s.end(k.id(), did) {
		return
	}
	k.recordMove(did, before, s.states[s.at].ID, len(s.states[s.at].patch))
	k.touch()
}

// recordMove adds the way between two states to what can be undone.
func (k *Controller) recordMove(did string, before, after, bytes int) {
	at := k.at
	move := func(id int) func() error {
		return func() error { return k.move(at, id) }
	}
	if k.look.Slice > 0 || k.look.Image.Scan != nil {
		did = fmt.Sprintf("%s on slice %d", did, at.slice+1)
	}
	k.c.Record(history.Step{Name: did, Bytes: bytes, Undo: move(before), Redo: move(after)})
}

// move brings what is covered of a picture into a state.
func (k *Controller) move(at place, id int) error {
	s := k.sheets[at]
	switch {
	case s == nil:
		return errForgotten
	case s != k.sheet:
		s.wake()
		defer s.sleep()
		return s.move(id)
	}
	s.before = nil
	if err := s.move(id); err != nil {
		return err
	}
	k.fill = s.fill
	k.touch()
	return nil
}

// GoTo goes back, or forth, to a state. That can be undone.
func (k *Controller) GoTo(id int) {
	if k.sheet == nil {
		return
	}
	k.EndStroke()
	s, before := k.sheet, k.sheet.states[k.sheet.at].ID
	if s.find(id) < 0 || id == before {
		return
	}
	to := s.in(s.find(id))
	fill := s.states[s.find(id)].Fill
	k.change("Go to another state of the cover", func(s *sheet) { s.mask, s.fill, k.fill = to, fill, fill })
}

// KeepOnly covers all that is not covered, and uncovers what is: what was painted is
// all that is left.
func (k *Controller) KeepOnly() {
	if k.sheet == nil || k.sheet.empty() {
		k.c.Say("Nothing is painted yet. Paint what is to be kept, then choose “Keep only this”.")
		return
	}
	k.change("Keep only this", func(s *sheet) { s.mask.invert() })
}

// UncoverAll uncovers the picture.
func (k *Controller) UncoverAll() {
	if k.sheet != nil {
		k.change("Uncover all", func(s *sheet) { clear(s.mask.share) })
	}
}

// SetFill puts something else in the place of what is covered: a fill by its name, or
// a number in the picture's units, as [cover.HandFill] reads it.
func (k *Controller) SetFill(text string) error {
	v, err := cover.HandFill.Parse(text)
	if err != nil {
		return err
	}
	fill := cover.HandFill.Format(v)
	if fill == k.fill {
		return nil
	}
	k.fill = fill
	if k.sheet != nil {
		k.change("Fill with "+fill, func(s *sheet) { s.fill = fill })
	}
	k.announce()
	return nil
}

// SetSoft chooses a brush that fades towards its edge.
func (k *Controller) SetSoft(on bool) {
	k.soft = on
	k.announce()
}

// SetErase chooses whether the brush uncovers.
func (k *Controller) SetErase(on bool) {
	k.erase = on
	k.announce()
}

// ScaleBrush makes the brush wider or narrower by a factor.
func (k *Controller) ScaleBrush(by float64) { k.SetBrush(k.brush * by) }

// SetBrush is the width of the brush in units of the window.
func (k *Controller) SetBrush(width float64) {
	if width == width {
		k.brush = min(max(width, leastBrush), mostBrush)
	}
	k.announce()
}

// values are the fill as methods read it.
func values(fill string) visualizers.Values {
	v, err := cover.HandFill.Parse(fill)
	if err != nil {
		v = cover.HandFill.Options[0] // it was parsed before
	}
	return visualizers.Values{cover.HandFill.ID: v, cover.OcclusionSeed.ID: cover.OcclusionSeed.Default}
}

// Brush is how the brush draws: its width in units of the window, and the rest.
type Brush struct {
	Width       float64
	Soft, Erase bool
}

// Brush is how the brush draws.
func (k *Controller) Brush() Brush { return Brush{k.brush, k.soft, k.erase} }

// Shown is what there is to show of covering.
type Shown struct {
	On    bool
	Brush Brush
	Fill  string
	Look  *control.Look // that is covered, whole; nil where nothing can be
	// Layer is what is covered, over the picture, as the model gets it; nil for nothing.
	Layer  *image.RGBA
	Share  float64       // of the model's input that is covered, 0…1
	Now    []score.Class // the answer to what is left, best first; nil until it is known
	Behind bool          // Now is of an earlier stroke
	States []State       // oldest first; nil where nothing was ever covered
	At     int           // index into States
	Empty  bool          // nothing is covered
	Used   bool          // the methods explain a covered form of the picture
	Same   bool          // the one that is shown
	Err    error
}

// Shown is read only.
func (k *Controller) Shown() Shown {
	s := Shown{On: k.on, Brush: k.Brush(), Fill: k.fill, Look: k.look, Empty: true, Err: k.err}
	if d := k.drawn; d != nil {
		s.Layer, s.Share = d.layer, d.share
	}
	if k.sheet != nil {
		s.States, s.At, s.Empty = k.valued(), k.sheet.at, k.drawn == nil || k.drawn.layer == nil
	}
	if m := k.c.State().Model; m != nil && k.answered > 0 {
		s.Now, s.Behind = m.Rank(k.now), k.answered != k.version
	}
	if used, ok := k.c.Altered().(*used); ok {
		s.Used = true
		s.Same = k.sheet != nil && k.sheet.before == nil && used.id == k.sheet.states[k.sheet.at].ID
	}
	return s
}

// valued are the states with the values of what is explained now.
func (k *Controller) valued() []State {
	list := append([]State(nil), k.sheet.states...)
	s := k.c.State()
	for i := range list {
		one := &list[i]
		if !one.answered {
			continue
		}
		if v, err := s.Target.Value(one.scores); err == nil {
			one.Value, one.Known = v, true
		}
	}
	return list
}

func (k *Controller) announce() { k.c.Announce(control.CoverChanged) }

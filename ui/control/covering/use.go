package covering

import (
	"picasso/backend/infer"
	"picasso/ui/control"
	"picasso/ui/report"
	"picasso/visualizers"
)

// used is a covered form of a picture that all methods explain in its place. It
// implements [control.Alteration].
type used struct {
	id            int // of the state
	height, width int
	runs          Runs
	fill          string
}

// Input implements [control.Alteration].
func (u *used) Input(m control.Model, k *control.Look) (infer.Tensor, report.Covered, error) {
	if k.Image.Height != u.height || k.Image.Width != u.width {
		return infer.Tensor{}, report.Covered{}, errRuns
	}
	s := newMask(u.height, u.width)
	if err := u.runs.open(s); err != nil {
		return infer.Tensor{}, report.Covered{}, err
	}
	hand := handOf(s.share, s.height, s.width, k)
	in := visualizers.Input{Subject: k.Asks(m), Image: k.Image, Tensor: k.Input, Base: k.Base, Values: values(u.fill)}
	return hand.Covered(in), report.Covered{Fill: u.fill, Share: report.Number(hand.Share())}, nil
}

// Use makes the covered picture the one that all methods explain, until
// [Controller.UseWhole]. Covering ends, so that their maps are seen.
func (k *Controller) Use() {
	if k.sheet == nil || k.sheet.empty() {
		k.c.Say("Nothing is covered yet. Paint on the picture first.")
		return
	}
	k.EndStroke()
	s := k.sheet
	k.c.Alter("Use the covered picture", &used{s.states[s.at].ID, s.mask.height, s.mask.width, s.mask.runs(), s.fill})
	k.Open(false)
}

// UseWhole lets all methods explain the picture as it is again.
func (k *Controller) UseWhole() {
	if k.c.Altered() != nil {
		k.c.Alter("Use the whole picture", nil)
	}
}

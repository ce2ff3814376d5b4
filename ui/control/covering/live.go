package covering

import (
	"context"
	"fmt"
	"image"
	"slices"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/task"
	"picasso/visualizers"
	"picasso/visualizers/cover"
)

// job is a mask as it was, to be drawn and to be asked about.
type job struct {
	version int // 0 for a state of the past
	state   int // that it is, 0 while a stroke is drawn
	look    *control.Look
	model   control.Model
	hand    cover.Hand
	fill    string
	unseen  []uint8 // the mask over the layer, where the model does not see all of the picture
	paint   control.Painter
}

// drawn is a picture with a part covered.
type drawn struct {
	job
	input infer.Tensor
	layer *image.RGBA // nil where nothing is covered
	small *image.RGBA // nil while a stroke is drawn
	share float64
}

// touch says that the mask or its colours are others now.
func (k *Controller) touch() {
	k.version++
	k.pump()
	k.announce()
}

// job is the present mask, ready to be drawn elsewhere.
func (k *Controller) job() job {
	j := k.jobOf(k.sheet.mask, k.sheet.fill)
	j.version = k.version
	if k.sheet.before == nil {
		j.state = k.sheet.states[k.sheet.at].ID
	}
	return j
}

func (k *Controller) jobOf(m *mask, fill string) job {
	l := k.look
	j := job{
		look: l, model: k.c.State().Model, fill: fill, paint: k.c.Painter(l),
		hand: handOf(m.share, m.height, m.width, l),
	}
	if !seesAll(l) {
		j.unseen = m.sampled(layerSize(l))
	}
	return j
}

// pump draws and asks about what is newest, unless that is being done.
func (k *Controller) pump() {
	if k.sheet == nil || !k.on {
		return
	}
	if !k.drawing.Running() && (k.drawn == nil || k.drawn.version != k.version) {
		j := k.job()
		task.Start(k.drawing, control.Lend(k.c, func(context.Context, control.Model, func(func())) (*drawn, error) { return j.draw() }), k.took)
	}
	k.pumpAnswers()
}

// took shows what was drawn.
func (k *Controller) took(d *drawn, err error) {
	if k.err = err; err != nil {
		d = &drawn{job: job{version: k.version}} // it is not tried again before the next stroke
	} else if i := k.sheet.find(d.state); i >= 0 {
		k.sheet.states[i].Small, k.sheet.states[i].Share = d.small, d.share
	}
	k.drawn = d
	k.pump()
	k.announce()
}

// answer is what the model says of a covered picture.
type answer struct {
	version, state int
	scores         score.Scores
	best           int
	drawn          *drawn
}

// pumpAnswers asks about the newest picture that was drawn; while that is answered,
// about states that strokes went on from before they were.
func (k *Controller) pumpAnswers() {
	if k.asking.Running() {
		return
	}
	d := k.drawn
	switch {
	case d != nil && d.input.Data != nil && d.version > k.answered:
		k.ask(func() (*drawn, error) { return d, nil })
	case k.sheet.before == nil && !k.drawing.Running():
		for i := len(k.sheet.states) - 1; i >= 0; i-- {
			if one := k.sheet.states[i]; !one.answered {
				j := k.jobOf(k.sheet.in(i), one.Fill)
				j.state = one.ID
				k.ask(j.draw)
				return
			}
		}
	}
}

func (k *Controller) ask(of func() (*drawn, error)) {
	task.Start(k.asking, control.Lend(k.c, func(ctx context.Context, _ control.Model, _ func(func())) (answer, error) {
		d, err := of()
		if err != nil {
			return answer{}, err
		}
		list, err := d.look.Asks(d.model).Predict(ctx, []infer.Tensor{d.input})
		if err != nil {
			return answer{}, fmt.Errorf("run the model on the covered picture: %w", err)
		}
		if len(list) != 1 {
			return answer{}, fmt.Errorf("the model returned %d answers for one picture", len(list))
		}
		a := answer{version: d.version, state: d.state, scores: list[0], best: -1, drawn: d}
		if ranked := d.model.Rank(list[0]); len(ranked) > 0 {
			a.best = ranked[0].Index
		}
		return a, nil
	}), k.heard)
}

// heard shows an answer.
func (k *Controller) heard(a answer, err error) {
	if err != nil {
		k.err, k.answered = err, k.version
		k.announce()
		return
	}
	if a.version > 0 {
		k.answered, k.now = a.version, a.scores
	}
	if i := k.sheet.find(a.state); i >= 0 {
		one := &k.sheet.states[i]
		one.answered, one.scores, one.Share = true, a.scores, a.drawn.share
		one.Flipped = len(k.look.Ranked) > 0 && a.best != k.look.Ranked[0].Index
		if one.Small == nil {
			one.Small = a.drawn.small
		}
	}
	k.pump()
	k.announce()
}

// forgetAnswers is for another model.
func (k *Controller) forgetAnswers() {
	for _, s := range k.sheets {
		for i := range s.states {
			s.states[i].answered, s.states[i].scores = false, score.Scores{}
		}
	}
}

// input is what a method is asked with, of a whole picture.
func (j *job) input() visualizers.Input {
	return visualizers.Input{Subject: j.look.Asks(j.model), Image: j.look.Image, Tensor: j.look.Input, Base: j.look.Base, Values: values(j.fill)}
}

// draw makes the model's input and its picture.
func (j job) draw() (*drawn, error) {
	d := &drawn{job: j, input: j.hand.Covered(j.input()), share: j.hand.Share()}
	c := newColours(&d.job, d.input)
	if d.share > 0 || slices.ContainsFunc(j.unseen, covered) {
		d.layer = c.layer(j.unseen)
	}
	if j.state != 0 {
		d.small = c.small()
	}
	return d, nil
}

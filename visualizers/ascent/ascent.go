package ascent

import (
	"context"
	"fmt"
	"math/rand/v2"

	"picasso/backend/infer"
	"picasso/visualizers"
)

// Goal is what pictures are drawn for.
type Goal struct {
	// Name says it in words: "tank".
	Name string
	// Gradient is d score / d input for every input of a batch.
	Gradient func(ctx context.Context, batch []infer.Tensor) ([]infer.Tensor, error)
	// Answer says in a sentence what the network makes of the finished picture.
	Answer func(ctx context.Context, x infer.Tensor) (string, error)
}

// shown is after how many steps a picture is shown; before the first of these it is
// shown whenever their number doubles.
const shown = 8

// shows reports whether the picture is shown after a number of steps.
func shows(steps int) bool { return steps%shown == 0 || steps < shown && steps&(steps-1) == 0 }

// Draw draws a picture for each goal, one after the other. Every picture is a
// part of the result, followed by a text that says what it is.
func Draw(ctx context.Context, in visualizers.Input, goals []Goal, emit func(visualizers.Result)) (visualizers.Result, error) {
	if err := in.Check(); err != nil {
		return visualizers.Result{}, err
	}
	s, ok := in.Subject.(visualizers.Decoded)
	if !ok {
		return visualizers.Result{}, fmt.Errorf("this model does not tell how its inputs become pictures again, so nothing can be drawn for it")
	}
	d := &drawing{in: in, reach: reachOf(s, in), goals: len(goals), emit: emit}
	d.size.channels, d.size.height, d.size.width = in.Subject.Shape()
	if err := d.prepare(ctx); err != nil {
		return visualizers.Result{}, err
	}
	for k, g := range goals {
		if err := d.draw(ctx, k, g); err != nil {
			return visualizers.Result{}, err
		}
	}
	return d.result(1, ""), nil
}

// drawing is a run.
type drawing struct {
	size
	in       visualizers.Input
	reach    reach
	method   Method
	strength []float64 // of the coefficients, where phases are drawn
	note     string
	goals    int
	emit     func(visualizers.Result)
	parts    []visualizers.Part // of the goals that are done
	passes   int
}

// prepare looks at the pictures that the method learns from.
func (d *drawing) prepare(ctx context.Context) error {
	d.method = Method(method.In(d.in.Values))
	if d.method != Phase {
		return nil
	}
	var pictures [][]float64
	if d.in.Beside != nil {
		list, err := d.in.Beside(ctx, most)
		if err != nil {
			return err
		}
		for _, x := range list {
			pictures = append(pictures, d.reach.canvas(d.size, x))
		}
	}
	d.strength, d.note = amplitudes(d.size, pictures), learnt(len(pictures))
	return ctx.Err()
}

// canvas is where a picture begins.
func (d *drawing) canvas(random *rand.Rand) (canvas, camera) {
	c := colours{}
	c.channel, c.mixed = d.reach.decoder.Colours()
	c.mixed = c.mixed && d.channels == 3
	switch d.method {
	case Pixels:
		return newPixels(d.size), trembling
	case Phase:
		return newPhases(d.size, c, d.strength, random), cropping
	}
	return newCoefficients(d.size, c, random), turning
}

// draw draws the picture of one goal.
func (d *drawing) draw(ctx context.Context, k int, g Goal) error {
	random := rand.New(rand.NewPCG(uint64(seed.In(d.in.Values)), 0))
	c, camera := d.canvas(random)
	a := newAdam(rates[d.method], len(c.parameters()))
	total := steps.In(d.in.Values)
	for i := range total {
		slope, err := d.slope(ctx, c, g, func() (shot, float64) { return camera(random, float64(i)/float64(total)) }, random)
		if err != nil {
			return fmt.Errorf("step %d of %d: %w", i+1, total, err)
		}
		a.step(c.parameters(), slope)
		c.settle()
		if !shows(i+1) || i+1 == total {
			continue
		}
		done := (float64(k) + float64(i+1)/float64(total)) / float64(d.goals)
		if d.emit != nil {
			picture := visualizers.Part{Title: g.Name, Picture: d.reach.picture(d.reach.input(d.size, c.paint()))}
			d.emit(d.result(done, fmt.Sprintf("step %d of %d", i+1, total), picture, Caption(g.Name, fmt.Sprintf("Step %d of %d.", i+1, total))))
		}
		if err := d.in.Rest(ctx, done); err != nil {
			return err
		}
	}
	return d.finish(ctx, c, g)
}

// finish keeps a picture and asks the network about it.
func (d *drawing) finish(ctx context.Context, c canvas, g Goal) error {
	x := d.reach.input(d.size, c.paint())
	said, err := g.Answer(ctx, x)
	if err != nil {
		return err
	}
	d.passes++
	d.parts = append(d.parts, visualizers.Part{Title: g.Name, Picture: d.reach.picture(x)}, Caption(g.Name, said))
	return nil
}

// slope is d score / d parameters, over some views of the canvas.
func (d *drawing) slope(ctx context.Context, c canvas, g Goal, next func() (shot, float64), random *rand.Rand) ([]float64, error) {
	canvas := c.paint()
	slope := make([]float64, len(canvas))
	count := views.In(d.in.Values)
	for start := 0; start < count; {
		n := min(count-start, max(1, d.in.Subject.Batch()))
		var taken []view
		var batch []infer.Tensor
		for range n {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			by, noise := next()
			v := newView(d.size, by)
			taken, batch = append(taken, v), append(batch, d.reach.input(d.size, noisy(v.of(canvas), noise, random)))
		}
		gs, err := g.Gradient(ctx, batch)
		if err != nil {
			return nil, err
		}
		for i, v := range taken {
			v.pull(slope, d.reach.pull(d.size, gs[i]))
		}
		start += n
		d.passes += n
	}
	for i := range slope {
		slope[i] /= float64(count)
	}
	if d.method == Pixels {
		Prior{squares.In(d.in.Values), variation.In(d.in.Values)}.pull(d.size, canvas, slope)
	}
	return c.pull(slope), ctx.Err()
}

// noisy adds noise of a deviation to a view, in place.
func noisy(values []float64, noise float64, random *rand.Rand) []float64 {
	if noise == 0 {
		return values
	}
	for i := range values {
		values[i] += noise * random.NormFloat64()
	}
	return values
}

// result is what there is, and what is being drawn.
func (d *drawing) result(done float64, stage string, more ...visualizers.Part) visualizers.Result {
	r := visualizers.Result{Done: done, Passes: d.passes, Stage: stage, Note: d.note, Warnings: visualizers.GradientNotes(d.in.Subject)}
	r.Parts = append(append(r.Parts, d.parts...), more...)
	return r
}

// Caption says what a drawn picture is, and what is known about it.
func Caption(name, known string) visualizers.Part {
	return visualizers.Part{Text: "What this network would draw for " + name + ". It is not a picture of one. " + known}
}

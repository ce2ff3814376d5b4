package visualizers

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"picasso/backend/perturb"
)

// Previewer is implemented by a visualizer that can tell the cost of a run
// before it starts.
type Previewer interface {
	Preview(s Subject, v Values) Preview
}

// Preview is what a run would take and what would be wrong with it.
type Preview struct {
	Passes int  // images through the model
	Most   bool // Passes is what they are at most
	Solid  bool // they are volumes
	// Time is what they take at most at the rate that was measured for the way
	// they will be computed, or from what was counted of it; 0 where nothing is
	// known yet.
	Time     time.Duration
	Bytes    int64    // memory held at once, beyond the model's own
	Warnings []string // as in [Result]
	// Learn finds out what Time lacks, off the user's goroutine: until then it
	// is that of full runs. Nil where nothing is missing.
	Learn func(ctx context.Context) error
}

// Estimator is a Subject that knows what its work takes.
type Estimator interface {
	// EstimateCopies is for copies of a picture that differ from it inside
	// windows of a size, scored in the way of engine. It answers at once.
	EstimateCopies(window perturb.Size, copies int, engine perturb.Engine) perturb.Estimate
	// LearnCopies counts what EstimateCopies does not know of such windows.
	LearnCopies(ctx context.Context, window perturb.Size) error
	// EstimateGradients is the time for gradients of pictures.
	EstimateGradients(n int) time.Duration
}

// Long is the time from which a run is not started without being asked for.
const Long = time.Minute

// Long reports whether a run should be asked for first, as far as is known.
func (p Preview) Long() bool { return p.Time > Long }

// String is the cost in words: "196 images through the model, about 2.5 s, 12
// MB of memory".
func (p Preview) String() string {
	text := Grouped(p.Passes) + " " + Inputs(p.Passes, p.Solid) + " through the model"
	if p.Most {
		text = "up to " + text
	}
	switch {
	case p.Time > 0 && (p.Learn != nil || p.Most):
		text += ", up to " + Spoken(p.Time)
	case p.Time > 0:
		text += ", about " + Spoken(p.Time)
	}
	if mb := p.Bytes >> 20; mb > 0 {
		text += fmt.Sprintf(", %s MB of memory", Grouped(int(mb)))
	}
	return text
}

// Inputs is what a number of inputs is called, of a model of volumes where solid is
// set.
func Inputs(n int, solid bool) string {
	name := "picture"
	if solid {
		name = "volume"
	}
	if n != 1 {
		name += "s"
	}
	return name
}

// Grouped writes a number with its digits in groups of three, from 10 000 on.
func Grouped(n int) string {
	text := strconv.Itoa(n)
	if len(text) < 5 || n < 0 {
		return text
	}
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "\u00a0" + text[at:]
	}
	return text
}

// Spoken writes a time as people say it.
func Spoken(d time.Duration) string {
	switch {
	case d < 100*time.Millisecond:
		return "0.1 s"
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.0f h", d.Hours())
}

// PassPreview is the cost of a number of images, each through the whole model.
func PassPreview(s Subject, passes int) Preview {
	p := Preview{Passes: passes, Solid: DepthOf(s) > 0, Bytes: int64(min(passes, max(1, s.Batch()))) * inputBytes(s)}
	if e, ok := s.(Estimator); ok {
		p.Time = e.EstimateCopies(perturb.Size{}, passes, perturb.PlainEngine).Time
	}
	return p
}

// GradientPreview is the cost of a number of gradients.
func GradientPreview(s Subject, samples int) Preview {
	p := Preview{Passes: samples, Solid: DepthOf(s) > 0, Bytes: 2 * int64(min(samples, max(1, s.Batch()))) * inputBytes(s)}
	if e, ok := s.(Estimator); ok {
		p.Time = e.EstimateGradients(samples)
	}
	return p
}

// CopiesPreview is the cost of a number of copies covered by windows of a size.
func CopiesPreview(s Subject, windows int, size perturb.Size, engine perturb.Engine) Preview {
	p := Preview{Passes: windows, Solid: DepthOf(s) > 0, Bytes: int64(s.Batch()) * inputBytes(s)}
	e, ok := s.(Estimator)
	if !ok {
		return p
	}
	cost := e.EstimateCopies(size, windows, engine)
	p.Time, p.Bytes = cost.Time, p.Bytes+cost.Bytes
	if cost.Notice != "" {
		p.Warnings = append(p.Warnings, cost.Notice)
	}
	if cost.Bound {
		p.Learn = func(ctx context.Context) error { return e.LearnCopies(ctx, size) }
	}
	return p
}

// inputBytes is the size of one input of the model.
func inputBytes(s Subject) int64 {
	channels, height, width := s.Shape()
	return int64(channels*height*width) * 4
}

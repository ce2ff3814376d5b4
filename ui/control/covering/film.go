package covering

import (
	"context"
	"fmt"
	"image"
	"io"
	"path/filepath"
	"strings"

	"golang.org/x/image/draw"

	"picasso/backend/visible"
	"picasso/ui/control"
	"picasso/ui/control/task"
	"picasso/ui/drawing"
	"picasso/ui/drawing/animation"
	"picasso/visualizers"
	"picasso/visualizers/spelling"
)

// film is what a film of the strokes is made of.
type film struct {
	k      *Controller
	mask   *mask // of the first state
	states []State
	base   *image.RGBA // the whole picture
	job    job         // without its mask
	words  func(State) []string
	done   int
}

// SaveFilm writes the states of the current picture as a GIF, each with what the model
// says of it.
func (k *Controller) SaveFilm(path string) {
	if k.sheet == nil || len(k.sheet.states) < 2 {
		k.c.Say("There are no strokes to be seen in a film yet.")
		return
	}
	k.EndStroke()
	path = strings.TrimSuffix(path, ".gif") + ".gif"
	f := &film{k: k, mask: k.sheet.in(0), states: k.valued(), base: k.c.Shown(), words: k.worded(),
		job: job{look: k.look, model: k.c.State().Model, paint: k.c.Painter(k.look)}}
	f.states = f.states[max(0, len(f.states)-animation.MostFrames):]
	save, notice := k.c.Saver(path), drawing.Notice(k.look.Image)
	k.film = f
	task.Start(k.filming, control.Lend(k.c, func(ctx context.Context, _ control.Model, tell func(func())) (struct{}, error) {
		frames, err := f.frames(ctx, func(n int) {
			tell(func() {
				f.done = n
				k.announce()
			})
		})
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, save(func(w io.Writer) error { return animation.Write(ctx, w, frames, notice) })
	}), func(_ struct{}, err error) {
		k.film = nil
		if err != nil {
			k.c.Tell("save the film", err)
		} else {
			k.c.Say("Saved the strokes as " + filepath.Base(path) + ".")
		}
		k.announce()
	})
	k.announce()
}

// told says how far the film is.
func (k *Controller) told() (share float64, text string) {
	if k.film == nil {
		return 0, "Making a film of the strokes"
	}
	return float64(k.film.done) / float64(len(k.film.states)+1), fmt.Sprintf("Making a film of the strokes: %d of %d", k.film.done, len(k.film.states))
}

// frames draws the states.
func (f *film) frames(ctx context.Context, drawn func(n int)) ([]animation.Frame, error) {
	var frames []animation.Frame
	l := f.job.look
	size := animation.Within(l.Image.Width, l.Image.Height)
	small := image.NewRGBA(image.Rectangle{Max: size})
	draw.ApproxBiLinear.Scale(small, small.Rect, f.base, f.base.Rect, draw.Src, nil)
	for i, one := range f.states {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if i > 0 {
			f.mask.toggle(one.patch)
		}
		j := f.job
		j.fill = one.Fill
		j.hand = handOf(f.mask.share, f.mask.height, f.mask.width, l)
		m := image.NewRGBA(small.Rect)
		copy(m.Pix, small.Pix)
		newColours(&j, j.hand.Covered(j.input())).onto(m, nothing)
		one.Share = j.hand.Share()
		frames = append(frames, animation.Frame{Picture: m, Words: f.words(one)})
		drawn(i + 1)
	}
	return frames, nil
}

// worded says what the model says of a state.
func (k *Controller) worded() func(State) []string {
	s := k.c.State()
	symbol, scale := visible.Text(s.Target.Symbol(s.Model)), s.Target.Score
	before, err := s.Target.Value(k.look.Base)
	return func(one State) []string {
		lines := []string{symbol + " was not asked for"}
		if one.Known && err == nil {
			lines[0] = fmt.Sprintf("%s %s → %s  (%s)", symbol, visualizers.ScoreWords(before, scale), visualizers.ScoreWords(one.Value, scale), spelling.Signed(one.Value-before))
		}
		if one.Flipped {
			lines[0] += ", another answer"
		}
		return append(lines, fmt.Sprintf("%.1f %% covered, fill %s", 100*one.Share, one.Fill))
	}
}

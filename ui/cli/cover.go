package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/visible"
	"picasso/ui/cli/named"
	"picasso/ui/report"
	"picasso/visualizers"
	"picasso/visualizers/cover"
)

// coveredPicture is one picture's entry in `cover --json`.
type coveredPicture struct {
	Image  string              `json:"image"`
	Fill   string              `json:"fill,omitempty"`
	Share  report.Number       `json:"share"` // of the model's input that is covered, 0…1
	Before []report.Prediction `json:"before,omitempty"`
	After  []report.Prediction `json:"after,omitempty"`
	Error  string              `json:"error,omitempty"`
}

// covering is what `cover` is asked to do.
type covering struct {
	boxes  []box
	invert bool
	values []string // settings of the fill
	top    int
}

// box is a rectangle of a picture's pixels, the ends left out.
type box struct{ top, left, bottom, right int }

func coverPictures(ctx context.Context, env Env, args []string) error {
	var (
		mf     modelFlags
		images texts
		choice named.Selection
		q      covering
		fill   string
		seed   string
		asJSON bool
	)
	fs := flags("cover")
	mf.declare(fs)
	fs.Var(&images, "image", "the `path` of a picture, a folder of pictures, or a scan (DICOM, NIfTI); may be repeated")
	choice.Declare(fs)
	fs.Func("box", "a rectangle `y0,x0,y1,x1` in pixels of the picture to cover: rows y0 up to but not including y1, columns x0 up to x1; may be repeated", q.addBox)
	fs.StringVar(&fill, "fill", "mean", "what is put in its `place`, as in occlusion: mean, grey, black, white, zero, blur, noise, or a number in the picture's units")
	fs.StringVar(&seed, "seed", "0", "the `seed` of the fill noise")
	fs.BoolVar(&q.invert, "invert", false, "cover everything else")
	fs.IntVar(&q.top, "top", 5, "how many classes to print; 0 prints all")
	fs.BoolVar(&asJSON, "json", false, "print JSON")
	if err := parse(env, fs, args, &images); err != nil {
		return err
	}
	if err := mf.check(); err != nil {
		return err
	}
	if err := misused(choice.Check()); err != nil {
		return err
	}
	switch {
	case len(images) == 0:
		return wrong("--image is missing: give a picture, a folder of pictures, or a scan")
	case len(q.boxes) == 0:
		return wrong("--box is missing: say what to cover")
	case q.top < 0:
		return wrong("--top %d: give the number of classes to print, or 0 for all", q.top)
	case fill == "gauss":
		return wrong("--fill gauss fades towards the edges of a window; use mean")
	}
	q.values = []string{"fill=" + fill, "seed=" + seed}
	items, err := expand(ctx, env, images, &choice)
	if err != nil {
		return err
	}
	mf.sizeOf(items)
	m, _, err := mf.open(ctx, env)
	if err != nil {
		return err
	}
	defer m.Close()
	return q.all(ctx, env, m, items, asJSON)
}

// addBox reads y0,x0,y1,x1.
func (q *covering) addBox(text string) error {
	var n [4]int
	parts := strings.Split(text, ",")
	if len(parts) != len(n) {
		return errors.New("give four whole numbers y0,x0,y1,x1, for example 10,20,40,60")
	}
	for i, part := range parts {
		v, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil {
			return errors.New("give four whole numbers y0,x0,y1,x1, for example 10,20,40,60")
		}
		n[i] = v
	}
	b := box{n[0], n[1], n[2], n[3]}
	if b.top < 0 || b.left < 0 || b.bottom <= b.top || b.right <= b.left {
		return errors.New("the rectangle is empty: y1 must be above y0, x1 above x0, and none negative")
	}
	q.boxes = append(q.boxes, b)
	return nil
}

// all covers every picture in the same way.
func (q *covering) all(ctx context.Context, env Env, m *backend.Model, items []named.Item, asJSON bool) error {
	values, err := visualizers.ParseValues(cover.Occlusion{}, m, q.values)
	if err != nil {
		return wrong("--fill: %w", err)
	}
	if q.top == 0 {
		q.top = m.Classes()
	}
	failed, said := 0, newRemarks(env)
	list := make([]coveredPicture, 0, len(items))
	for _, it := range items {
		p := coveredPicture{Image: it.Label, Error: stopped}
		if ctx.Err() == nil {
			p = q.one(ctx, said, m, it, values)
		}
		if ctx.Err() != nil && p.Error != "" {
			p.Error = stopped
		}
		switch {
		case p.Error != "":
			failed++
			if p.Error != stopped {
				fmt.Fprintln(env.Stderr, "picasso:", imageError{it.Said, p.Error}.line())
			}
		case !asJSON:
			if err := printCovered(env.Stdout, p); err != nil {
				return err
			}
		}
		list = append(list, p)
	}
	said.count()
	if asJSON {
		if err := printJSON(env.Stdout, list); err != nil {
			return err
		}
	}
	if failed > 0 {
		return ended(ctx, failed, len(items))
	}
	return nil
}

// one covers a picture and predicts it before and after.
func (q *covering) one(ctx context.Context, said *remarks, m *backend.Model, it named.Item, values visualizers.Values) coveredPicture {
	p := coveredPicture{Image: it.Label, Fill: cover.OcclusionFill.In(values)}
	s, err := load(ctx, m, it)
	if err != nil {
		p.Error = reason(err)
		return p
	}
	said.look(s)
	height, width := pixels(m, s)
	inside, err := q.inside(height, width)
	if err != nil {
		p.Error = oneLine(err)
		return p
	}
	_, rows, columns := m.Shape()
	hand := cover.Project(inside, height, width, s.place, rows, columns)
	after := hand.Covered(visualizers.Input{Subject: m, Image: s.picture, Tensor: s.tensor, Values: values})
	scores, err := m.Predict(ctx, []infer.Tensor{s.tensor, after})
	if err != nil {
		p.Error = oneLine(err)
		return p
	}
	p.Share = report.Number(hand.Share())
	p.Before, p.After = report.Predictions(m, scores[0], q.top), report.Predictions(m, scores[1], m.Classes())
	p.After = inOrderOf(p.Before, p.After)
	return p
}

// pixels is the size of the picture that boxes count in: of an array that of the
// model's input.
func pixels(m *backend.Model, s subject) (height, width int) {
	if s.picture != nil {
		return s.picture.Height, s.picture.Width
	}
	_, height, width = m.Shape()
	return height, width
}

// inside marks the pixels to be covered.
func (q *covering) inside(height, width int) ([]bool, error) {
	inside := make([]bool, height*width)
	for _, b := range q.boxes {
		if b.top >= height || b.left >= width {
			return nil, fmt.Errorf("the rectangle %d,%d,%d,%d lies outside of the picture of %d × %d pixels", b.top, b.left, b.bottom, b.right, width, height)
		}
		for y := b.top; y < min(b.bottom, height); y++ {
			for x := b.left; x < min(b.right, width); x++ {
				inside[y*width+x] = true
			}
		}
	}
	if q.invert {
		for i := range inside {
			inside[i] = !inside[i]
		}
	}
	return inside, nil
}

// inOrderOf are the answers for the classes of others, and the best one where it is
// none of these: a class that came up must not be left out.
func inOrderOf(before, after []report.Prediction) []report.Prediction {
	out := make([]report.Prediction, 0, len(before)+1)
	for _, b := range before {
		for _, a := range after {
			if a.Index == b.Index {
				out = append(out, a)
			}
		}
	}
	for _, a := range out {
		if a.Index == after[0].Index {
			return out
		}
	}
	return append(out, after[0])
}

func printCovered(w io.Writer, p coveredPicture) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%.1f %% covered, fill %s)\n", visible.Text(p.Image), 100*float64(p.Share), p.Fill)
	was := map[int]report.Prediction{}
	for _, c := range p.Before {
		was[c.Index] = c
	}
	for _, c := range p.After {
		before, known := was[c.Index]
		if !known {
			fmt.Fprintf(&b, "  %8s → %8.4f             %s (%d), the answer now\n", "", float64(c.Probability), visible.Text(c.Name), c.Index)
			continue
		}
		fmt.Fprintf(&b, "  %8.4f → %8.4f  %+9.4f  %s (%d)\n", float64(before.Probability), float64(c.Probability),
			float64(c.Probability-before.Probability), visible.Text(c.Name), c.Index)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

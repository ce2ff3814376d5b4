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
	"picasso/backend/mask"
	"picasso/backend/visible"
	"picasso/ui/cli/named"
	"picasso/ui/cli/volumes"
	"picasso/ui/report"
	"picasso/visualizers"
	"picasso/visualizers/cover"
	"picasso/visualizers/trust"
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
	mask   string     // path of regions, "" for none
	file   *mask.File // read
	invert bool
	values visualizers.Values // fill and its seed
	top    int
}

// box is a rectangle of a picture's pixels, or a box of a volume's, the ends left out.
type box struct {
	front, top, left, back, bottom, right int
	solid                                 bool // in a volume
}

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
	mf.block.Declare(fs)
	mf.volumes = true
	fs.Var(&images, "image", "the `path` of a picture, a folder of pictures, or a scan (DICOM, NIfTI); may be repeated")
	choice.Declare(fs)
	fs.Func("box", "a rectangle `y0,x0,y1,x1` in pixels of the picture to cover: rows y0 up to but not including y1, columns x0 up to x1; for a model of volumes `z0,y0,x0,z1,y1,x1`, with slices z0 up to z1 of the file; may be repeated", q.addBox)
	fs.StringVar(&q.mask, "mask", "", "the `path` of regions to cover, as .png or .npy of the picture's size (0 outside), .json (COCO) or .txt (YOLO), or a segmentation in the patient (DICOM SEG, NIfTI) of the same grid")
	fs.StringVar(&fill, "fill", "mean", "what is put in its `place`: as in occlusion mean, grey, black, white, zero, blur, noise, or a number in the picture's units; or smooth, which continues the surroundings")
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
	case len(q.boxes) == 0 && q.mask == "":
		return wrong("--box or --mask is missing: say what to cover")
	case q.top < 0:
		return wrong("--top %d: give the number of classes to print, or 0 for all", q.top)
	case fill == "gauss":
		return wrong("--fill gauss fades towards the edges of a window; use mean")
	}
	if err := q.read(ctx, fill, seed); err != nil {
		return err
	}
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
	if err := q.suit(m); err != nil {
		return err
	}
	if items, err = whole(m, items, &choice); err != nil {
		return err
	}
	return q.all(ctx, env, m, items, asJSON)
}

// read reads the settings of the fill and the file of regions.
func (q *covering) read(ctx context.Context, fill, seed string) error {
	named, err := cover.HandFill.Parse(fill)
	if err != nil {
		return wrong("--fill: %w", err)
	}
	number, err := cover.OcclusionSeed.Parse(seed)
	if err != nil {
		return wrong("--seed: %w", err)
	}
	q.values = visualizers.Values{cover.HandFill.ID: named, cover.OcclusionSeed.ID: number}
	if q.mask == "" {
		return nil
	}
	if q.file, err = mask.Open(ctx, q.mask); err != nil {
		return wrong("--mask: %w", err)
	}
	return nil
}

// errBox is what --box takes.
var errBox = errors.New("give four whole numbers y0,x0,y1,x1, for example 10,20,40,60, or in a volume six, z0,y0,x0,z1,y1,x1")

// addBox reads y0,x0,y1,x1 or z0,y0,x0,z1,y1,x1.
func (q *covering) addBox(text string) error {
	var n []int
	for part := range strings.SplitSeq(text, ",") {
		v, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil {
			return errBox
		}
		n = append(n, v)
	}
	b := box{back: 1}
	switch len(n) {
	case 4:
		b.top, b.left, b.bottom, b.right = n[0], n[1], n[2], n[3]
	case 6:
		b = box{n[0], n[1], n[2], n[3], n[4], n[5], true}
	default:
		return errBox
	}
	if min(b.front, b.top, b.left) < 0 || b.back <= b.front || b.bottom <= b.top || b.right <= b.left {
		return errors.New("the rectangle is empty: y1 must be above y0, x1 above x0, in a volume z1 above z0, and none negative")
	}
	q.boxes = append(q.boxes, b)
	return nil
}

// suit refuses boxes of other than the model's axes.
func (q *covering) suit(m *backend.Model) error {
	for _, b := range q.boxes {
		switch {
		case b.solid && m.Depth() == 0:
			return wrong("--box: this model takes pictures, so a rectangle has four numbers, y0,x0,y1,x1")
		case !b.solid && m.Depth() > 0:
			return wrong("--box: this model takes volumes, so a box has six numbers, z0,y0,x0,z1,y1,x1")
		}
	}
	return nil
}

// all covers every picture in the same way.
func (q *covering) all(ctx context.Context, env Env, m *backend.Model, items []named.Item, asJSON bool) error {
	if q.top == 0 {
		q.top = m.Classes()
	}
	failed, said := 0, newRemarks(env)
	list := make([]coveredPicture, 0, len(items))
	for _, it := range items {
		p := coveredPicture{Image: it.Label, Error: stopped}
		if ctx.Err() == nil {
			p = q.one(ctx, said, m, it)
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
func (q *covering) one(ctx context.Context, said *remarks, m *backend.Model, it named.Item) coveredPicture {
	p := coveredPicture{Image: it.Label, Fill: cover.HandFill.In(q.values)}
	s, err := load(ctx, m, it)
	if err != nil {
		p.Error = reason(err)
		return p
	}
	said.look(s)
	hand, err := q.hand(ctx, m, s)
	if err != nil {
		p.Error = oneLine(err)
		return p
	}
	after := hand.Covered(visualizers.Input{Subject: m, Image: s.picture, Tensor: s.tensor, Values: q.values})
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

// hand is what is covered of the model's input.
func (q *covering) hand(ctx context.Context, m *backend.Model, s subject) (cover.Hand, error) {
	_, rows, columns := m.Shape()
	if s.volume != nil {
		inside, err := q.insideVolume(ctx, s.volume)
		return cover.Solid(inside, m.Depth(), rows, columns), err
	}
	on := s.ground()
	inside, err := q.inside(ctx, on)
	if err != nil {
		return cover.Hand{}, err
	}
	return cover.Project(inside, on.Height, on.Width, s.place, rows, columns), nil
}

// insideVolume marks the voxels of the model's input to be covered: those at whose
// middle the file's voxel is.
func (q *covering) insideVolume(ctx context.Context, v *volumes.Seen) ([]bool, error) {
	source := v.Block.Source
	for _, b := range q.boxes {
		if b.front >= source[0] || b.top >= source[1] || b.left >= source[2] {
			return nil, fmt.Errorf("the box %d,%d,%d,%d,%d,%d lies outside of the volume of %d slices of %d × %d pixels", b.front, b.top, b.left, b.back, b.bottom, b.right, source[0], source[2], source[1])
		}
	}
	inside := trust.OnBlock(v.Block, nil, func(slice, row, column int) uint8 {
		for _, b := range q.boxes {
			if slice >= b.front && slice < b.back && row >= b.top && row < b.bottom && column >= b.left && column < b.right {
				return 1
			}
		}
		return 0
	}).Covered()
	if q.file != nil {
		_, regions, err := v.Regions(ctx, q.file)
		if err != nil {
			return nil, err
		}
		for i, in := range regions.Covered() {
			inside[i] = inside[i] || in
		}
	}
	if q.invert {
		for i := range inside {
			inside[i] = !inside[i]
		}
	}
	return inside, nil
}

// inside marks the pixels to be covered.
func (q *covering) inside(ctx context.Context, on mask.Picture) ([]bool, error) {
	height, width := on.Height, on.Width
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
	if q.file != nil {
		regions, err := q.file.On(ctx, on)
		if err != nil {
			return nil, err
		}
		for i, in := range regions.All().Inside {
			inside[i] = inside[i] || in
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

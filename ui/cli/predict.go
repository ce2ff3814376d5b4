package cli

import (
	"context"
	"fmt"
	"io"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"strings"

	"picasso/backend"
	"picasso/backend/score"
	"picasso/backend/visible"
	"picasso/ui/cli/named"
	"picasso/ui/drawing"
	"picasso/ui/report"
)

// predicted is one image's entry in `predict --json`.
type predicted struct {
	Image       string              `json:"image"`
	SHA256      string              `json:"sha256,omitempty"`
	Predictions []report.Prediction `json:"predictions,omitempty"`
	Scan        *report.Scan        `json:"scan,omitempty"`
	Notice      string              `json:"notice,omitempty"`
	Volume      *report.Block       `json:"volume,omitempty"`      // which part of a volume the model got
	Remarks     []string            `json:"remarks,omitempty"`     // what was noticed while reading the picture
	Warnings    []string            `json:"warnings,omitempty"`    // what looks wrong with the input
	ModelNotes  []string            `json:"model_notes,omitempty"` // what was noticed while opening the model
	// Doubts are what the model's file and a trial run leave open about its output.
	Doubts []metadata.Doubt `json:"doubts,omitempty"`
	Error  string           `json:"error,omitempty"`
}

func predict(ctx context.Context, env Env, args []string) error {
	var (
		mf     modelFlags
		images texts
		choice named.Selection
		top    int
		asJSON bool
	)
	fs := flags("predict")
	mf.volumes = true
	mf.declare(fs)
	mf.block.Declare(fs)
	choice.DeclareChannels(fs)
	fs.Var(&images, "image", "the `path` of a picture, a folder of pictures, a scan (DICOM, NIfTI), or an .npy array; may be repeated")
	choice.Declare(fs)
	fs.IntVar(&top, "top", 5, "how many classes to print; 0 prints all")
	fs.BoolVar(&asJSON, "json", false, "print JSON")
	if err := parse(env, fs, args, &images); err != nil {
		return err
	}
	if err := mf.check(); err != nil {
		return err
	}
	if len(images) == 0 {
		return wrong("--image is missing: give a picture, a folder of pictures, or an .npy array")
	}
	if top < 0 {
		return wrong("--top %d: give the number of classes to print, or 0 for all", top)
	}
	if err := misused(choice.Check()); err != nil {
		return err
	}
	items, err := expand(ctx, env, images, &choice)
	if err != nil {
		return err
	}
	mf.sizeOf(items)
	mf.options.Many = len(items) >= manyItems
	mf.options.PictureMemory = choice.Memory
	model, _, err := mf.open(ctx, env)
	if err != nil {
		return err
	}
	defer model.Close()
	if items, err = whole(model, items, &choice); err != nil {
		return err
	}
	return predictAll(ctx, env, model, items, top, asJSON)
}

// manyItems is the number of pictures from which they go through the model beside each other:
// each by itself takes longer then.
const manyItems = 16

func predictAll(ctx context.Context, env Env, m *backend.Model, items []named.Item, top int, asJSON bool) error {
	if top == 0 {
		top = m.Classes()
	}
	failed, said := 0, newRemarks(env)
	all := make([]predicted, 0, len(items))
	answered := inLanes(m.Beside(), readAhead(ctx, m, items), func(r reading) answer { return predictOne(ctx, m, r) })
	for it, a := range answered {
		p := predicted{Image: it.Label, ModelNotes: m.Warnings.Texts(), Doubts: m.Doubts, Error: stopped}
		if ctx.Err() == nil {
			p = entry(said, m, a, top)
		}
		if p.Error != "" {
			failed++
		}
		switch {
		case ctx.Err() != nil && p.Error != "":
			p.Error = stopped
		case p.Error != "":
			fmt.Fprintln(env.Stderr, "picasso:", imageError{it.Said, p.Error}.line())
		case !asJSON:
			if err := printPredictions(env.Stdout, p, m.HasLogits()); err != nil {
				return err
			}
		}
		all = append(all, p)
	}
	said.count()
	if asJSON {
		if err := printJSON(env.Stdout, all); err != nil {
			return err
		}
	}
	if failed > 0 {
		return ended(ctx, failed, len(items))
	}
	return nil
}

// answer is what the model says of a reading, or why it says nothing.
type answer struct {
	reading
	scores score.Scores
	doubts []string // of the input
	failed error    // of the model
}

func predictOne(ctx context.Context, m *backend.Model, r reading) answer {
	a := answer{reading: r}
	if r.err != nil {
		return a
	}
	scores, err := r.subject.asked(m).Predict(ctx, []infer.Tensor{r.subject.tensor})
	if a.failed = err; err == nil {
		a.scores, a.doubts = scores[0], doubts(ctx, m, r.subject, scores[0])
	}
	return a
}

// entry is an answer as it is written down. What is said of its picture is said here, in the
// order of the pictures.
func entry(said *remarks, m *backend.Model, a answer, top int) predicted {
	s := a.subject
	p := predicted{Image: s.Label, ModelNotes: m.Warnings.Texts(), Doubts: m.Doubts}
	if a.err != nil {
		p.Error = reason(a.err)
		return p
	}
	p.Remarks = said.look(s)
	subject := seen(m, s)
	p.SHA256, p.Notice, p.Scan, p.Volume = s.sha256, drawing.Notice(s.picture), report.NewScan(subject), subject.Block
	if a.failed != nil {
		p.Error = oneLine(a.failed)
		return p
	}
	said.tell(s.Item, a.doubts)
	p.Warnings = a.doubts
	p.Predictions = report.Predictions(m, a.scores, top)
	s.giveBack()
	return p
}

func printPredictions(w io.Writer, p predicted, logits bool) error {
	var b strings.Builder
	fmt.Fprintln(&b, visible.Text(p.Image))
	for _, c := range p.Predictions {
		fmt.Fprintf(&b, "  %8.4f  ", c.Probability)
		if logits {
			fmt.Fprintf(&b, "%9.3f  ", *c.Logit)
		}
		fmt.Fprintf(&b, "%s (%d)\n", visible.Text(c.Name), c.Index)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

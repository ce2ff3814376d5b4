package cli

import (
	"context"
	"fmt"
	"io"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"strings"

	"picasso/backend"
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

func predictAll(ctx context.Context, env Env, m *backend.Model, items []named.Item, top int, asJSON bool) error {
	if top == 0 {
		top = m.Classes()
	}
	failed, said := 0, newRemarks(env)
	all := make([]predicted, 0, len(items))
	for it, r := range readAhead(ctx, m, items) {
		p := predicted{Image: it.Label, ModelNotes: m.Warnings.Texts(), Doubts: m.Doubts, Error: stopped}
		if ctx.Err() == nil {
			p = predictOne(ctx, said, m, r, top)
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

func predictOne(ctx context.Context, said *remarks, m *backend.Model, r reading, top int) predicted {
	s := r.subject
	p := predicted{Image: s.Label, ModelNotes: m.Warnings.Texts(), Doubts: m.Doubts}
	if r.err != nil {
		p.Error = reason(r.err)
		return p
	}
	p.Remarks = said.look(s)
	subject := seen(m, s)
	p.SHA256, p.Notice, p.Scan, p.Volume = s.sha256, drawing.Notice(s.picture), report.NewScan(subject), subject.Block
	scores, err := s.asked(m).Predict(ctx, []infer.Tensor{s.tensor})
	if err != nil {
		p.Error = oneLine(err)
		return p
	}
	p.Warnings = warn(ctx, said, m, s, scores[0])
	p.Predictions = report.Predictions(m, scores[0], top)
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

package cli

import (
	"context"
	"fmt"
	"io"

	"picasso/backend"
)

// predicted is one image's entry in `predict --json`.
type predicted struct {
	Image       string       `json:"image"`
	SHA256      string       `json:"sha256,omitempty"`
	Predictions []prediction `json:"predictions,omitempty"`
	Error       string       `json:"error,omitempty"`
}

func predict(ctx context.Context, env Env, args []string) error {
	var (
		mf     modelFlags
		images texts
		top    int
		asJSON bool
	)
	fs := flags("predict")
	mf.declare(fs)
	fs.Var(&images, "image", "a picture, a folder of pictures, or an .npy array, by its `path`; may be repeated")
	fs.IntVar(&top, "top", 5, "how many classes to print; 0 prints all")
	fs.BoolVar(&asJSON, "json", false, "print JSON")
	if err := parse(env, fs, args, &images); err != nil {
		return err
	}
	if err := mf.check(); err != nil {
		return err
	}
	if len(images) == 0 {
		return wrong("--image is missing: name a picture, a folder of pictures, or an .npy array")
	}
	if top < 0 {
		return wrong("--top %d: give a number of classes, or 0 for all", top)
	}
	paths, err := expand(images)
	if err != nil {
		return err
	}
	mf.sizeOf(paths)
	model, _, err := mf.open(ctx, env)
	if err != nil {
		return err
	}
	defer model.Close()
	return predictAll(ctx, env, model, paths, top, asJSON)
}

func predictAll(ctx context.Context, env Env, m *backend.Model, paths []string, top int, asJSON bool) error {
	if top == 0 {
		top = m.Classes()
	}
	failed := 0
	all := make([]predicted, 0, len(paths))
	for _, path := range paths {
		p := predictOne(ctx, m, path, top)
		if p.Error != "" {
			failed++
			fmt.Fprintln(env.Stderr, "picasso:", imageError{path, p.Error}.line())
		}
		all = append(all, p)
		if !asJSON && p.Error == "" {
			printPredictions(env.Stdout, p, m.HasLogits())
		}
	}
	if asJSON {
		if err := printJSON(env.Stdout, all); err != nil {
			return err
		}
	}
	if failed > 0 {
		return someFailed(failed, len(paths))
	}
	return nil
}

func predictOne(ctx context.Context, m *backend.Model, path string, top int) predicted {
	p := predicted{Image: path}
	s, err := load(ctx, m, path)
	if err != nil {
		p.Error = oneLine(err)
		return p
	}
	p.SHA256 = s.sha256
	scores, err := m.Predict(ctx, []backend.Tensor{s.tensor})
	if err != nil {
		p.Error = oneLine(err)
		return p
	}
	p.Predictions = predictions(m, scores[0], top)
	return p
}

func printPredictions(w io.Writer, p predicted, logits bool) {
	fmt.Fprintln(w, p.Image)
	for _, c := range p.Predictions {
		fmt.Fprintf(w, "  %8.4f  ", c.Probability)
		if logits {
			fmt.Fprintf(w, "%9.3f  ", *c.Logit)
		}
		fmt.Fprintf(w, "%s (%d)\n", c.Name, c.Index)
	}
}

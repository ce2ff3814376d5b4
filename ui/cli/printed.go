package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"picasso/backend/files"
	"picasso/backend/picture"
	"picasso/ui/drawing"
	"picasso/ui/report/printed"
)

// pictureFile is the picture alone in a folder of results, of at most
// pictureSide pixels a side.
const (
	pictureFile = "picture.png"
	pictureSide = 1024
)

// addPicture writes the picture as it is shown below the maps.
func (p *filing) addPicture() error {
	if p.subject.Base == nil {
		return nil
	}
	p.Image.PNG = pictureFile
	return p.folder.png(pictureFile, drawing.Small(p.subject.Base, pictureSide))
}

// printing is a parsed `report` command line.
type printing struct {
	out     string
	note    string
	title   string
	folders texts
}

// printReport makes pages for people from results that are already there.
func printReport(ctx context.Context, env Env, args []string) error {
	r := &printing{}
	fs := flags("report")
	r.declare(fs)
	if err := parse(env, fs, args, &r.folders); err != nil {
		return err
	}
	write, err := r.check()
	if err != nil {
		return err
	}
	found, err := printed.Find(ctx, r.folders)
	if err != nil {
		return orWrong(ctx, err)
	}
	inputs := files.NewInputs(found)
	parts := printed.Parts(r.out, len(found))
	failed := 0
	for i, path := range parts {
		some := found[i*printed.PerPart : min((i+1)*printed.PerPart, len(found))]
		head := printed.HeadOf(line(r.title), env.Version, parts, i)
		if err := inputs.Refuse([]string{path}); err != nil {
			return wrong("%w", refused(err))
		}
		missed, err := r.write(ctx, env, write, path, head, some)
		if err != nil {
			return err
		}
		failed += missed
	}
	if failed > 0 {
		return ended(ctx, failed, len(found))
	}
	return nil
}

func (r *printing) declare(fs *flag.FlagSet) {
	fs.StringVar(&r.out, "out", "", fmt.Sprintf("the `file` to write: NAME.html or NAME.pdf. Past %d pictures NAME-2.html follows, and so on", printed.PerPart))
	fs.StringVar(&r.note, "note", "", "a `text` of yours that stands on every page")
	fs.StringVar(&r.title, "title", "Explanations", "the `name` of the report")
}

func (r *printing) check() (printed.Form, error) {
	switch {
	case len(r.folders) == 0:
		return nil, wrong("name one or more folders of results, which `picasso explain --out` and `picasso compare --out` write")
	case r.out == "":
		return nil, wrong("--out is missing: give NAME.html or NAME.pdf")
	}
	if form := printed.FormOf(r.out); form != nil {
		return form, nil
	}
	return nil, wrong("--out %s: the name has to end in .html or .pdf", picture.Said(r.out))
}

// write makes one file, which appears when all of its pages are there. It counts
// the folders that gave no page; each of them was named.
func (r *printing) write(ctx context.Context, env Env, write printed.Form, path string, head printed.Head, results []string) (missed int, err error) {
	f, err := files.Create(path, files.Ordinary)
	if err != nil {
		return 0, placed(err)
	}
	defer f.Discard()
	options := printed.Options{Methods: env.Visualizers, Note: r.note}
	list := func(yield func(printed.Page) bool) {
		for _, path := range results {
			if ctx.Err() != nil {
				return
			}
			page, err := printed.Read(path, options)
			if err != nil {
				missed++
				fmt.Fprintln(env.Stderr, "picasso:", oneLine(err))
				continue
			}
			if !yield(page) {
				return
			}
		}
	}
	if err := write(until{ctx, f}, head, list); err != nil {
		return missed, err
	}
	switch {
	case ctx.Err() != nil:
		return missed, ctx.Err()
	case missed == len(results):
		return missed, nil // nothing worth a file
	}
	return missed, f.Commit()
}

// orWrong is a mistake of the command line, unless the user stopped.
func orWrong(ctx context.Context, err error) error {
	if ctx.Err() != nil || errors.Is(err, context.Canceled) {
		return context.Canceled
	}
	return wrong("%w", err)
}

package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strings"

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

// perPart is how many pages one file of a report has.
const perPart = 100

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
	read := make([]string, len(found))
	for i, folder := range found {
		read[i] = filepath.Join(folder, picture.ResultFile)
	}
	inputs := files.NewInputs(read)
	parts := (len(found) + perPart - 1) / perPart
	failed := 0
	for i := range parts {
		some := found[i*perPart : min((i+1)*perPart, len(found))]
		head := r.head(env, i, parts)
		path := filepath.Join(filepath.Dir(r.out), r.part(i))
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
	fs.StringVar(&r.out, "out", "", fmt.Sprintf("the `file` to write: NAME.html or NAME.pdf. Past %d pictures NAME-2.html follows, and so on", perPart))
	fs.StringVar(&r.note, "note", "", "a `text` of yours that stands on every page")
	fs.StringVar(&r.title, "title", "Explanations", "the `name` of the report")
}

// pageWriter is one of the forms of a report.
type pageWriter func(w io.Writer, head printed.Head, list iter.Seq[printed.Page]) error

func (r *printing) check() (pageWriter, error) {
	switch {
	case len(r.folders) == 0:
		return nil, wrong("name one or more folders of results, which `picasso explain --out` writes")
	case r.out == "":
		return nil, wrong("--out is missing: give NAME.html or NAME.pdf")
	}
	switch strings.ToLower(filepath.Ext(r.out)) {
	case ".html", ".htm":
		return printed.HTML, nil
	case ".pdf":
		return printed.PDF, nil
	}
	return nil, wrong("--out %s: the name has to end in .html or .pdf", picture.Said(r.out))
}

// part is the name of the i-th file.
func (r *printing) part(i int) string {
	base := filepath.Base(r.out)
	if i == 0 {
		return base
	}
	ext := filepath.Ext(base)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(base, ext), i+1, ext)
}

func (r *printing) head(env Env, i, parts int) printed.Head {
	h := printed.Head{Title: line(r.title), Version: env.Version, Part: i + 1, Parts: parts}
	if i > 0 {
		h.Previous = r.part(i - 1)
	}
	if i+1 < parts {
		h.Next = r.part(i + 1)
	}
	return h
}

// write makes one file, which appears when all of its pages are there. It counts
// the folders that gave no page; each of them was named.
func (r *printing) write(ctx context.Context, env Env, write pageWriter, path string, head printed.Head, folders []string) (missed int, err error) {
	f, err := files.Create(path, files.Ordinary)
	if err != nil {
		return 0, placed(err)
	}
	defer f.Discard()
	options := printed.Options{Methods: env.Visualizers, Note: r.note}
	list := func(yield func(printed.Page) bool) {
		for _, folder := range folders {
			if ctx.Err() != nil {
				return
			}
			page, err := printed.Read(folder, options)
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
	case missed == len(folders):
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

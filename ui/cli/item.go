package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"picasso/backend/picture"
)

// item is one thing to explain: a file, or a slice of a scan. A path that
// tells who the patient is stands in said alone, which goes to nobody but the
// one who named it.
type item struct {
	path  string // of the file, "" where it is withheld
	said  string // what messages call it
	label string // what results call it
	name  string // of the folder its results go to
	slice *slice
	open  func() (*picture.Image, error) // nil for an array
}

// slice is where an item lies in a folder or file with a scan: all count from 0.
type slice struct{ series, slice, slices int }

// names gives out folder names for results, each once.
type names map[string]bool

// take is the wanted name, numbered where another has it.
func (n names) take(want string) string {
	if want == "" || want == "." || want == ".." {
		want = "image"
	}
	name := want
	for i := 2; n[strings.ToLower(name)]; i++ {
		name = want + "-" + strconv.Itoa(i)
	}
	n[strings.ToLower(name)] = true
	return name
}

// stem is a file's name without extension.
func stem(path string) string {
	base := filepath.Base(path)
	if s := strings.TrimSuffix(strings.ToLower(base), ".nii.gz"); s != "" && len(s) < len(base) {
		return base[:len(s)]
	}
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// expander turns what the user named into items.
type expander struct {
	ctx    context.Context
	notes  io.Writer
	choice *selection
	taken  names
	series int // of all folders
	items  []item
}

// expand replaces folders by the pictures, arrays and slices in them, and
// files with scans by the slices chosen. Pictures come sorted by name, slices
// in their order.
func expand(ctx context.Context, env Env, paths []string, choice *selection) ([]item, error) {
	e := &expander{ctx: ctx, notes: env.Stderr, choice: choice, taken: names{}}
	for _, p := range paths {
		info, err := os.Stat(p)
		switch {
		case err == nil && info.IsDir():
			if err := e.folder(p); err != nil {
				return nil, err
			}
		case err == nil && strings.EqualFold(filepath.Base(p), "DICOMDIR"):
			if err := e.folder(filepath.Dir(p)); err != nil {
				return nil, err
			}
		case choice.slices != nil && picture.Sliced(p):
			if err := e.file(p); err != nil {
				return nil, err
			}
		default: // a missing file is that image's failure, later
			e.single(p)
		}
	}
	return e.items, nil
}

// single adds a file of which one picture is meant.
func (e *expander) single(path string) {
	if isArray(path) {
		e.items = append(e.items, item{path: path, said: path, label: path, name: e.taken.take(stem(path))})
		return
	}
	frame := e.choice.frame
	it := item{path: path, said: path, label: path, open: func() (*picture.Image, error) { return openFrame(path, frame) }}
	if picture.NamesPatient(path) {
		it.name = e.taken.take("scan")
		it.path, it.label = "", it.name
	} else {
		it.name = e.taken.take(stem(path))
	}
	e.items = append(e.items, it)
}

// openFrame opens one frame of a file, the first where none was asked for.
func openFrame(path string, frame *int) (*picture.Image, error) {
	switch {
	case frame == nil:
		return picture.Open(path)
	case *frame >= 0:
		return picture.OpenFrame(path, *frame)
	}
	m, err := picture.Open(path) // to learn how many there are
	if err != nil {
		return nil, err
	}
	n := 1
	if m.Scan != nil {
		n = m.Scan.Frames
	}
	i, ok := place(*frame, n)
	if !ok {
		return nil, fmt.Errorf("has no frame %d; it has %d", *frame, n)
	}
	return picture.OpenFrame(path, i)
}

// file adds the chosen slices of a file with a scan.
func (e *expander) file(path string) error {
	all, err := picture.OpenSeries(e.ctx, path)
	switch {
	case e.ctx.Err() != nil:
		return e.ctx.Err()
	case err != nil:
		e.single(path) // fails when its turn comes
		return nil
	}
	for i, s := range all {
		prefix := stem(path) + "-"
		if s.Named {
			prefix = "scan-"
		}
		if len(all) > 1 {
			prefix += fmt.Sprintf("series-%d-", i)
		}
		e.chosen(s, path, i, len(all), prefix)
	}
	return nil
}

// folder adds the pictures in a folder, and the slices of the scans in it.
func (e *expander) folder(path string) error {
	found, err := inFolder(path)
	if err != nil {
		return err
	}
	var files []string
	for _, f := range found {
		if !picture.Sliced(f) {
			files = append(files, f)
		}
	}
	all, err := picture.OpenSeries(e.ctx, path)
	switch {
	case e.ctx.Err() != nil:
		return e.ctx.Err()
	case err != nil && len(files) == 0:
		return wrong("%s: the folder holds no picture; name one that does", path)
	}
	for _, f := range files {
		e.single(f)
	}
	for i, s := range all {
		prefix := ""
		if len(all) > 1 || e.series > 0 {
			prefix = fmt.Sprintf("series-%d-", e.series)
		}
		e.chosen(s, path, i, len(all), prefix)
		e.series++
	}
	e.skipped(path, all)
	return nil
}

// chosen adds the slices of a series that were asked for. Their results go to
// folders named by the slice.
func (e *expander) chosen(s *picture.Series, from string, number, series int, prefix string) {
	label := from
	if s.Named {
		label = "the scan"
	}
	if series > 1 {
		from, label = fmt.Sprintf("%s, series %d", from, number), fmt.Sprintf("%s, series %d", label, number)
	}
	which, err := e.choice.of(s.Len())
	if err != nil {
		e.failing(from, label, err)
		return
	}
	for _, i := range which {
		it := item{
			said: fmt.Sprintf("%s, slice %d", from, i), label: fmt.Sprintf("%s, slice %d", label, i),
			name:  e.taken.take(fmt.Sprintf("%sslice-%03d", prefix, i)),
			slice: &slice{number, i, s.Len()}, open: func() (*picture.Image, error) { return s.Slice(i) },
		}
		if !s.Named {
			it.path, _ = s.Path(i)
		}
		e.items = append(e.items, it)
	}
}

// skipped says which files of a folder cannot be used. They count as one
// failure, which does not name them: who knows what their names tell.
func (e *expander) skipped(path string, all []*picture.Series) {
	if len(all) == 0 || len(all[0].Skipped) == 0 {
		return
	}
	for _, fault := range all[0].Skipped {
		fmt.Fprintln(e.notes, "picasso: note:", fault)
	}
	label := path
	if slices.ContainsFunc(all, func(s *picture.Series) bool { return s.Named }) {
		label = "the scan"
	}
	e.failing(path, label, fmt.Errorf("%d of its files cannot be used and are left out", len(all[0].Skipped)))
}

// failing adds what cannot be opened.
func (e *expander) failing(said, label string, err error) {
	e.items = append(e.items, item{said: said, label: label, name: e.taken.take("image"), open: func() (*picture.Image, error) { return nil, err }})
}

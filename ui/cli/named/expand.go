package named

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
)

// expander turns what the user named into items.
type expander struct {
	ctx    context.Context
	notes  Notes
	choice *Selection
	taken  names
	series int // so far, over everything named
	stacks int // those of them whose slices are files
	items  []Item
}

// Notes receives what somebody should know about what was named: about is what
// messages call it, "" where the text says that itself.
type Notes func(about, text string)

// Expand replaces folders by the pictures, arrays and slices in them, and
// files with scans by the slices chosen. Pictures come sorted by name, slices
// in their order.
func Expand(ctx context.Context, notes Notes, paths []string, choice *Selection) ([]Item, error) {
	e := &expander{ctx: ctx, notes: notes, choice: choice, taken: names{}}
	for _, p := range paths {
		folder := Folder(p)
		switch {
		case folder != "" && choice.stored != nil:
			return nil, fmt.Errorf("%s: --stored-frame is for one file with several frames; use --frame for the slices of a folder", picture.Said(p))
		case folder == "" && choice.together != nil:
			return nil, fmt.Errorf("%s: --channels is for a folder with the series of one examination", picture.Said(p))
		case folder != "":
			if err := e.folder(folder); err != nil {
				return nil, err
			}
		case choice.slices != nil && picture.Sliced(p):
			if err := e.file(p); err != nil {
				return nil, err
			}
		default: // a missing file is that image's failure, later
			e.single(p, choice)
		}
	}
	return e.items, nil
}

// Folder is the folder that a path stands for, itself or that of a DICOMDIR; "" for
// other files and what is not there.
func Folder(path string) string {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return ""
	case info.IsDir():
		return filepath.Clean(path) // results are called by it
	case strings.EqualFold(filepath.Base(path), "DICOMDIR"):
		return filepath.Dir(path)
	}
	return ""
}

// single adds a file of which one picture is meant.
func (e *expander) single(path string, choice *Selection) {
	if IsArray(path) {
		e.items = append(e.items, e.called(path, Item{Array: path, Limit: choice.options()}))
		return
	}
	it := Item{
		Chosen: choice.frame != nil || choice.stored != nil,
		Open:   e.choice.measured(func() (*picture.Image, error) { return choice.from(e.ctx, path) }),
	}
	if choice.plain() {
		it.Early = func(bytes int64) (*picture.Image, error) {
			o := choice.options()
			if o.MaxMemory == 0 || o.MaxMemory > bytes {
				o.MaxMemory = bytes
			}
			return picture.OpenWith(e.ctx, path, o)
		}
	}
	e.items = append(e.items, e.called(path, it))
}

// called names an item after its file, unless that tells who the patient is.
func (e *expander) called(path string, it Item) Item {
	it.Said, it.File = picture.Said(path), path
	if picture.NamesPatient(path) {
		it.Name = e.taken.take("scan")
		it.Label = it.Name
		return it
	}
	it.Path, it.Label, it.Name = path, path, e.taken.take(picture.Stem(path))
	return it
}

// file adds the chosen slices of a file with a scan.
func (e *expander) file(path string) error {
	all, err := e.choice.series(e.ctx, path)
	switch {
	case e.ctx.Err() != nil:
		return e.ctx.Err()
	case err != nil:
		e.single(path, &Selection{Memory: e.choice.Memory}) // fails when its turn comes
		return nil
	}
	e.scans(path, all)
	return nil
}

// folder adds the pictures in a folder, and the slices of the scans in it.
func (e *expander) folder(path string) error {
	files, err := e.inFolder(path)
	if err != nil {
		return err
	}
	all, err := e.choice.series(e.ctx, path)
	switch {
	case e.ctx.Err() != nil:
		return e.ctx.Err()
	case errors.Is(err, dicom.ErrDamaged) && len(files) == 0:
		return fmt.Errorf("%w", err)
	case err != nil && len(files) == 0:
		return fmt.Errorf("%s: the folder contains no pictures; choose one that does", picture.Said(path))
	}
	if e.choice.together != nil {
		return e.joined(path, all)
	}
	for _, f := range files {
		e.single(f, &Selection{Memory: e.choice.Memory})
	}
	if len(all) > 0 {
		e.scans(path, all)
		e.skipped(path, all)
	}
	return nil
}

// joined adds the series of a folder that are the channels of one volume.
func (e *expander) joined(path string, all []*picture.Series) error {
	picked, err := picture.Pick(all, e.choice.together)
	if err != nil {
		return fmt.Errorf("%s: --channels: %w", picture.Said(path), err)
	}
	one, err := picture.Join(labelOf(path, all), picked, e.choice.together)
	if err != nil {
		return fmt.Errorf("%s: --channels: %w", picture.Said(path), err)
	}
	e.scans(path, []*picture.Series{one})
	return nil
}

// scans adds the slices of several series that were asked for. A series that
// has none of them, such as a localizer, is left out.
func (e *expander) scans(from string, all []*picture.Series) {
	before, stacks := len(e.items), e.stacks
	for _, s := range all {
		if !inOneFile(s) {
			stacks++
		}
	}
	var missing error
	for _, s := range all {
		which, err := e.slices(s)
		if err != nil {
			missing = err
		} else {
			e.add(from, s, which, len(all) > 1, e.prefix(from, s, len(all) > 1, stacks > 1))
		}
		e.series++
	}
	e.stacks = stacks
	if len(e.items) == before {
		e.failing(from, labelOf(from, all), missing)
	}
}

// slices are the slices of a series that are meant.
func (e *expander) slices(s *picture.Series) ([]int, error) {
	v, err := e.choice.within(s)
	if err != nil {
		return nil, err
	}
	which, err := e.choice.of(v.Len)
	for i := range which {
		which[i] += v.First
	}
	return which, err
}

func inOneFile(s *picture.Series) bool {
	first, _ := s.Path(0)
	last, _ := s.Path(s.Len() - 1)
	return first == last
}

// prefix begins the names of a series' slices: with the file where they are in
// one, which may hold others, else with the number of the series where there are
// several.
func (e *expander) prefix(from string, s *picture.Series, others, several bool) string {
	number, prefix := fmt.Sprintf("series-%d-", e.series), ""
	if !inOneFile(s) {
		if several {
			prefix = number
		}
		return prefix
	}
	path, _ := s.Path(0)
	if prefix = picture.Stem(path) + "-"; s.Named || picture.NamesPatient(path) {
		prefix = "scan-"
	}
	if path == from && others {
		prefix += number
	}
	return prefix
}

// labelOf is what results call a folder or file, unless its name tells who the
// patient is.
func labelOf(path string, all []*picture.Series) string {
	if slices.ContainsFunc(all, func(s *picture.Series) bool { return s.Named }) || picture.NamesPatient(path) {
		return "the scan"
	}
	return path
}

// add adds slices of a series. Results call them by file and slice, or by the
// name of their folder where the path is withheld.
func (e *expander) add(from string, s *picture.Series, which []int, several bool, prefix string) {
	where := picture.Said(from)
	if inOneFile(s) {
		where, _ = s.Path(0)
		where = picture.Said(where)
	}
	if several && where == picture.Said(from) {
		where = fmt.Sprintf("%s, series %d", where, e.series)
	}
	named := s.Named || picture.NamesPatient(from) || len(which) > 0 && tells(s, which[0])
	for _, i := range which {
		it := Item{Said: where, Name: strings.TrimSuffix(prefix, "-")}
		if s.Len() > 1 {
			it.Said, it.Name = fmt.Sprintf("%s, slice %d", where, i), fmt.Sprintf("%sslice-%03d", prefix, i)
		}
		it.Name, it.Slice = e.taken.take(it.Name), &Slice{e.series, i, s.Len(), s.VolumeOf(i), where, slices.Concat(s.Remarks, s.Volumes()[s.VolumeOf(i)].Remarks)}
		it.Chosen = e.choice.frame != nil
		it.Open = e.choice.measured(func() (*picture.Image, error) { return s.SliceContext(e.ctx, i) })
		it.File, _ = s.Path(i)
		it.Label = it.Name
		if !named {
			it.Label, it.Path = it.Said, it.File
		}
		e.items = append(e.items, it)
	}
}

// tells reports whether the path of a slice tells who the patient is, by what
// lies around it.
func tells(s *picture.Series, i int) bool {
	path, _ := s.Path(i)
	return picture.NamesPatient(path)
}

// skipped says which files of a folder cannot be used. They count as one
// failure, which does not name them: who knows what their names tell.
func (e *expander) skipped(path string, all []*picture.Series) {
	if len(all[0].Skipped) == 0 {
		return
	}
	for _, fault := range all[0].Skipped {
		e.notes("", fmt.Sprint(fault))
	}
	e.failing(path, labelOf(path, all), fmt.Errorf("%d of its files cannot be used and were left out", len(all[0].Skipped)))
}

// failing adds what cannot be opened.
func (e *expander) failing(said, label string, err error) {
	e.items = append(e.items, Item{Said: picture.Said(said), Label: label, Name: e.taken.take("image"), Open: func() (*picture.Image, error) { return nil, err }})
}

// inFolder lists the pictures and arrays in a folder and below that are no scans,
// by their names.
func (e *expander) inFolder(folder string) ([]string, error) {
	found, err := picture.Find(e.ctx, folder)
	switch {
	case e.ctx.Err() != nil:
		return nil, e.ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("%s: the folder cannot be read: %w", picture.Said(folder), Bare(err))
	}
	if cut := found.Cut(); cut != "" {
		e.notes(picture.Said(folder), cut)
	}
	if n := len(found.Unread); n > 0 { // which are not named: who knows what their names tell
		e.notes(picture.Said(folder), fmt.Sprintf("%d files or folders in it cannot be read", n))
	}
	return slices.DeleteFunc(found.Files, func(path string) bool {
		return !IsArray(path) && (!picture.Known(path) || picture.Sliced(path))
	}), nil
}

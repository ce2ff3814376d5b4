package session

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"picasso/backend/picture"
	"picasso/backend/regular"
	"picasso/ui/control/intake"
)

// Reopened is a session with its files.
type Reopened struct {
	*Session
	Files   Resolved
	Series  []*picture.Series // in the folders of its scans
	Private bool              // its path may name a patient
}

// Reopen reads a session and finds its files. pointed is a folder in which those are
// looked for that are not at their places, "" for none; found counts the files that
// were looked at. Not found files are no error, see [Resolved].
func Reopen(ctx context.Context, path, pointed string, found func(int)) (Reopened, error) {
	data, err := regular.Read(path, MostBytes)
	if err != nil {
		return Reopened{}, err
	}
	s, err := Decode(data)
	if err != nil {
		return Reopened{}, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	o := Reopened{Session: s, Private: s.NamesPatient(path)}
	if o.Files, err = Resolve(ctx, s, Places{Folder: filepath.Dir(path), Pointed: pointed}, found); err != nil {
		return o, err
	}
	var folders []string
	for i, item := range s.Items {
		if at := o.Files.Items[i].Path; at != "" && item.Frame != nil {
			folders = append(folders, filepath.Dir(at))
		}
		for _, f := range o.Files.Channels[i] {
			if f.Path != "" {
				folders = append(folders, filepath.Dir(f.Path))
			}
		}
	}
	slices.Sort(folders)
	if folders = slices.Compact(folders); len(folders) == 0 {
		return o, nil
	}
	d, err := intake.Find(ctx, folders, found)
	o.Series = d.Series
	return o, err
}

// NamesPatient reports whether a path of the session may name a patient: its own does,
// or scans are in it, beside which it may lie.
func (s *Session) NamesPatient(path string) bool {
	return picture.Private(path) || slices.ContainsFunc(s.Items, func(i Item) bool { return i.Scan })
}

// SeriesOf are the series of an item: of an entry of several those of its channels, else
// the one whose first file it is, if it is of one.
func (r Reopened) SeriesOf(item int) ([]*picture.Series, error) {
	begins := func(path string) *picture.Series {
		n := slices.IndexFunc(r.Series, func(one *picture.Series) bool { first, _ := one.Path(0); return first == path })
		if n < 0 {
			return nil
		}
		return r.Series[n]
	}
	if len(r.Items[item].Channels) == 0 {
		if one := begins(r.Files.Items[item].Path); one != nil {
			return []*picture.Series{one}, nil
		}
		return nil, nil
	}
	paths, err := r.Files.Series(r.Session, item)
	if err != nil {
		return nil, err
	}
	var all []*picture.Series
	for k, path := range paths {
		one := begins(path)
		if one == nil {
			return nil, fmt.Errorf("channel %d, %s, is no series of slices any more; join the series again with Scan → Series for the channels of the model…", k+1, picture.Said(path))
		}
		all = append(all, one)
	}
	return all, nil
}

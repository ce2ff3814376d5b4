package session

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/picture"
	"picasso/backend/regular"
)

// Sum is the SHA-256 of a file in hexadecimal, with its size. It ends with ctx.
func Sum(ctx context.Context, path string) (sha string, bytes int64, err error) {
	f, _, err := regular.Open(path, regular.Unbounded)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, reader{ctx, f})
	if err != nil {
		if ctx.Err() != nil {
			return "", 0, ctx.Err()
		}
		return "", 0, fmt.Errorf("%s: the file cannot be read to its end; check the disk", picture.Said(path))
	}
	return hex.EncodeToString(h.Sum(nil)), n, nil
}

type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(b)
}

// Found is what became of a file of a session.
type Found struct {
	Path string // where it is now; "" where it is missing
	// Changed says that there is a file, but not the one that was saved.
	Changed bool
}

// Places are where files are looked for.
type Places struct {
	Folder string // of the session
	// Pointed is a folder that the user pointed to, "" for none: what is not at its
	// place is looked for there, by its path and by its name.
	Pointed string
}

// Find looks for a file at its path, beside the session, and where the user
// pointed; the first one with the saved checksum wins, else the first one in the
// session's folder or where the user pointed, as changed. Beyond these only the very
// file that was saved is taken: a session may come from anybody.
func (p Places) Find(ctx context.Context, f File) (Found, error) {
	var changed Found
	for _, c := range p.candidates(f.Path) {
		sha, _, err := Sum(ctx, c.path)
		switch {
		case ctx.Err() != nil:
			return Found{}, ctx.Err()
		case errors.Is(err, regular.ErrFolder) && c.near: // a series
			return Found{Path: c.path}, nil
		case err != nil:
			continue
		case sha == f.SHA256, f.SHA256 == "" && c.near:
			return Found{Path: c.path}, nil
		case c.near && changed.Path == "":
			changed = Found{Path: c.path, Changed: true}
		}
	}
	return changed, nil
}

type candidate struct {
	path string
	near bool // in the session's folder, or where the user pointed
}

func (p Places) candidates(named string) []candidate {
	own := filepath.FromSlash(named)
	name := filepath.Base(own)
	var list []candidate
	add := func(folder, path string) { list = append(list, candidate{path, within(folder, path)}) }
	if filepath.IsAbs(own) {
		add(p.Folder, own)
	} else {
		add(p.Folder, filepath.Join(p.Folder, own))
	}
	add(p.Folder, filepath.Join(p.Folder, name))
	if p.Pointed == "" {
		return list
	}
	if filepath.IsLocal(own) {
		add(p.Pointed, filepath.Join(p.Pointed, own))
	}
	add(p.Pointed, filepath.Join(p.Pointed, name))
	return list
}

// within reports whether a path lies in a folder once links are followed.
func within(folder, path string) bool {
	home, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return false
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(home, real)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// Resolved are the files of a session as they were found.
type Resolved struct {
	Model, Compare, Labels Found
	Items                  []Found
	Channels               [][]Found // of each item, those of [Item.Channels]
}

// Series are the files of the series that item i is of, in the order of the channels.
// It is an error where one was not found.
func (r Resolved) Series(s *Session, i int) ([]string, error) {
	paths := []string{r.Items[i].Path}
	lost := func(channel int, f File) error {
		return fmt.Errorf("channel %d of %d, %s, was not found, and the others are not shown without it; look for it with File → Find files of the session…, or join other series with Scan → Series for the channels of the model…",
			channel, len(s.Items[i].Channels)+1, picture.Said(f.Path))
	}
	if paths[0] == "" {
		return nil, lost(1, s.Items[i].File)
	}
	for k, f := range r.Channels[i] {
		if f.Path == "" {
			return nil, lost(k+2, s.Items[i].Channels[k])
		}
		paths = append(paths, f.Path)
	}
	return paths, nil
}

// Missing names what was not found, Changed what is not what was saved, as the
// session calls them.
func (r Resolved) Missing(s *Session) []string {
	return r.those(s, func(f Found) bool { return f.Path == "" })
}

// Changed: see [Resolved.Missing].
func (r Resolved) Changed(s *Session) []string {
	return r.those(s, func(f Found) bool { return f.Changed })
}

func (r Resolved) those(s *Session, are func(Found) bool) []string {
	var list []string
	add := func(path string, f Found) {
		if said := picture.Said(path); are(f) && !slices.Contains(list, said) { // a series may be a channel, too
			list = append(list, said)
		}
	}
	if s.Model != nil {
		add(s.Model.Path, r.Model)
	}
	if s.Compare != nil {
		add(s.Compare.Path, r.Compare)
	}
	if s.Labels != nil {
		add(s.Labels.Path, r.Labels)
	}
	for i, f := range r.Items {
		add(s.Items[i].Path, f)
		for k, f := range r.Channels[i] {
			add(s.Items[i].Channels[k].Path, f)
		}
	}
	return list
}

// Resolve finds all files of a session. found hears how many were looked for.
func Resolve(ctx context.Context, s *Session, p Places, found func(int)) (r Resolved, err error) {
	find := func(f File) (Found, error) { return p.Find(ctx, f) }
	if s.Model != nil {
		if r.Model, err = find(s.Model.File); err != nil {
			return r, err
		}
	}
	if s.Compare != nil {
		if r.Compare, err = find(s.Compare.File); err != nil {
			return r, err
		}
	}
	if s.Labels != nil {
		if r.Labels, err = find(*s.Labels); err != nil {
			return r, err
		}
	}
	r.Items, r.Channels = make([]Found, len(s.Items)), make([][]Found, len(s.Items))
	for i, item := range s.Items {
		if r.Items[i], err = find(item.File); err != nil {
			return r, err
		}
		for _, channel := range item.Channels {
			one, err := find(channel)
			if err != nil {
				return r, err
			}
			r.Channels[i] = append(r.Channels[i], one)
		}
		found(i + 1)
	}
	return r, nil
}

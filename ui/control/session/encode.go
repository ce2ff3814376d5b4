package session

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/picture"
)

// ErrScans says that a session with medical pictures was not asked for: their
// paths may tell who a patient is.
var ErrScans = errors.New("the session would hold the paths of scans, which may name a patient; save it with paths if that is allowed, or remove the scans from the list")

// NewerError is a session of a later form than this program reads.
type NewerError struct{ Format int }

func (e *NewerError) Error() string {
	return fmt.Sprintf("this session was saved by a newer Picasso (format %d; this one reads up to %d); update Picasso to open it", e.Format, Format)
}

// Encode is the file of a session. Sessions with scans are refused with
// [ErrScans] unless withScans says that they were asked for.
func Encode(s *Session, withScans bool) ([]byte, error) {
	if !withScans && slices.ContainsFunc(s.Items, func(i Item) bool { return i.Scan }) {
		return nil, ErrScans
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	data, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("the session cannot be written: %w", err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", "  "); err != nil {
		return nil, fmt.Errorf("the session cannot be written: %w", err)
	}
	b.WriteByte('\n')
	if b.Len() > MostBytes {
		return nil, fmt.Errorf("the session would be larger than %d MB; save it with fewer pictures or covers", MostBytes>>20)
	}
	return b.Bytes(), nil
}

// Decode reads the file of a session. A later form is a *[NewerError].
func Decode(data []byte) (*Session, error) {
	if len(data) > MostBytes {
		return nil, fmt.Errorf("this is larger than %d MB and no session", MostBytes>>20)
	}
	var form struct{ Format *int }
	if err := json.Unmarshal(data, &form); err != nil {
		return nil, notJSON(err)
	}
	switch {
	case form.Format == nil || *form.Format < 1:
		return nil, errors.New("this is no session: it does not say its format")
	case *form.Format > Format:
		return nil, &NewerError{*form.Format}
	}
	s := &Session{}
	if err := json.Unmarshal(data, s); err != nil {
		return nil, notJSON(err)
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return s, nil
}

func notJSON(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return fmt.Errorf("this session cannot be used: %q is a %s, which does not belong there", kind.Field, kind.Value)
	}
	return fmt.Errorf("this is no complete JSON (%w)", err)
}

// check refuses values that no session has.
func (s *Session) check() error {
	bad := func(format string, a ...any) error {
		return fmt.Errorf("this session cannot be used: "+format, a...)
	}
	switch {
	case s.Format < 1 || s.Format > Format:
		return bad("its format is %d, not 1…%d", s.Format, Format)
	case len(s.Items) > mostItems:
		return bad("it lists %d pictures, more than %d", len(s.Items), mostItems)
	case s.Current < -1 || s.Current >= max(len(s.Items), 1):
		return bad("it looks at picture %d of %d", s.Current+1, len(s.Items))
	case s.Score != "" && s.Score != "prob" && s.Score != "logit":
		return bad("the score %q is neither prob nor logit", s.Score)
	case len(s.Targets) > 16:
		return bad("it explains %d classes at once", len(s.Targets))
	}
	for _, m := range []*Model{s.Model, s.Compare} {
		if m == nil {
			continue
		}
		if err := m.File.check(); err != nil {
			return bad("its model: %w", err)
		}
	}
	if s.Labels != nil {
		if err := s.Labels.check(); err != nil {
			return bad("its labels: %w", err)
		}
	}
	for i, item := range s.Items {
		if err := item.check(); err != nil {
			return bad("picture %d: %w", i+1, err)
		}
	}
	for _, t := range s.Targets {
		if t.Index < 0 || t.Against != nil && (*t.Against < 0 || *t.Against == t.Index) {
			return bad("it explains a class that there cannot be")
		}
	}
	for id, d := range s.Display {
		if !d.Valid() {
			return bad("the display of %q is out of its bounds", id)
		}
	}
	return s.View.check()
}

func (i Item) check() error {
	if err := i.File.check(); err != nil {
		return err
	}
	if len(i.Channels) > mostChannels {
		return errors.New("it has too many channels")
	}
	for _, f := range i.Channels {
		if err := f.check(); err != nil {
			return err
		}
	}
	for _, n := range []*int{i.Frame, i.Volume} {
		if n != nil && *n < 0 {
			return errors.New("a slice or volume is below 0")
		}
	}
	if err := i.Drawn.check(); err != nil {
		return err
	}
	if len(i.Slices) > mostItems {
		return errors.New("too many slices are drawn on")
	}
	for _, one := range i.Slices {
		if one.Frame < 0 || one.Volume < 0 {
			return errors.New("a slice or volume is below 0")
		}
		if err := one.Drawn.check(); err != nil {
			return err
		}
	}
	if len(i.Note) > mostWords {
		return errors.New("the note is too long")
	}
	return nil
}

func (v *View) check() error {
	if v == nil {
		return nil
	}
	if !finite(v.Zoom, v.X, v.Y) || v.Zoom < 0 || v.Zoom > 1000 || v.Turn < 0 || v.Turn > 3 ||
		v.Window != nil && !(finite(v.Window[:]...) && v.Window[0] > 0) {
		return errors.New("this session cannot be used: the view is out of its bounds")
	}
	return nil
}

func (f File) check() error {
	switch {
	case f.Path == "":
		return errors.New("it has no path")
	case strings.ContainsFunc(f.Path, func(r rune) bool { return r < ' ' || r == '\\' }) || len(f.Path) > 4096:
		return errors.New("its path holds what no path does")
	case strings.HasPrefix(f.Path, "//"):
		return errors.New("its path names another computer")
	case f.SHA256 != "" && !sum(f.SHA256):
		return errors.New("its checksum is none")
	case f.Bytes < 0:
		return errors.New("its size is below 0")
	}
	return nil
}

func sum(text string) bool {
	return len(text) == 64 && !strings.ContainsFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789abcdef", r) })
}

func finite(list ...float64) bool {
	return !slices.ContainsFunc(list, func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) })
}

// Place makes a session of one whose paths are those of this machine: names them
// as one in folder does, with their checksums, and tells scans by their files.
func (s *Session) Place(ctx context.Context, folder string) error {
	put := func(f *File) (err error) {
		path := f.Path
		f.Path = Relative(folder, path)
		f.SHA256, f.Bytes, err = Sum(ctx, path)
		return err
	}
	for _, m := range []*Model{s.Model, s.Compare} {
		if m == nil {
			continue
		}
		if err := put(&m.File); err != nil {
			return err
		}
	}
	if s.Labels != nil {
		if err := put(s.Labels); err != nil {
			return err
		}
	}
	for i := range s.Items {
		item := &s.Items[i]
		item.Scan = item.Scan || picture.Private(item.Path)
		if err := put(&item.File); err != nil {
			return err
		}
		for k := range item.Channels {
			if err := put(&item.Channels[k]); err != nil {
				return err
			}
		}
	}
	return nil
}

// Relative is a file's path as a session in folder names it: relative with "/", or
// absolute where there is no way from one to the other, as between volumes.
func Relative(folder, file string) string {
	rel, err := filepath.Rel(folder, file)
	if err != nil {
		return filepath.ToSlash(file)
	}
	return path.Clean(filepath.ToSlash(rel))
}

package survey

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/files"
	"picasso/ui/auditing"
	"picasso/visualizers/audit/store"
)

// TemporaryKept is how many audits stay for which no folder was chosen, the one that
// is shown among them.
const TemporaryKept = 3

// temporary gives a job a folder of its own in the cache: the same for the same
// pictures, model and settings, so that it goes on with what is there.
func (s *Controller) temporary(ctx context.Context, j *auditing.Job) error {
	if s.folder == "" {
		return errors.New("this system has no folder for temporary files; choose where the audit is kept")
	}
	n, err := j.Count(ctx)
	if err != nil {
		return err
	}
	if n > store.PackAbove {
		return fmt.Errorf("%d pictures are too many for a temporary folder; choose where the audit is kept", n)
	}
	m, err := j.Host.Model(ctx)
	if err != nil {
		return err
	}
	h := sha256.New()
	for _, part := range slices.Concat([]string{m.SHA256, m.Path, j.Folder, j.Method, j.Labels, j.Masks, fmt.Sprintf("%+v", m.Known().Preprocess)}, j.Paths) {
		fmt.Fprintf(h, "%q\n", part)
	}
	j.Out = filepath.Join(s.folder, prefix+hex.EncodeToString(h.Sum(nil)[:8]))
	if err := os.MkdirAll(s.folder, 0o700); err != nil {
		return fmt.Errorf("make a folder for the audit: %w", files.Innermost(err))
	}
	return s.tidy(j.Out)
}

// prefix of the folders of temporary audits.
const prefix = "audit-"

// tidy removes the audits that were not used for longest, but not the one named.
func (s *Controller) tidy(but string) error {
	entries, err := os.ReadDir(s.folder)
	if err != nil {
		return fmt.Errorf("look for earlier audits: %w", files.Innermost(err))
	}
	type old struct {
		path string
		age  int64
	}
	var all []old
	for _, e := range entries {
		path := filepath.Join(s.folder, e.Name())
		if path == but || !e.IsDir() || !strings.HasPrefix(e.Name(), prefix) {
			continue
		}
		if info, err := os.Lstat(filepath.Join(path, "manifest.json")); err == nil {
			all = append(all, old{path, info.ModTime().UnixNano()})
		}
	}
	slices.SortFunc(all, func(a, b old) int { return cmp.Compare(b.age, a.age) })
	for _, o := range all[min(TemporaryKept-1, len(all)):] {
		if err := os.RemoveAll(o.path); err != nil {
			return fmt.Errorf("remove an earlier audit: %w", files.Innermost(err))
		}
	}
	return nil
}

// Holds reports whether a folder holds an audit.
func Holds(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.IsDir() {
		return false
	}
	_, err = store.Peek(path)
	return err == nil
}

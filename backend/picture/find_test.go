package picture

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestFilesOfAFolder(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"b.png", "a/x.dcm", "a/.hidden/y.png", ".z.png", "1/2/3/4/5/6/7/8/deep.png", "1/2/3/4/5/6/7/8/9/deeper.png", "out/b/overlay.png", "out/b/" + ResultFile} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"1/2/3/4/5/6/7/8/deep.png", "a/x.dcm", "b.png"}
	elsewhere := filepath.Join(t.TempDir(), "e.png")
	if os.WriteFile(elsewhere, nil, 0o600) == nil && os.Symlink(elsewhere, filepath.Join(root, "c.png")) == nil && os.Symlink(root, filepath.Join(root, "loop")) == nil {
		want = append(want, "c.png") // a link to a file is one, a link to a folder is not followed
	}
	f, err := Find(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, path := range f.Files {
		rel, _ := filepath.Rel(root, path)
		got = append(got, filepath.ToSlash(rel))
	}
	if !slices.Equal(got, want) || f.More || !f.Deeper || len(f.Unread) > 0 {
		t.Errorf("found %q, %+v", got, f)
	}
	if !strings.Contains(f.Cut(), "8 levels") {
		t.Errorf("says %q", f.Cut())
	}
	for most, cut := range map[int]bool{len(want) - 1: true, len(want): false} {
		if f, err = find(t.Context(), root, most); err != nil || len(f.Files) != most || f.More != cut {
			t.Errorf("with a bound of %d: %d files, more: %v, %v", most, len(f.Files), f.More, err)
		}
	}
	if _, err := Find(t.Context(), filepath.Join(root, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Find(ctx, root); !errors.Is(err, context.Canceled) {
		t.Errorf("a search that was ended: %v", err)
	}
}

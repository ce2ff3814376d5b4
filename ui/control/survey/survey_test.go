package survey

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestGatheredFilesHaveTheDeepestFolderThatHoldsAll(t *testing.T) {
	at := filepath.FromSlash
	for want, files := range map[string][]string{
		"/data/a":  {"/data/a/1.png", "/data/a/b/2.png"},
		"/data":    {"/data/a/1.png", "/data/ab/2.png"},
		"/":        {"/data/1.png", "/other/2.png"},
		"/data/ab": {"/data/ab/1.png"},
	} {
		var paths []string
		for _, f := range files {
			paths = append(paths, at(f))
		}
		if s := gathered(paths); s.Folder != at(want) || !slices.Equal(s.Paths, paths) {
			t.Errorf("%v: %+v, want %s", files, s, want)
		}
	}
}

// Of temporary audits the last ones stay, the one that is begun among them; what is
// no audit of ours is left alone.
func TestTemporaryAuditsAreFew(t *testing.T) {
	s := &Controller{folder: t.TempDir()}
	add := func(name string, age time.Duration, file string) {
		path := filepath.Join(s.folder, name)
		if err := os.MkdirAll(path, 0o700); err != nil {
			t.Fatal(err)
		}
		path = filepath.Join(path, file)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Unix(2_000_000_000, 0).Add(-age)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	add("audit-1", 4*time.Hour, "manifest.json")
	add("audit-2", 3*time.Hour, "manifest.json")
	add("audit-3", 2*time.Hour, "manifest.json")
	add("audit-4", time.Hour, "manifest.json")
	add("audit-5", 9*time.Hour, "else.txt")
	add("mine", 9*time.Hour, "manifest.json")
	if err := s.tidy(filepath.Join(s.folder, "audit-1")); err != nil { // gone on with
		t.Fatal(err)
	}
	entries, err := os.ReadDir(s.folder)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if want := []string{"audit-1", "audit-3", "audit-4", "audit-5", "mine"}; !slices.Equal(left, want) {
		t.Errorf("left are %v, want %v", left, want)
	}
}

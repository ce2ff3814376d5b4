package intake

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend/picture/dicom"
)

// tree writes files below a new folder.
func tree(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, n := range names {
		path := filepath.Join(dir, filepath.FromSlash(n))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, path, "x")
	}
	return dir
}

func sorted(t *testing.T, paths ...string) Dropped {
	t.Helper()
	d, err := Sort(context.Background(), paths, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func names(paths []string) string {
	out := make([]string, len(paths))
	for i, p := range paths {
		out[i] = filepath.Base(p)
	}
	return strings.Join(out, " ")
}

func TestSortKinds(t *testing.T) {
	dir := tree(t, "m.ONNX", "names.txt", "id2label.json", "m.picasso.json", "a.png", "ü b.JPG", "notes.pdf")
	write(t, filepath.Join(dir, "picture"), "\x89PNG\r\n\x1a\n0000")
	var paths []string
	for _, n := range []string{"m.ONNX", "names.txt", "id2label.json", "m.picasso.json", "a.png", "ü b.JPG", "notes.pdf", "picture", "gone.png"} {
		paths = append(paths, filepath.Join(dir, n))
	}
	d := sorted(t, append(paths, paths[0])...)
	got := fmt.Sprintf("%s|%s|%s|%s", names(d.Models), names(d.Labels), names(d.Sidecars), names(d.Images))
	if want := "m.ONNX|names.txt id2label.json|m.picasso.json|a.png ü b.JPG picture"; got != want {
		t.Errorf("sorted %s, want %s", got, want)
	}
	if len(d.Problems) != 2 || !strings.Contains(d.Problems[0].Error(), "notes.pdf") {
		t.Errorf("problems %v", d.Problems)
	}
}

func TestSortFolder(t *testing.T) {
	dir := tree(t, "one/a.png", "one/two/b.jpg", "one/readme.md", "one/.git/c.png", "one/labels.txt", "net.onnx",
		"1/2/3/4/5/6/7/8/deep.png", "1/2/3/4/5/6/7/8/9/deeper.png")
	if err := os.Symlink(dir, filepath.Join(dir, "one", "loop")); err != nil {
		t.Skipf("this system makes no links: %v", err)
	}
	d := sorted(t, dir)
	if got := names(d.Images); got != "deep.png a.png b.jpg" {
		t.Errorf("pictures: %s", got)
	}
	if names(d.Models) != "net.onnx" || len(d.Labels) != 0 || len(d.Problems) != 0 || d.Cut == "" {
		t.Errorf("%+v", d)
	}
	if d := sorted(t, tree(t, "a/readme.md")); len(d.Problems) != 1 || !strings.Contains(d.Problems[0].Error(), "pictures") {
		t.Errorf("an empty folder: %v", d.Problems)
	}
}

func TestScriptsCountOnlyWhereTheyAreGiven(t *testing.T) {
	dir := tree(t, "mine.STAR", "folder/inner.star", "folder/a.png")
	got := sorted(t, filepath.Join(dir, "mine.STAR"), filepath.Join(dir, "folder"))
	if names(got.Scripts) != "mine.STAR" || len(got.Problems) != 0 {
		t.Errorf("scripts %v, problems %v", got.Scripts, got.Problems)
	}
}

func TestSortStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Sort(ctx, []string{tree(t, "a.png")}, func(int) {}); err != context.Canceled {
		t.Errorf("error %v", err)
	}
}

func TestFoldersAreSortedAsPeopleDo(t *testing.T) {
	d := sorted(t, tree(t, "p10.png", "p2.png", "p1.png", "p02b.png", "p02.png", "a.png", "P3.png"))
	if got := names(d.Images); got != "P3.png a.png p1.png p02.png p2.png p02b.png p10.png" {
		t.Errorf("order: %s", got)
	}
}

// TestFoldersOfScansWithAnyName: archives call files by numbers with dots; what
// only begins like a scan is no problem of the user's.
func TestFoldersOfScansWithAnyName(t *testing.T) {
	folder := t.TempDir()
	for i := range 3 {
		s := dicom.Slice{Rows: 2, Columns: 2, Values: make([]int16, 4), Spacing: 1, Position: [3]float64{0, 0, float64(i)}, Number: i, Root: "2.25.3", Width: 9}
		data := s.Encode()
		if i == 2 {
			data = data[132:] // without preamble
		}
		write(t, filepath.Join(folder, fmt.Sprintf("1.2.840.%d", i)), string(data))
	}
	write(t, filepath.Join(folder, "broken.1"), strings.Repeat("\x00", 128)+"DICM and then nothing")
	write(t, filepath.Join(folder, "notes.txt"), "not a picture")
	d, err := Find(context.Background(), []string{folder}, func(int) {})
	if err != nil || len(d.Series) != 1 || d.Series[0].Len() != 3 || len(d.Images) != 0 || len(d.Problems) != 0 {
		t.Errorf("%d series, pictures %q, problems %v, %v", len(d.Series), d.Images, d.Problems, err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

package control

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
	if len(d.Problems) != 2 || !strings.Contains(d.Problems[0].Error(), "notes.pdf is neither") {
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
	if names(d.Models) != "net.onnx" || len(d.Labels) != 0 || len(d.Problems) != 0 || !d.Cut {
		t.Errorf("%+v", d)
	}
	if d := sorted(t, tree(t, "a/readme.md")); len(d.Problems) != 1 || !strings.Contains(d.Problems[0].Error(), "no pictures") {
		t.Errorf("an empty folder: %v", d.Problems)
	}
}

func TestSortStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Sort(ctx, []string{tree(t, "a.png")}, func(int) {}); err != context.Canceled {
		t.Errorf("error %v", err)
	}
}

func TestDropOpensTheModelAndAddsPictures(t *testing.T) {
	dir := tree(t, "net.onnx", "a.png", "b.png", "c.xyz")
	bubble(t, func(d *desk) {
		var paths []string
		for _, n := range []string{"a.png", "c.xyz", "net.onnx", "b.png"} {
			paths = append(paths, filepath.Join(dir, n))
		}
		d.Drop(paths)
		settleReal(d, func() bool { return d.State().Model != nil && len(d.State().Images) == 2 })
		if d.State().About.Name != filepath.Join(dir, "net.onnx") {
			t.Errorf("model %q", d.State().About.Name)
		}
		if d.State().Images[0].Err == nil {
			t.Error("a.png holds no picture, which the list must say")
		}
	})
}

func TestDropOfSeveralModelsAsks(t *testing.T) {
	dir := tree(t, "x.onnx", "y.onnx")
	bubble(t, func(d *desk) {
		d.Drop([]string{filepath.Join(dir, "x.onnx"), filepath.Join(dir, "y.onnx")})
		settleReal(d, func() bool { return d.State().Notice != nil })
		if n := d.State().Notice; n == nil || len(n.Models) != 2 || d.State().Opening != nil {
			t.Errorf("notice %+v", n)
		}
	})
}

func TestDropOfLabelsWithoutModelSaysSo(t *testing.T) {
	dir := tree(t, "names.txt")
	bubble(t, func(d *desk) {
		d.Drop([]string{filepath.Join(dir, "names.txt")})
		settleReal(d, func() bool { return d.State().Notice != nil })
		if n := d.State().Notice; n == nil || n.Err != ErrNoModel {
			t.Errorf("notice %+v", n)
		}
	})
}

// settleReal lets virtual time pass until done, for work that touches files.
func settleReal(d *desk, done func() bool) {
	for range 100 {
		if done() {
			break
		}
		d.q.pass(time.Second)
	}
	d.q.pass(time.Second)
}

func TestNoticesWaitBelowEachOther(t *testing.T) {
	dir := tree(t, "x.onnx", "y.onnx", "broken.png")
	bubble(t, func(d *desk) {
		d.Drop([]string{dir})
		settleReal(d, func() bool { return len(d.State().Earlier) == 1 })
		s := d.State()
		if s.Notice == nil || s.Notice.Picture == 0 || len(s.Earlier) != 1 || len(s.Earlier[0].Models) != 2 {
			t.Fatalf("notice %+v above %v", s.Notice, s.Earlier)
		}
		d.AddPicture(grey("fine", 9))
		d.q.pass(time.Second)
		if s.Notice == nil || len(s.Notice.Models) != 2 {
			t.Errorf("another picture is shown, yet the notice is %+v", s.Notice)
		}
		d.Dismiss()
		if s.Notice != nil {
			t.Errorf("notice %+v", s.Notice)
		}
	})
}

func TestSamplesMakeRoomForTheUsersPictures(t *testing.T) {
	dir := tree(t, "s.onnx", "s.png", "mine.png", "mine.onnx")
	at := func(name string) string { return filepath.Join(dir, name) }
	bubble(t, func(d *desk) {
		d.OpenSample(at("s.onnx"), []string{at("s.png")}, 0)
		d.q.pass(2 * time.Second)
		d.Drop([]string{at("mine.onnx")})
		settleReal(d, func() bool { return d.State().About.Name == at("mine.onnx") })
		if n := len(d.State().Images); n != 1 {
			t.Errorf("a model alone left %d pictures", n)
		}
		d.Drop([]string{at("mine.png")})
		settleReal(d, func() bool { return d.State().Reading == nil })
		if s := d.State(); len(s.Images) != 1 || s.Images[0].Name != "mine.png" {
			t.Errorf("pictures: %d", len(s.Images))
		}
	})
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
	d, err := gather(context.Background(), []string{folder}, func(int) {})
	if err != nil || len(d.Series) != 1 || d.Series[0].Len() != 3 || len(d.Images) != 0 || len(d.Problems) != 0 {
		t.Errorf("%d series, images %q, problems %v, %v", len(d.Series), d.Images, d.Problems, err)
	}
}

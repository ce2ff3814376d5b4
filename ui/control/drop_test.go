package control

import (
	"os"
	"path/filepath"
	"testing"
	"time"
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
		d.OpenSample(at("s.onnx"), []string{at("s.png")}, 0, 0)
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

// What is dropped while an earlier drop is looked through comes after it, and nothing of
// either is lost.
func TestDropsFollowEachOther(t *testing.T) {
	dir := tree(t, "net.onnx", "a.png", "b.png")
	bubble(t, func(d *desk) {
		var heard [][]string
		d.OnDropped(func(paths, _ []string, _ int) { heard = append(heard, paths) })
		for _, n := range []string{"net.onnx", "b.png", "a.png"} {
			d.Drop([]string{filepath.Join(dir, n)})
		}
		settleReal(d, func() bool { return d.State().Model != nil && len(d.State().Images) == 2 })
		if got := d.State().Images; got[0].Name != "b.png" || got[1].Name != "a.png" || len(heard) != 3 || d.Busy() {
			t.Errorf("%d pictures, the first is %s; heard of %q; busy %v", len(got), got[0].Name, heard, d.Busy())
		}
	})
}

// Stop ends what waits as well.
func TestStopForgetsWhatWasDropped(t *testing.T) {
	dir := tree(t, "net.onnx", "a.png")
	bubble(t, func(d *desk) {
		d.Drop([]string{filepath.Join(dir, "net.onnx")})
		d.Drop([]string{filepath.Join(dir, "a.png")})
		d.Stop()
		d.q.pass(time.Second)
		if d.State().Reading != nil || d.State().Opening != nil || len(d.State().Images) > 0 {
			t.Errorf("reading %v, opening %v, %d pictures", d.State().Reading, d.State().Opening, len(d.State().Images))
		}
		d.Drop([]string{filepath.Join(dir, "a.png")})
		settleReal(d, func() bool { return len(d.State().Images) == 1 })
		if n := len(d.State().Images); n != 1 {
			t.Errorf("%d pictures after the next drop", n)
		}
	})
}

package control

import (
	"os"
	"path/filepath"
	"picasso/backend/score"
	"testing"
	"time"

	"picasso/ui/control/intake"
)

// land writes a checkpoint of a certain age.
func land(t *testing.T, path string, minutes int) {
	t.Helper()
	write(t, path, "x")
	at := time.Unix(1e9, 0).Add(time.Duration(minutes) * time.Minute)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

func TestFolderOfCheckpointsIsFollowed(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "epoch-9.onnx"), filepath.Join(dir, "epoch-10.onnx")
	land(t, first, 1)
	bubble(t, func(d *desk) {
		pictures := tree(t, "a.png", "b.png")
		d.Drop([]string{dir, pictures})
		settleReal(d, func() bool { return d.State().Model != nil && len(d.State().Images) == 2 })
		d.Clear()
		d.AddPicture(grey("white", 200))
		d.q.pass(time.Second)
		d.SetTarget(1, score.NoClass)
		s := d.State()
		if s.About.Path != first || s.Watched != dir || d.Settings().Model != dir {
			t.Fatalf("shown %q, watched %q, remembered %q", s.About.Path, s.Watched, d.Settings().Model)
		}
		land(t, second, 2)
		settleReal(d, func() bool { return s.About.Path == second })
		if s.About.Path != second || s.Target.Class != 1 || !s.Pinned || len(s.Images) != 1 {
			t.Errorf("shown %q, target %+v, %d pictures", s.About.Path, s.Target, len(s.Images))
		}
		land(t, second, 3) // written again under the same name
		opened := s.Model
		settleReal(d, func() bool { return s.Model != opened })
		if s.Model == opened {
			t.Error("a file that was written again is not opened again")
		}
		d.Open("other.onnx")
		d.q.pass(2 * time.Second)
		land(t, first, 4)
		d.q.pass(5 * time.Second)
		if s.Watched != "" || s.About.Path != "other.onnx" {
			t.Errorf("another model was opened, yet %q of %q is shown", s.About.Path, s.Watched)
		}
	})
}

func TestFolderWithoutModelsIsNoModel(t *testing.T) {
	dir := t.TempDir()
	bubble(t, func(d *desk) {
		d.Open(dir)
		d.q.pass(time.Second)
		if n := d.State().Notice; n == nil || n.Err == nil || d.State().Watched != "" {
			t.Errorf("notice %+v, watched %q", n, d.State().Watched)
		}
	})
}

func TestNoticesThatLast(t *testing.T) {
	bubble(t, func(d *desk) {
		d.TellLasting("start", &intake.FileError{Path: "settings.json", Reason: "is broken"})
		d.Say("a passing sentence")
		d.Open("m.onnx")
		d.q.pass(2 * time.Second)
		if n := d.State().Notice; n == nil || n.Doing != "start" || len(d.State().Earlier) != 0 {
			t.Errorf("left: %+v", n)
		}
		d.Dismiss()
		if d.State().Notice != nil {
			t.Error("it cannot be dismissed")
		}
	})
}

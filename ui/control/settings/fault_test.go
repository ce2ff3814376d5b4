package settings

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"picasso/backend/files"
)

// Whatever step of saving fails, the old settings or the new ones stand.
func TestSettingsSurviveADiskThatFails(t *testing.T) {
	for n := 1; ; n++ {
		path := filepath.Join(t.TempDir(), "settings.json")
		s := New(path)
		s.Theme = "light"
		if err := s.Save(); err != nil {
			t.Fatal(err)
		}
		step := 0
		restore := files.Fail(func(files.Step, string) error {
			if step++; step == n {
				return errors.New("no space left on device")
			}
			return nil
		})
		s.Theme = "dark"
		err := s.Save()
		restore()
		again, damaged := Load(path)
		entries, _ := os.ReadDir(filepath.Dir(path))
		if damaged != nil || len(entries) != 1 {
			t.Errorf("step %d leaves %v, %v", n, entries, damaged)
		}
		if step < n {
			if err != nil || again.Theme != "dark" {
				t.Errorf("without a fault: %v, %q", err, again.Theme)
			}
			return
		}
		if err == nil || again.Theme != "light" {
			t.Errorf("step %d: %v, %q stands", n, err, again.Theme)
		}
	}
}

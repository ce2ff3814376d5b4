package sweep_test

import (
	"context"
	"image/gif"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/ui/control"
	"picasso/ui/control/sweep"
	"picasso/ui/uitest"
)

// A film has a frame for each value of a setting that is a number, and no more than 12;
// settings that are none are not offered.
func TestAFilmOfASetting(t *testing.T) {
	d := uitest.NewControl(t)
	d.Explained()
	k := sweep.New(d.C)
	var keys []string
	for _, s := range k.Settings() {
		keys = append(keys, s.Key())
	}
	if strings.Join(keys, " ") != "int float extent" {
		t.Fatalf("offered are %v", keys)
	}
	for key, frames := range map[string]int{"int": 10, "float": 12} {
		before := d.Every.Count()
		path := filepath.Join(d.Dir, key)
		k.Save(path, key)
		d.Q.Until(t, "the film", func() bool {
			n := d.C.State().Notice
			return n != nil && strings.Contains(n.Text, key+".gif")
		})
		f, err := os.Open(path + ".gif")
		if err != nil {
			t.Fatal(err)
		}
		film, err := gif.DecodeAll(f)
		f.Close()
		if err != nil || len(film.Image) != frames || d.Every.Count()-before != frames {
			t.Errorf("%s: %d frames after %d runs, %v", key, len(film.Image), d.Every.Count()-before, err)
		}
	}
	if p := d.C.State().Panel(); p.Status != control.Ready || p.Stale {
		t.Error("the map on the screen is another one after a film")
	}
}

// What cannot be filmed is told: no such setting, a method that fails.
func TestFilmsThatCannotBe(t *testing.T) {
	d := uitest.NewControl(t)
	d.Explained()
	k := sweep.New(d.C)
	k.Save(filepath.Join(d.Dir, "a"), "choice")
	if n := d.C.State().Notice; n == nil || n.Err == nil || !strings.Contains(n.Err.Error(), "no such setting") {
		t.Errorf("a word is filmed: %+v", n)
	}
	d.Every.Fail = context.DeadlineExceeded
	k.Save(filepath.Join(d.Dir, "b"), "int")
	d.Q.Until(t, "the failure", func() bool {
		n := d.C.State().Notice
		return n.Err != nil && strings.Contains(n.Err.Error(), "no two values")
	})
	if _, err := os.Stat(filepath.Join(d.Dir, "b.gif")); err == nil {
		t.Error("a film of nothing is written")
	}
}

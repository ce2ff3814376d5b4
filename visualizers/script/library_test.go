package script_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"picasso/visualizers/script"
)

func library(t *testing.T) *script.Library {
	t.Helper()
	folder := t.TempDir()
	trust, err := script.OpenTrust(filepath.Join(folder, "trusted.json"))
	if err != nil {
		t.Fatal(err)
	}
	return &script.Library{Host: host(t), Trust: trust, Folder: filepath.Join(folder, "visualizers"), Taken: []string{"occlusion"}}
}

func write(t *testing.T, l *script.Library, name, text string) string {
	t.Helper()
	if err := os.MkdirAll(l.Folder, 0o777); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(l.Folder, name)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func scan(t *testing.T, l *script.Library) []script.Entry {
	t.Helper()
	entries, err := l.Scan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func TestScriptsAreOffUntilSwitchedOn(t *testing.T) {
	l := library(t)
	if got := scan(t, l); len(got) != 0 {
		t.Fatalf("a folder that does not exist has %d scripts", len(got))
	}
	text := body("return x[0]")
	path := write(t, l, "t.star", text)
	write(t, l, "notes.txt", "no script")
	if got := scan(t, l); len(got) != 1 || !got[0].Waits() || got[0].Text != text || len(script.Visualizers(got)) != 0 {
		t.Fatalf("an unknown script: %+v", got)
	}
	if err := l.Trust.Allow("t.star", text); err != nil {
		t.Fatal(err)
	}
	first := scan(t, l)
	if len(first) != 1 || first[0].Script == nil {
		t.Fatalf("a trusted script: %+v", first)
	}
	if again := scan(t, l); again[0].Script != first[0].Script {
		t.Error("a file that did not change is loaded again")
	}
	if err := os.WriteFile(path, []byte(text+"# changed"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := scan(t, l); !got[0].Waits() {
		t.Errorf("a changed script does not ask again: %+v", got)
	}
}

func TestTrustIsRemembered(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "trusted.json")
	trust, err := script.OpenTrust(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := trust.Allow("a.star", "text"); err != nil {
		t.Fatal(err)
	}
	again, err := script.OpenTrust(path)
	if err != nil || !again.Trusts("text") || again.Trusts("text ") {
		t.Errorf("%v, trusts %v", err, again.Trusts("text"))
	}
	if err := again.Revoke("text"); err != nil || again.Trusts("text") {
		t.Errorf("%v, still trusted: %v", err, again.Trusts("text"))
	}
	if err := os.WriteFile(path, []byte(`{"x":`), 0o666); err != nil {
		t.Fatal(err)
	}
	if damaged, err := script.OpenTrust(path); err == nil || damaged.Trusts("text") {
		t.Errorf("a damaged list: %v", err)
	}
}

func TestAnIDIsUsedOnce(t *testing.T) {
	l := library(t)
	for name, id := range map[string]string{"a.star": "t", "b.star": "t", "c.star": "occlusion"} {
		text := strings.Replace(body("return x[0]"), `"t"`, `"`+id+`"`, 1) + "# " + name
		write(t, l, name, text)
		if err := l.Trust.Allow(name, text); err != nil {
			t.Fatal(err)
		}
	}
	got := scan(t, l)
	if got[0].Script == nil || got[1].Err == nil || got[2].Err == nil || !strings.Contains(got[2].Err.Error(), `"occlusion" is already in use`) {
		t.Errorf("%+v", got)
	}
}

func TestTheStarterRuns(t *testing.T) {
	l := library(t)
	path, err := l.Create("my-method", script.Starter("my-method"))
	if err != nil {
		t.Fatal(err)
	}
	got := scan(t, l)
	if len(got) != 1 || got[0].Script == nil || got[0].Script.Info().ID != "my-method" || got[0].Path != path {
		t.Fatalf("%+v", got)
	}
	if _, err := l.Create("my-method", "x"); err == nil {
		t.Error("a script was overwritten")
	}
	if _, err := l.Create("../evil", "x"); err == nil {
		t.Error("a script outside the folder was written")
	}
	s := got[0].Script
	r := explain(t, s, input(t, s, vistestNet()))
	if len(r.Maps) != 1 || r.Passes != 16 {
		t.Errorf("%d maps from %d pictures, want 1 from 16", len(r.Maps), r.Passes)
	}
}

func TestAFollowedFileStaysOn(t *testing.T) {
	l := library(t)
	path, err := l.Create("t", body("return x[0]"))
	if err != nil {
		t.Fatal(err)
	}
	first := scan(t, l)[0].Script
	changed := body("return x[1]")
	if err := os.WriteFile(path, []byte(changed), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := scan(t, l); got[0].Script == nil || got[0].Script == first || !l.Trust.Trusts(changed) {
		t.Errorf("a file that is being written asks again: %+v", got)
	}
	// Another program, later, does not know about that.
	later := &script.Library{Host: l.Host, Trust: l.Trust, Folder: l.Folder}
	if err := os.WriteFile(path, []byte(changed+"# more"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := scan(t, later); !got[0].Waits() {
		t.Errorf("%+v", got)
	}
}

func TestExport(t *testing.T) {
	text, err := script.Export("occlusion", "mine")
	if err != nil {
		t.Fatal(err)
	}
	s, err := host(t).Load(t.Context(), "mine.star", text)
	if err != nil || s.Info().ID != "mine" {
		t.Errorf("%v", err)
	}
	if _, err := script.Export("nothing", "mine"); err == nil || !strings.Contains(err.Error(), "two_windows") {
		t.Errorf("%v", err)
	}
}

func TestAddCopiesIntoTheFolder(t *testing.T) {
	l := library(t)
	outside := filepath.Join(t.TempDir(), "dropped.STAR")
	if err := os.WriteFile(outside, []byte(body("return x[0]")), 0o666); err != nil {
		t.Fatal(err)
	}
	path, err := l.Add(outside)
	if err != nil || path != filepath.Join(l.Folder, "dropped.star") {
		t.Fatalf("%q %v", path, err)
	}
	if got := scan(t, l); len(got) != 1 || !got[0].Waits() {
		t.Errorf("a dropped file is on at once: %+v", got)
	}
}

func TestWatchTellsOfChanges(t *testing.T) {
	l := library(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	seen := make(chan []script.Entry)
	over := make(chan struct{})
	go func() {
		defer close(over)
		l.Watch(ctx, time.Millisecond, func(entries []script.Entry, err error) {
			if err != nil {
				t.Error(err)
			}
			select {
			case seen <- entries:
			case <-ctx.Done():
			}
		})
	}()
	expect := func(what string, ok func([]script.Entry) bool) {
		t.Helper()
		for {
			select {
			case e := <-seen:
				if ok(e) {
					return
				}
			case <-ctx.Done():
				t.Fatalf("no news of %s", what)
			}
		}
	}
	expect("the empty folder", func(e []script.Entry) bool { return len(e) == 0 })
	text := body("return x[0]")
	path := write(t, l, "t.star", text)
	expect("the new file", func(e []script.Entry) bool { return len(e) == 1 && e[0].Waits() && e[0].Text == text })
	if err := l.Trust.Allow("t.star", text); err != nil {
		t.Fatal(err)
	}
	expect("the switch", func(e []script.Entry) bool { return len(e) == 1 && e[0].Script != nil })
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	expect("the end of the file", func(e []script.Entry) bool { return len(e) == 0 })
	cancel()
	<-over
}

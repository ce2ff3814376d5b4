package ui

import (
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"

	"picasso/backend/files"
	"picasso/ui/control/settings"
)

// What changed is on the disk while the window is open: a crash loses nothing.
func TestSettingsAreWrittenWhenTheyChange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	b := newBenchWith(t, func(_ *bench, p *Params) { p.Settings = settings.New(path) })
	on := func(want func(*settings.Settings) bool) func() bool {
		return func() bool {
			s, err := settings.Load(path)
			if err == nil && want(s) {
				return true
			}
			b.rememberNow() // as the window does now and then: what may be remembered is found out in the background
			return false
		}
	}
	b.explained()
	b.q.Until(t, "the model", on(func(s *settings.Settings) bool { return s.Model != "" && len(s.Images) == 1 && s.Window.Width > 0 }))
	if err := b.c.SetValue(0, "int", 7); err != nil {
		t.Fatal(err)
	}
	b.rememberNow()
	b.q.Until(t, "the value", on(func(s *settings.Settings) bool { return s.Values["every"]["int"] == "7" }))

	// A disk that is full is told once, and tried again.
	var tries atomic.Int32
	restore := files.Fail(func(files.Step, string) error { tries.Add(1); return syscall.ENOSPC })
	b.c.Settings().Theme = "dark"
	b.rememberNow()
	b.q.Until(t, "a notice", func() bool { return b.c.State().Notice != nil })
	b.c.DismissAll()
	b.rememberNow()
	b.q.Until(t, "another try", func() bool { return tries.Load() > 1 })
	restore()
	b.rememberNow()
	b.q.Until(t, "the theme", on(func(s *settings.Settings) bool { return s.Theme == "dark" }))
	if n := b.c.State().Notice; n != nil {
		t.Errorf("told again: %v", n.Err)
	}
}

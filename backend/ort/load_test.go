//go:build cgo

package ort

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"picasso/backend/infer"
)

// loadWithout loads in a process of its own, for a process that has loaded a
// library once keeps it. It returns the error's text, or how the session went
// that a good library opens.
func loadWithout(t *testing.T, cfg Config, environment ...string) string {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestLoadInAProcessOfItsOwn$", "-test.v")
	child.Env = append(os.Environ(), append(environment,
		"PICASSO_TEST_LIBRARY="+cfg.Library, "PICASSO_TEST_SAVED="+cfg.Saved, "PICASSO_TEST_LOAD=1")...)
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// TestLoadInAProcessOfItsOwn is what loadWithout starts.
func TestLoadInAProcessOfItsOwn(t *testing.T) {
	if os.Getenv("PICASSO_TEST_LOAD") == "" {
		t.Skip("started by the other tests of this file only")
	}
	r, err := Load(Config{Library: os.Getenv("PICASSO_TEST_LIBRARY"), Saved: os.Getenv("PICASSO_TEST_SAVED")})
	t.Log(err)
	var none *infer.NoRuntimeError
	if _, again := r.Open(t.Context(), infer.Source{Bytes: probe()}, infer.SessionOptions{}); err != nil && again != err {
		t.Errorf("Open says %v", again)
	}
	if err != nil && !errors.As(err, &none) {
		t.Errorf("%T", err)
	}
	if d := r.Diagnose(context.Background()); (d.Err == "") != (err == nil) || len(d.Looked) == 0 || (d.Version == "") != (err != nil) {
		t.Errorf("diagnosis %+v", d)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

func TestNoLibraryIsAnsweredInWords(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the library files of this test are those of Linux")
	}
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		write(t, path, text)
		return path
	}
	text := file("text.so", "hello\n")
	short := file("short.so", "\x7fELF")
	for _, c := range []struct {
		library string
		want    []string
	}{
		{filepath.Join(folder, "none.so"), []string{"none.so (asked for): not there", "--onnxruntime", Variable}},
		{text, []string{"text.so (asked for): not a library"}},
		{short, []string{"short.so (asked for): not a library"}},
		{"libc.so.6", []string{"libc.so.6 (asked for): a library, but not ONNX Runtime"}},
		{filepath.Join(folder, "empty"), []string{filepath.Join("empty", "libonnxruntime.so.1") + " (asked for): not there"}},
	} {
		if c.library == filepath.Join(folder, "empty") {
			if err := os.Mkdir(c.library, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		got := loadWithout(t, Config{Library: c.library})
		for _, part := range c.want {
			if !strings.Contains(got, part) {
				t.Errorf("%s: %q is not in\n%s", c.library, part, got)
			}
		}
	}
}

func TestNothingInTheUsualPlaces(t *testing.T) {
	got := loadWithout(t, Config{Saved: "/nowhere/libonnxruntime.so.1"},
		Variable+"=", "XDG_CACHE_HOME="+t.TempDir(), "HOME="+t.TempDir())
	if !strings.Contains(got, "could not be loaded") {
		t.Skip("this system has ONNX Runtime installed where the loader finds it")
	}
	for _, part := range []string{"/nowhere/libonnxruntime.so.1 (used last time): not there", "(beside the program): not there", "(the user's cache): not there", "make setup"} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is not in\n%s", part, got)
		}
	}
}

// An older release has the entry point but not the programming interface.
func TestAnotherVersionIsAnsweredInWords(t *testing.T) {
	compiler, err := exec.LookPath("cc")
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("no C compiler to make a library with")
	}
	source := filepath.Join(t.TempDir(), "old.c")
	old := filepath.Join(filepath.Dir(source), "libonnxruntime.so.1")
	write(t, source, `
		static const void *api(unsigned version) { return version > 22 ? 0 : "api"; }
		static const char *name(void) { return "1.22.0"; }
		static struct { const void *(*api)(unsigned); const char *(*name)(void); } base = {api, name};
		const void *OrtGetApiBase(void) { return &base; }`)
	if out, err := exec.Command(compiler, "-shared", "-fPIC", "-o", old, source).CombinedOutput(); err != nil {
		t.Skipf("the C compiler makes no libraries: %s", out)
	}
	got := loadWithout(t, Config{Library: old})
	if want := "another version of ONNX Runtime; " + Version + " is needed"; !strings.Contains(got, want) {
		t.Errorf("%q is not in\n%s", want, got)
	}
}

func TestAnotherLibraryNeedsANewStart(t *testing.T) {
	r := library(t)
	other, err := Load(Config{Library: "/another/libonnxruntime.so.1"})
	if err == nil || !strings.Contains(err.Error(), "Start the program again") || other == nil {
		t.Errorf("%v", err)
	}
	again, err := Load(Config{Library: r.Library()})
	if err != nil || again.Version() != r.Version() {
		t.Errorf("the same library again: %v", err)
	}
}

package ort

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func paths(list []place) []string {
	var out []string
	for _, p := range list {
		out = append(out, p.path)
	}
	return out
}

func TestInsideFindsTheLibraryOfEverySystem(t *testing.T) {
	for goos, name := range map[string]string{
		"linux": "libonnxruntime.so.1", "darwin": "libonnxruntime." + Version + ".dylib", "windows": "onnxruntime.dll",
	} {
		folder := t.TempDir()
		for _, file := range []string{filepath.Join(folder, name), filepath.Join(folder, "lib", name)} {
			if got, want := paths(inside(folder, "", goos)), filepath.Join(folder, name); len(got) != 1 && got[0] != want {
				t.Errorf("%s, before there is one: %q", goos, got)
			}
			write(t, file, "")
			if got := paths(inside(folder, "", goos)); !slices.Contains(got, file) {
				t.Errorf("%s: %s is not among %q", goos, file, got)
			}
		}
		file := filepath.Join(folder, "other.so")
		if got := paths(named(file, "", goos)); !slices.Equal(got, []string{file}) {
			t.Errorf("%s: a file became %q", goos, got)
		}
	}
}

func TestPlacesInOrder(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("HOME", cache)
	t.Setenv("LocalAppData", cache)
	t.Setenv(Variable, "")
	list, only := places(Config{Saved: "/saved/library"})
	if only {
		t.Error("nobody asked for a library by name")
	}
	var origins []string
	for _, p := range list {
		if len(origins) == 0 || origins[len(origins)-1] != p.origin {
			origins = append(origins, p.origin)
		}
	}
	if want := []string{"used last time", "beside the program", "the user's cache", "the system"}; !slices.Equal(origins, want) {
		t.Errorf("order %q, want %q", origins, want)
	}
	inCache := filepath.Join(CacheFolder(), fileNames(runtime.GOOS)[0])
	if !slices.Contains(paths(list), inCache) || !strings.HasPrefix(inCache, cache) {
		t.Errorf("%s is not among %q", inCache, paths(list))
	}
}

func TestALibraryAskedForIsTheOnlyOne(t *testing.T) {
	t.Setenv(Variable, "/by/variable.so")
	for want, cfg := range map[string]Config{
		"/by/flag.so":     {Library: "/by/flag.so", Saved: "/saved.so"},
		"/by/variable.so": {Saved: "/saved.so"},
	} {
		list, only := places(cfg)
		if !only || len(list) != 1 || list[0].path != want {
			t.Errorf("%+v: %v, want only %s", cfg, list, want)
		}
	}
}

package ort

import (
	"os"
	"path/filepath"
	"runtime"
)

// Version is the release of ONNX Runtime the program is made for. Other
// releases work when they offer the same programming interface.
const Version = "1.24.3"

// apiVersion is the programming interface that the Go binding asks for.
const apiVersion = 24

// Variable is the environment variable that names the library.
const Variable = "PICASSO_ONNXRUNTIME"

// Config says where to look for the library.
type Config struct {
	// Library is what the user asked for on this start: the library or the
	// folder that holds it. Empty means the environment variable [Variable],
	// and when that is empty too, the usual places. A library asked for by name
	// is used or complained about, never silently replaced by another.
	Library string
	// Saved is the library that worked last time. It comes after Library and
	// before the usual places, which are tried when it no longer works.
	Saved string
	// Brief says that the process ends with its work, as a command does: what runs let
	// go is kept for the next one, up to half a gigabyte, also where the blocks are large.
	// The first library that is loaded decides.
	Brief bool
	// Log receives one line per step of the look-up; nil drops them.
	Log func(line string)
}

// CacheFolder is the folder of the user's cache that holds the library once
// it was downloaded, "" when the user has no cache. The set-up script and the
// look-up agree on it.
func CacheFolder() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(cache, "picasso", "onnxruntime-"+Version)
}

// place is one file, or one bare name for the system's loader, that may be the
// library.
type place struct {
	path   string
	origin string // how it came to be tried
}

// places lists what to try, in order. only is true when the user asked for
// this very library.
func places(cfg Config) (list []place, only bool) {
	if cfg.Library != "" {
		return named(cfg.Library, "asked for", runtime.GOOS), true
	}
	if path := os.Getenv(Variable); path != "" {
		return named(path, Variable, runtime.GOOS), true
	}
	if cfg.Saved != "" {
		list = append(list, named(cfg.Saved, "used last time", runtime.GOOS)...)
	}
	for _, folder := range besideExecutable() {
		list = append(list, inside(folder, "beside the program", runtime.GOOS)...)
	}
	if folder := CacheFolder(); folder != "" {
		list = append(list, inside(folder, "the user's cache", runtime.GOOS)...)
	}
	return append(list, system(runtime.GOOS, runtime.GOARCH)...), false
}

// named is what a path given by the user stands for: the library itself, or the
// folder it lies in.
func named(path, origin, goos string) []place {
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return []place{{path, origin}}
	}
	return inside(path, origin, goos)
}

// inside lists the libraries in a folder and in its lib/.
func inside(path, origin, goos string) []place {
	var list []place
	for _, folder := range []string{path, filepath.Join(path, "lib")} {
		for _, name := range fileNames(goos) {
			file := filepath.Join(folder, name)
			if info, err := os.Stat(file); err == nil && !info.IsDir() {
				list = append(list, place{file, origin})
			}
		}
	}
	if len(list) == 0 {
		// Tried all the same, so that the answer tells what was looked for.
		list = []place{{filepath.Join(path, fileNames(goos)[0]), origin}}
	}
	return list
}

// fileNames are the names the library goes by, best first.
func fileNames(goos string) []string {
	switch goos {
	case "windows":
		return []string{"onnxruntime.dll"}
	case "darwin":
		return []string{"libonnxruntime." + Version + ".dylib", "libonnxruntime.1.dylib", "libonnxruntime.dylib"}
	}
	return []string{"libonnxruntime.so.1", "libonnxruntime.so." + Version, "libonnxruntime.so"}
}

// besideExecutable lists the folders of an installed program.
func besideExecutable() []string {
	program, err := os.Executable()
	if err != nil {
		return nil
	}
	if real, err := filepath.EvalSymlinks(program); err == nil {
		program = real
	}
	folder := filepath.Dir(program)
	folders := []string{folder} // inside looks into lib/ too
	if runtime.GOOS == "darwin" {
		folders = append(folders, filepath.Join(folder, "..", "Frameworks"))
	}
	return folders
}

// system lists what a package manager would have installed. Bare names come
// first: the system's loader knows its own folders best.
func system(goos, goarch string) []place {
	const origin = "the system"
	var list []place
	for _, name := range fileNames(goos) {
		list = append(list, place{name, origin})
	}
	for _, folder := range systemFolders(goos, goarch) {
		for _, name := range fileNames(goos) {
			file := filepath.Join(folder, name)
			if info, err := os.Stat(file); err == nil && !info.IsDir() {
				list = append(list, place{file, origin})
			}
		}
	}
	return list
}

func systemFolders(goos, goarch string) []string {
	switch goos {
	case "windows":
		return nil
	case "darwin":
		return []string{"/opt/homebrew/lib", "/usr/local/lib", "/opt/homebrew/opt/onnxruntime/lib"}
	}
	triple := map[string]string{"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}[goarch]
	return []string{"/usr/local/lib", "/usr/lib", "/usr/lib64", filepath.Join("/usr/lib", triple), "/opt/onnxruntime/lib"}
}

package cli

import (
	"context"
	"fmt"
	"picasso/backend/infer"
	"runtime"
	"runtime/debug"
)

// version names the program and what it is made of, one per line.
func version(_ context.Context, env Env, args []string) error {
	var library string
	fs := flags("version")
	declareLibrary(fs, &library)
	if err := parse(env, fs, args, nil); err != nil {
		return err
	}
	for _, row := range Versions(env.Version, env.Runtime(library, "")) {
		if _, err := fmt.Fprintln(env.Stdout, row[0], row[1]); err != nil {
			return err
		}
	}
	return nil
}

// Versions are names and versions of the program and of what it is made of,
// as far as the binary and the runtime know them: a build without a window
// has no Fyne, one outside of git no commit.
func Versions(program string, r infer.Runtime) [][2]string {
	engine := "not found"
	if r != nil && r.Version() != "" {
		engine = r.Version()
	}
	rows := [][2]string{{"picasso", program}, {"ONNX Runtime", engine}}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "fyne.io/fyne/v2" {
				rows = append(rows, [2]string{"Fyne", m.Version})
			}
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				rows = append(rows, [2]string{"commit", s.Value})
			}
		}
	}
	return append(rows, [2]string{"Go", runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH})
}

package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"picasso/backend/infer"
	"picasso/visualizers/methods"
	"strings"
	"testing"

	"picasso/backend/ort"
	"picasso/ui/cli"
	"picasso/visualizers/script"
)

// The test binary is the sandbox of its scripts, as the program is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == script.Command {
		os.Exit(script.Serve(os.Stdin, os.Stdout, os.Stderr))
	}
	if len(os.Args) > 1 && os.Args[1] == shardAlone {
		os.Exit(auditShard(os.Args[2:]))
	}
	if os.Getenv(viewFolder) != "" {
		os.Exit(viewAlone())
	}
	os.Exit(m.Run())
}

// withScripts runs one command line with a folder of scripts.
func withScripts(t *testing.T, folder string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return scripted(t.Context(), folder, args...)
}

func scripted(ctx context.Context, folder string, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = cli.Run(ctx, args, cli.Env{
		Stdout: &out, Stderr: &errs, Version: "test", Visualizers: methods.All(),
		Scripts: func() (*script.Library, error) {
			h, err := script.NewHost()
			if err != nil {
				return nil, err
			}
			trust, err := script.OpenTrust(filepath.Join(folder, "trusted.json"))
			return &script.Library{Host: h, Trust: trust, Folder: filepath.Join(folder, "visualizers")}, err
		},
		Runtime: func(library, _ string) infer.Runtime {
			r, _ := ort.Load(ort.Config{Library: library})
			return r
		},
	})
	return code, out.String(), errs.String()
}

func TestAScriptFromNothingToTrusted(t *testing.T) {
	folder := t.TempDir()
	code, out, errs := withScripts(t, folder, "script", "new", "my-method")
	path := strings.TrimSpace(out)
	if code != cli.Done || filepath.Base(path) != "my-method.star" {
		t.Fatalf("%d %q %q", code, out, errs)
	}
	if code, out, errs = withScripts(t, folder, "visualizers"); code != cli.Done || !strings.Contains(out, "my-method — my-method") {
		t.Errorf("a new script is not listed: %d %q %q", code, out, errs)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(text, "\n# changed"...), 0o666); err != nil {
		t.Fatal(err)
	}
	code, out, errs = withScripts(t, folder, "visualizers")
	if code != cli.Done || strings.Contains(out, "my-method") || !strings.Contains(errs, "my-method.star is switched off") {
		t.Errorf("a changed script is still on: %d %q %q", code, out, errs)
	}
	if code, out, errs = withScripts(t, folder, "script", "trust", path); code != cli.Done {
		t.Errorf("trust: %d %q %q", code, out, errs)
	}
	if _, out, _ = withScripts(t, folder, "visualizers"); !strings.Contains(out, "my-method") {
		t.Error("a trusted script is not listed")
	}
	if code, _, errs = withScripts(t, folder, "script", "revoke", "my-method.star"); code != cli.Done {
		t.Errorf("revoke: %d %q", code, errs)
	}
	if _, out, _ = withScripts(t, folder, "visualizers"); strings.Contains(out, "my-method") {
		t.Error("a revoked script is listed")
	}
}

func TestScriptsAreExplainedAndExported(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	folder, out := t.TempDir(), t.TempDir()
	var files []string
	all, err := script.Examples()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"explain", "--model", model, "--image", images[0], "--out", out, "--set", "masks=20"}
	for _, e := range all {
		path := filepath.Join(folder, e.Name)
		if err := os.WriteFile(path, []byte(e.Text), 0o666); err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
		args = append(args, "--visualizer-file", path)
	}
	if code, stdout, stderr := withScripts(t, folder, args...); code != cli.Done {
		t.Fatalf("%d %q %q", code, stdout, stderr)
	}
	found, err := filepath.Glob(filepath.Join(out, "*", "result.json"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v %v", found, err)
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Maps  []struct{ Visualizer, NPY string }
		Parts []struct{ Visualizer, Kind, File string }
	}
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Maps) != 4 || len(r.Parts) != 3 || len(r.Maps)+len(r.Parts) != len(files) {
		t.Fatalf("%+v", r)
	}
	for _, p := range r.Parts {
		if info, err := os.Stat(filepath.Join(filepath.Dir(found[0]), p.File)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", p.File, err)
		}
	}
	table, err := os.ReadFile(filepath.Join(filepath.Dir(found[0]), "class-probabilities.csv"))
	if err != nil || !strings.HasPrefix(string(table), "class,index,probability\n") {
		t.Errorf("%q %v", table, err)
	}
}

func TestFaultsOfScriptsAreOneLine(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "broken.star")
	if err := os.WriteFile(path, []byte("def run(ctx, x, settings):\n    return zeroes(3)\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	code, _, errs := withScripts(t, folder, "script", "check", path)
	if want := "picasso: broken.star:2:12: undefined: zeroes (did you mean zeros?) return zeroes(3)\n"; code != cli.SomeFailed || errs != want {
		t.Errorf("%d %q, want %q", code, errs, want)
	}
	code, _, errs = withScripts(t, folder, "explain", "--model", "m.onnx", "--image", "i.png", "--out", folder, "--visualizer-file", path)
	if code != cli.Usage || strings.Count(errs, "\n") != 1 {
		t.Errorf("%d %q", code, errs)
	}
	code, _, errs = withScripts(t, folder, "explain", "--model", "m.onnx", "--image", "i.png", "--out", folder, "--visualizer", "oclusion")
	if code != cli.Usage || !strings.Contains(errs, `did you mean "occlusion"?`) {
		t.Errorf("%d %q", code, errs)
	}
}

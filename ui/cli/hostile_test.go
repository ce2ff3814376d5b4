package cli_test

import (
	"context"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"picasso/backend/fixtures"
	"picasso/ui/cli"
)

// Every hostile file of the fixtures costs a command a sentence, or nothing: it ends in
// time, by itself, and writes no control characters on the terminal.
func TestHostileFilesCostASentence(t *testing.T) {
	root := fixtures.Path(t, "field", "hostile")
	model, images := sample(t, "tanks-fair")
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		var commands [][]string
		out := t.TempDir()
		switch filepath.Ext(path) {
		case ".onnx":
			commands = [][]string{
				{"inspect", "--model", path},
				{"predict", "--model", path, "--image", images[0]},
				{"explain", "--model", path, "--image", images[0], "--visualizer", "occlusion", "--out", out},
			}
		case ".png", ".dcm":
			commands = [][]string{
				{"view", "--image", path, "--out", filepath.Join(out, "x.png")},
				{"predict", "--model", model, "--image", path},
				{"predict", "--model", model, "--image", images[0], "--model-set", "kind=embedding", "--reference", path},
			}
		case ".star":
			commands = [][]string{{"explain", "--model", model, "--image", images[0], "--visualizer-file", path, "--out", out}}
		default:
			return nil
		}
		seen++
		for _, args := range commands {
			t.Run(args[0]+" "+filepath.Base(path), func(t *testing.T) { costsASentence(t, args) })
		}
		return nil
	})
	if err != nil || seen == 0 {
		t.Errorf("%d files: %v", seen, err)
	}
}

// patience is when a command is told to stop, as by Ctrl-C: a script that never ends
// is given more time than a test has.
const patience = 20 * time.Second

func costsASentence(t *testing.T, args []string) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	began := time.Now()
	code, stdout, stderr := scripted(ctx, t.TempDir(), args...)
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it took %v", took)
	}
	if code < cli.Done || code > cli.Unusable || code != cli.Done && !strings.HasPrefix(stderr, "picasso: ") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if strings.Contains(stdout+stderr, "goroutine ") {
		t.Errorf("it panicked: %s", stderr)
	}
	for _, r := range stdout + stderr {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			t.Errorf("it writes %q: %q", r, stdout+stderr)
			break
		}
	}
	t.Logf("exit code %d: %.300s", code, stderr)
}

package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"picasso/ui/cli"
)

// A folder is searched with the folders below, as in the window, and what the
// program itself wrote there is not explained in turn.
func TestFolderIsSearchedAsInTheWindow(t *testing.T) {
	model, images := sample(t, "digits")
	root := t.TempDir()
	below := filepath.Join(root, "below", "further")
	if err := os.MkdirAll(below, 0o700); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{filepath.Join(root, "one.png"), filepath.Join(below, "two.png")} {
		data, err := os.ReadFile(images[i])
		if err == nil {
			err = os.WriteFile(name, data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(root, "out")
	for range 2 {
		code, _, said := picasso(t.Context(), "explain", "--model", model, "--image", root, "--visualizer", "prediction", "--out", out)
		if code != cli.Done {
			t.Fatalf("exit code %d: %s", code, said)
		}
		found, _ := filepath.Glob(filepath.Join(out, "*", "result.json"))
		if len(found) != 2 || filepath.Base(filepath.Dir(found[0])) != "one" || filepath.Base(filepath.Dir(found[1])) != "two" {
			t.Errorf("results: %q", found)
		}
	}
}

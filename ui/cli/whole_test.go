package cli

import (
	"errors"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend/files"
)

// Whatever step of writing a result fails, the file of an earlier run or the new
// one stands, whole, and nothing else is left.
func TestResultsAreWrittenWholeOrNotAtAll(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for name, write := range map[string]func(path string) error{
		"picture": func(path string) error { return writePNG(path, img, "") },
		"json":    func(path string) error { return writeJSON(path, map[string]int{"a": 1}) },
	} {
		for n := 1; ; n++ {
			folder := t.TempDir()
			path := filepath.Join(folder, "result")
			if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
				t.Fatal(err)
			}
			step := 0
			restore := files.Fail(func(files.Step, string) error {
				if step++; step == n {
					return errors.New("no space left on device")
				}
				return nil
			})
			err := write(path)
			restore()
			data, gone := os.ReadFile(path)
			entries, _ := os.ReadDir(folder)
			if gone != nil || len(entries) != 1 {
				t.Errorf("%s, step %d: %v, %v", name, n, gone, entries)
			}
			if step < n {
				if err != nil || string(data) == "old" {
					t.Errorf("%s without a fault: %v", name, err)
				}
				break
			}
			if err == nil || !strings.Contains(err.Error(), "no space left") || string(data) != "old" {
				t.Errorf("%s, step %d: %v, %d bytes stand", name, n, err, len(data))
			}
		}
	}
}

// The picture that is looked at is not overwritten, by whatever name.
func TestViewRefusesToOverwriteItsInput(t *testing.T) {
	folder := t.TempDir()
	input, link := filepath.Join(folder, "in.png"), filepath.Join(folder, "link.png")
	if err := writePNG(input, image.NewRGBA(image.Rect(0, 0, 8, 8)), ""); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(input, link); err != nil {
		t.Skip("no links here")
	}
	before, err := os.ReadFile(input)
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{input, link, filepath.Join(folder, ".", "in.png")} {
		var said strings.Builder
		code := Run(t.Context(), []string{"view", "--image", input, "--out", out}, Env{Stdout: &said, Stderr: &said})
		if after, err := os.ReadFile(input); code != Usage || err != nil || string(after) != string(before) {
			t.Errorf("%s: code %d, %s", out, code, said.String())
		}
	}
}

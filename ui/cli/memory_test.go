package cli_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"picasso/ui/cli"
)

// A picture that takes more memory than it may says how much to allow; allowed,
// it opens.
func TestMemoryIsAllowedOnTheCommandLine(t *testing.T) {
	in := large(t, 4000)
	out := filepath.Join(t.TempDir(), "x.png")
	code, _, said := picasso(t.Context(), "view", "--image", in, "--out", out, "--max-memory", "10MB")
	advice := regexp.MustCompile(`--max-memory \d+MB`).FindString(said)
	if code != cli.SomeFailed || advice == "" || !strings.Contains(said, "10 MB are allowed") {
		t.Fatalf("exit code %d: %s", code, said)
	}
	if code, _, said = picasso(t.Context(), append([]string{"view", "--image", in, "--out", out}, strings.Fields(advice)...)...); code != cli.Done {
		t.Errorf("with %s: exit code %d: %s", advice, code, said)
	}
	for _, size := range []string{"", "lots", "1", "-1GB", "1ZB", "9999999TB", "0.5MB", "NaN", "1 2GB", "1.GB.", "GB"} {
		if code, _, said := picasso(t.Context(), "view", "--image", in, "--out", out, "--max-memory", size); code != cli.Usage || !strings.Contains(said, "800MB") {
			t.Errorf("%q: exit code %d: %s", size, code, said)
		}
	}
	for _, size := range []string{"1GB", "1.5 gib", "900m", "1G", "1000000000b"} {
		if code, _, said := picasso(t.Context(), "view", "--image", in, "--out", out, "--max-memory", size); code != cli.Done {
			t.Errorf("%q: exit code %d: %s", size, code, said)
		}
	}
}

// So it is with arrays, and with what belongs to a model.
func TestMemoryOfEverythingIsAllowed(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	picture, array := large(t, 4000), filepath.Join(t.TempDir(), "x.npy")
	if code, _, said := picasso(t.Context(), "view", "--image", picture, "--out", array); code != cli.Done {
		t.Fatal(said)
	}
	embedding := []string{"--model", model, "--image", images[0], "--model-set", "kind=embedding", "--reference"}
	for what, args := range map[string][]string{
		"a picture that is an array": {"predict", "--model", model, "--image", array},
		"a reference":                append([]string{"predict"}, append(embedding, picture)...),
		"a reference for inspect":    {"inspect", "--model", model, "--model-set", "kind=embedding", "--reference", picture},
		"an array as a reference":    append([]string{"predict"}, append(embedding, array)...),
		"another input":              {"predict", "--model", difference(t, t.TempDir()), "--input-name", "a", "--image", images[0], "--input", "b=" + picture},
		"an array as another input":  {"predict", "--model", difference(t, t.TempDir()), "--input-name", "a", "--image", images[0], "--input", "b=" + array},
	} {
		code, _, said := picasso(t.Context(), append(args, "--max-memory", "10MB")...)
		advice := regexp.MustCompile(`--max-memory \d+MB`).FindString(said)
		if code == cli.Done || advice == "" || !strings.Contains(said, "10 MB are allowed") {
			t.Errorf("%s: exit code %d: %s", what, code, said)
			continue
		}
		if _, _, said := picasso(t.Context(), append(args, strings.Fields(advice)...)...); strings.Contains(said, "MB are allowed") {
			t.Errorf("%s, with %s: %s", what, advice, said)
		}
	}
}

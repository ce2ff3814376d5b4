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

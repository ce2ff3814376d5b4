package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/ui/cli"
)

// What explain wrote becomes a page that shows the picture alone and below its
// map; made twice it is the same.
func TestReportOfWhatExplainWrote(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	out := t.TempDir()
	code, _, said := picasso(t.Context(), "explain", "--model", model, "--image", images[0], "--visualizer", "occlusion",
		"--set", "size=64", "--set", "stride=64", "--provider", "cpu", "--out", out)
	if code != cli.Done {
		t.Fatalf("exit code %d: %s", code, said)
	}
	r := readResult(t, filepath.Join(out, strings.TrimSuffix(filepath.Base(images[0]), ".png"), "result.json"))
	for _, name := range []string{"r.html", "r.pdf"} {
		var made [2]string
		for i := range made {
			path := filepath.Join(t.TempDir(), name)
			if code, _, said := picasso(t.Context(), "report", out, "--out", path, "--note", "seen by hand"); code != cli.Done {
				t.Fatalf("exit code %d: %s", code, said)
			}
			made[i] = content(t, path)
		}
		if made[0] != made[1] {
			t.Errorf("%s differs from one time to the next", name)
		}
		if strings.HasSuffix(name, ".pdf") {
			if n := strings.Count(made[0], "/Subtype /Image"); n != 3 {
				t.Errorf("%d pictures in the PDF, not picture, map and bar", n)
			}
			continue
		}
		if n := strings.Count(made[0], "<img "); n != 3 {
			t.Errorf("%d pictures on the page, not picture, map and bar", n)
		}
		for _, want := range []string{filepath.Base(images[0]), "Occlusion", r.Model.SHA256, r.Image.SHA256, "seen by hand", "Window 64"} {
			if !strings.Contains(made[0], want) {
				t.Errorf("the page does not say %q", want)
			}
		}
	}
}

// results writes folders with the least that a page is made of.
func results(t *testing.T, n int) string {
	t.Helper()
	home := t.TempDir()
	for i := range n {
		folder := filepath.Join(home, fmt.Sprintf("%03d", i))
		data := fmt.Appendf(nil, `{"image":{"name":"picture %d","sha256":"ab"},"maps":[]}`, i)
		if err := os.Mkdir(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "result.json"), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

// Many pictures come in parts that lead to each other.
func TestReportInParts(t *testing.T) {
	home, out := results(t, 230), t.TempDir()
	if code, _, said := picasso(t.Context(), "report", home, "--out", filepath.Join(out, "r.html")); code != cli.Done {
		t.Fatalf("exit code %d: %s", code, said)
	}
	pages := 0
	for name, links := range map[string]string{"r.html": `"r-2.html"`, "r-2.html": `"r-3.html"`, "r-3.html": `"r-2.html"`} {
		part := content(t, filepath.Join(out, name))
		pages += strings.Count(part, "<article>")
		if !strings.Contains(part, "href="+links) {
			t.Errorf("%s does not lead to %s", name, links)
		}
	}
	if pages != 230 {
		t.Errorf("%d pages", pages)
	}
}

// A damaged folder costs its own page; the others are made, and one line names it.
func TestReportOfDamagedResults(t *testing.T) {
	home, out := results(t, 3), filepath.Join(t.TempDir(), "r.html")
	if err := os.WriteFile(filepath.Join(home, "001", "result.json"), []byte(`{"maps":`), 0o666); err != nil {
		t.Fatal(err)
	}
	code, _, said := picasso(t.Context(), "report", home, "--out", out)
	if code != cli.SomeFailed || !strings.Contains(said, "001") || !strings.Contains(said, "no complete JSON") {
		t.Errorf("exit code %d: %s", code, said)
	}
	if page := content(t, out); strings.Count(page, "<article>") != 2 {
		t.Error("the other pages are not there")
	}
}

func TestReportRefuses(t *testing.T) {
	home := results(t, 1)
	result := filepath.Join(home, "000", "result.json")
	before := content(t, result)
	if err := os.Symlink(result, filepath.Join(home, "r.pdf")); err != nil {
		t.Skip("no links here:", err)
	}
	for _, args := range [][]string{
		{"report"}, {"report", home}, {"report", home, "--out", "r.doc"}, {"report", t.TempDir(), "--out", filepath.Join(home, "r.html")},
		{"report", home, "--out", filepath.Join(home, "r.pdf")}, {"report", home, "--out", filepath.Join(home, "none", "r.pdf")},
	} {
		if code, _, said := picasso(t.Context(), args...); code != cli.Usage || said == "" {
			t.Errorf("%v: exit code %d: %s", args, code, said)
		}
	}
	if content(t, result) != before {
		t.Error("a result was overwritten")
	}
}

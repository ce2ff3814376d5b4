package printed

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"picasso/backend/picture"
	"picasso/ui/report"
	"picasso/visualizers"
	_ "picasso/visualizers/methods"
)

var update = flag.Bool("update", false, "write golden files anew")

var options = Options{Methods: visualizers.All(), Note: "Seen by hand."}

func one(t testing.TB) Page {
	t.Helper()
	p, err := Read(filepath.Join("testdata", "one", picture.ResultFile), options)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func made(t testing.TB, write func(io.Writer, Head, func(func(Page) bool)) error, pages ...Page) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, Head{Title: "Tanks", Version: "1", Part: 1, Parts: 1}, slices.Values(pages)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asHTML(w io.Writer, h Head, list func(func(Page) bool)) error { return HTML(w, h, list) }
func asPDF(w io.Writer, h Head, list func(func(Page) bool)) error  { return PDF(w, h, list) }

var pictures = regexp.MustCompile(`data:image/png;base64,[A-Za-z0-9+/=&#;]+`)

func TestGoldenPage(t *testing.T) {
	got := pictures.ReplaceAll(made(t, asHTML, one(t)), []byte("data:PNG"))
	path := filepath.Join("testdata", "one.html")
	if *update {
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the page is not the golden one; see it with -update and git diff")
	}
}

// Nothing of a result becomes markup, nothing is fetched, and no letter is hidden.
func TestAPageIsInert(t *testing.T) {
	page := string(made(t, asHTML, one(t)))
	for _, bad := range []string{"<script", "<b>&", "http:", "https:", "\u202e", "javascript:"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	for _, want := range []string{"tank &lt;b&gt;&amp;.png", "default-src 'none'", "@media print", "of 3 channels", "Seen by hand.", Caveat[:20]} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// A name that leads out of the folder, itself or as a link, is not read.
func TestPicturesLieInTheirFolder(t *testing.T) {
	home := t.TempDir()
	folder := filepath.Join(home, "results")
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	save(t, filepath.Join(home, "secret.png"), 4, 4)
	save(t, filepath.Join(folder, "own.png"), 4, 4)
	if err := os.Symlink(filepath.Join(home, "secret.png"), filepath.Join(folder, "link.png")); err != nil {
		t.Skip("no links here:", err)
	}
	if _, err := load(folder, "own.png"); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"../secret.png", filepath.Join(home, "secret.png"), "link.png", `..\secret.png`, "", ".", "..", "C:secret.png"} {
		if m, err := load(folder, name); err == nil {
			t.Errorf("%q was read: %v", name, m.Rect)
		}
	}
}

// The size of a picture is known before memory is taken for it.
func TestHugePicturesAreRefused(t *testing.T) {
	folder := t.TempDir()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	copy(data[16:], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // 65536×65536, the checksum no longer holds
	if err := os.WriteFile(filepath.Join(folder, "bomb.png"), data, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := load(folder, "bomb.png"); err == nil {
		t.Error("a picture of 4 gigapixels was read")
	}
	save(t, filepath.Join(folder, "wide.png"), 4000, 1000)
	m, err := load(folder, "wide.png")
	if err != nil || m.Rect.Dx() != Side || m.Rect.Dy() != Side/4 {
		t.Errorf("4000×1000 pixels became %v, %v", m.Rect, err)
	}
}

func save(t testing.TB, path string, w, h int) {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	m.Set(0, 0, color.RGBA{R: 200, A: 255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

// The same pages give the same bytes, also where many pictures are of one size.
func TestTheSameBytes(t *testing.T) {
	p := one(t)
	for name, write := range map[string]func(io.Writer, Head, func(func(Page) bool)) error{"HTML": asHTML, "PDF": asPDF} {
		first := made(t, write, p, p, p)
		for range 3 {
			if !bytes.Equal(first, made(t, write, p, p, p)) {
				t.Errorf("%s differs from one time to the next", name)
			}
		}
	}
}

// A PDF is drawn by another program: its first page shows the picture's red and
// blue.
func TestAnotherProgramDrawsThePDF(t *testing.T) {
	tool, err := exec.LookPath("pdftoppm")
	if err != nil {
		t.Skip("pdftoppm is not here")
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "r.pdf")
	if err := os.WriteFile(file, made(t, asPDF, one(t), one(t)), 0o666); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, "-png", "-r", "60", file, filepath.Join(folder, "p")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	drawn, err := filepath.Glob(filepath.Join(folder, "p-*.png"))
	if err != nil || len(drawn) != 2 {
		t.Fatalf("%d pages were drawn: %v", len(drawn), err)
	}
	m, err := load(folder, filepath.Base(drawn[0]))
	if err != nil {
		t.Fatal(err)
	}
	var red, blue int
	for i := 0; i < len(m.Pix); i += 4 {
		r, g, b := int(m.Pix[i]), int(m.Pix[i+1]), int(m.Pix[i+2])
		if r > 150 && g < 60 && b < 110 {
			red++
		}
		if b > 150 && g < 60 && r < 110 {
			blue++
		}
	}
	if red < 100 || blue < 100 {
		t.Errorf("%d red and %d blue pixels on the page", red, blue)
	}
}

// Letters that the font has not do not stop a PDF, and the page says so.
func TestOtherLetters(t *testing.T) {
	p := one(t)
	p.Title, p.Answers = "鳥 🐦 "+strings.Repeat("長", 300), []Answer{{"\u200b", "", ""}}
	if data := made(t, asPDF, p); !bytes.HasPrefix(data, []byte("%PDF-")) {
		t.Errorf("begins with %q", data[:8])
	}
}

func TestFind(t *testing.T) {
	home := t.TempDir()
	for _, name := range []string{"b", "a/deep", ".hidden", "empty"} {
		if err := os.MkdirAll(filepath.Join(home, name), 0o777); err != nil {
			t.Fatal(err)
		}
		if name != "empty" {
			if err := os.WriteFile(filepath.Join(home, name, picture.ResultFile), []byte("{}"), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if name == "b" {
			if err := os.WriteFile(filepath.Join(home, name, report.ComparedFile), []byte("{}"), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	found, err := Find(context.Background(), []string{home, filepath.Join(home, "b")})
	if err != nil {
		t.Fatal(err)
	}
	for i := range found {
		found[i] = filepath.ToSlash(found[i][strings.LastIndex(found[i], filepath.Base(home))+len(filepath.Base(home))+1:])
	}
	if !slices.Equal(found, []string{"a/deep/result.json", "b/result.json", "b/compare.json", "b/result.json", "b/compare.json"}) {
		t.Errorf("found %v", found)
	}
	for _, bad := range []string{filepath.Join(home, "empty"), filepath.Join(home, "none")} {
		if _, err := Find(context.Background(), []string{bad}); err == nil {
			t.Errorf("%s has no results and is taken", bad)
		}
	}
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Find(stopped, []string{home}); err == nil {
		t.Error("a stopped search goes on")
	}
}

// However much a result says, a page stays a page.
func TestPagesAreBounded(t *testing.T) {
	r := &report.Report{Image: report.Image{SHA256: "x"}, Warnings: make([]string, 9000)}
	for i := range r.Warnings {
		r.Warnings[i] = strings.Repeat("w", 9000)
	}
	for i := range 1000 {
		r.Maps = append(r.Maps, report.Map{Visualizer: "v", Target: fmt.Sprint(i), Settings: map[string]string{}})
		r.Measured = append(r.Measured, report.Measurement{Kind: "length", Lines: []string{"1 px"}})
	}
	p := Of(r, Options{}, func(string) (*image.RGBA, error) { return nil, os.ErrNotExist })
	if len(p.Panels) != mostMaps+1 {
		t.Errorf("%d panels", len(p.Panels))
	}
	size := 0
	for _, s := range p.Sections {
		if len(s.Facts) > mostFacts+1 {
			t.Errorf("%s has %d lines", s.Title, len(s.Facts))
		}
		for _, f := range s.Facts {
			size += len(f.Value)
		}
	}
	if size > 200_000 {
		t.Errorf("%d bytes of words", size)
	}
	if all := string(made(t, asHTML, p)); !strings.Contains(all, "976 more are in the results") || !strings.Contains(all, "960 more lines") {
		t.Error("what is left out is not told")
	}
}

func FuzzResult(f *testing.F) {
	data, err := os.ReadFile(filepath.Join("testdata", "one", picture.ResultFile))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"maps":[{"trust":{"cover":{},"completeness":{},"other_class":{},"region":{},"stability":{},"every_picture":{},"agreement":{}}}]}`))
	f.Add([]byte(`{"maps":[{"drawn":{"colours":"meadow","low":-1e308,"high":1e308,"display":{}},"min":-1e308,"max":1e308}]}`))
	dot := image.NewRGBA(image.Rect(0, 0, 3, 2))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := decodeReport(data)
		if err != nil {
			return
		}
		p := Of(r, options, func(string) (*image.RGBA, error) { return dot, nil })
		page := made(t, asHTML, p)
		if bytes.Contains(page, []byte("<script")) {
			t.Error("the page is not inert")
		}
		made(t, asPDF, p)
	})
}

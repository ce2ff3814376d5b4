package digest

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/files"
	"picasso/backend/picture"
	"picasso/visualizers/audit"
	"picasso/visualizers/audit/labels"
	"picasso/visualizers/audit/store"
)

// Content models of HTML that the page relies on: what may be inside what.
var (
	pageBlocks  = []string{"p", "div", "section", "ol", "ul", "table", "figure", "h1", "h2", "h3"}
	pageParents = map[string][]string{
		"tr": {"table"}, "td": {"tr"}, "th": {"tr"}, "li": {"ol", "ul"}, "figcaption": {"figure"}, "head": {"html"}, "body": {"html"},
		"title": {"head", "svg"}, "style": {"head"}, "meta": {"head"},
	}
)

// checkPage reads a page as strictly as XML is read, which the page keeps to, and checks
// what may be inside what, that it loads nothing and runs nothing, and that all rows of a
// table have as many cells. Parts of drawings are left to SVG.
func checkPage(page []byte) error {
	d := xml.NewDecoder(bytes.NewReader(page))
	if !bytes.HasPrefix(page, []byte("<!DOCTYPE html>\n")) {
		return errors.New("no doctype")
	}
	var stack []string
	cells, widths := 0, []int{}
	seen := map[string]bool{}
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.StartElement:
			name := e.Name.Local
			parent := ""
			if len(stack) > 0 {
				parent = stack[len(stack)-1]
			}
			if err := checkElement(name, parent, stack, e.Attr, seen); err != nil {
				return err
			}
			switch name {
			case "table":
				widths = nil
			case "tr":
				cells = 0
			case "td", "th":
				cells++
			}
			stack = append(stack, name)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
			if e.Name.Local == "tr" {
				if widths = append(widths, cells); cells != widths[0] {
					return fmt.Errorf("a row of %d cells in a table of %d", cells, widths[0])
				}
			}
		}
	}
	if len(stack) > 0 {
		return fmt.Errorf("%v are open at the end", stack)
	}
	for _, name := range []string{"title", "style", "h1"} {
		if !seen[name] {
			return fmt.Errorf("no %s", name)
		}
	}
	return nil
}

func checkElement(name, parent string, stack []string, attributes []xml.Attr, seen map[string]bool) error {
	seen[name] = true
	if in, ok := pageParents[name]; ok && !slices.Contains(in, parent) && !slices.Contains(stack, "svg") {
		return fmt.Errorf("%s in %s", name, parent)
	}
	if slices.Contains(pageBlocks, name) && slices.ContainsFunc(stack, func(s string) bool {
		return s == "p" || s == "figcaption" || strings.HasPrefix(s, "h") && len(s) == 2
	}) {
		return fmt.Errorf("%s in %v", name, stack)
	}
	if slices.Contains([]string{"script", "iframe", "object", "embed", "link", "base", "form", "foreignObject"}, name) {
		return fmt.Errorf("%s in the page", name)
	}
	twice := map[string]bool{}
	for _, a := range attributes {
		key := strings.ToLower(a.Name.Local)
		switch {
		case twice[key]:
			return fmt.Errorf("%s of %s twice", key, name)
		case strings.HasPrefix(key, "on"):
			return fmt.Errorf("%s runs something: %s", name, key)
		case (key == "src" || key == "href") && !strings.HasPrefix(a.Value, "data:image/") && !strings.HasPrefix(a.Value, "#"):
			return fmt.Errorf("%s loads %.40q", name, a.Value)
		case key == "id" && seen["#"+a.Value]:
			return fmt.Errorf("two elements with the id %s", a.Value)
		case key == "id":
			seen["#"+a.Value] = true
		}
		twice[key] = true
	}
	if name == "img" && (!twice["src"] || !twice["alt"]) {
		return errors.New("a picture without a source or words")
	}
	return nil
}

// everything is an audit that fills every part of the page: labels, ways, copies, near
// copies and strangers by the features, trials, masks, and names that would be markup.
func everything(t *testing.T) (*Digest, string) {
	t.Helper()
	const n = 60
	var m store.Manifest
	m.Settings = store.Settings{Model: "abc", Preparation: json.RawMessage("{}"), Visualizer: "grad-cam", Class: "predicted", Score: "logit", Labels: "x", Features: "pool", FeatureLength: 4}
	m.Model.Name, m.Model.Classes, m.Why = "<net>&.onnx", []string{"<i>a", "b & c"}, "Because."
	truth := &labels.Truth{Form: "a table", Exclusive: true, Covered: []int{0, 1}}
	var items []store.Item
	for i := range n {
		items = append(items, store.Item{Name: fmt.Sprintf("%s/\"%02d\"<&>.png", []string{"train", "test"}[i%2], i)})
		truth.Items = append(truth.Items, &labels.Marks{Present: []int{i % 3 % 2}})
	}
	frozen, err := json.Marshal(truth)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	s, err := store.Begin(folder, m, items, frozen)
	if err != nil {
		t.Fatal(err)
	}
	for j := range n {
		p := 0.5 + float64(j)/200
		r := audit.Row{Path: items[j].Name, Width: 8, Height: 8, Predicted: j % 2, RunnerUp: 1 - j%2, Explained: j % 2, Probability: audit.Number(p), Logit: audit.Number(math.NaN()),
			Look: fmt.Sprintf("%016x", uint64(j)*0x9e3779b97f4a7c15), RegionLift: audit.Number(float64(j%5) / 3), RegionMass: 0.1, Strength: 1, Properties: make(audit.Numbers, len(audit.Properties))}
		r.Probabilities = audit.NumbersOf(p, 1-p)
		if j%2 == 1 {
			r.Probabilities = audit.NumbersOf(1-p, p)
		}
		for k := range r.Properties {
			r.Properties[k] = float32(j%2) + float32(j*k%7)/10
		}
		angle := float64(j) / 40
		r.Features = []float32{float32(math.Cos(angle)), float32(math.Sin(angle)), 0.2, 0}
		switch j {
		case 8, 9:
			r.SHA256 = strings.Repeat("ab", 32) // the same file
		case 21:
			angle = 20.001 / 40
			r.Features = []float32{float32(math.Cos(angle)), float32(math.Sin(angle)), 0.2, 0}
		case 50:
			r.Features = []float32{0, 0, 0, -1}
		}
		cells := make([]float32, audit.Side*audit.Side)
		for k := range cells {
			if y, x := k/audit.Side, k%audit.Side; j%4 < 2 && y < 8 || j%4 >= 2 && y > 22 && x > 20 {
				cells[k] = 1 + float32(j*k%5)/10
			}
		}
		if err := s.Put(j, r, cells); err != nil {
			t.Fatal(err)
		}
	}
	d, err := Read(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for i := range d.Analysis.Classes {
		for k := range d.Analysis.Classes[i].Ways {
			d.Analysis.Classes[i].Ways[k].Covered, d.Analysis.Classes[i].Ways[k].Moved = &audit.Covered{Pictures: 10, Drop: 0.5, Flips: 7}, &audit.Moved{Pictures: 6, Content: 0.9, Frame: 0.2}
		}
	}
	d.Analysis.Recall(d.Sample, d.Analysis.Tested())
	return d, folder
}

func TestThePageIsValid(t *testing.T) {
	d, folder := everything(t)
	var small bytes.Buffer
	if err := png.Encode(&small, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "grey.png")
	if err := files.Write(path, small.Bytes(), files.Ordinary); err != nil {
		t.Fatal(err)
	}
	open := func(ctx context.Context, _ int) (*picture.Image, error) {
		return picture.OpenWith(ctx, path, picture.Options{})
	}
	if err := d.Write(t.Context(), folder, open); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(folder, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	if err := checkPage(page); err != nil {
		t.Error(err)
	}
	for _, part := range []string{"Look at this", "Questions", "Way A", "By the network’s features,", "Covering the place", "What pictures are like", "Confusions", "Calibration", "Surest wrong", "wrong reason",
		"Pictures that look the same", "They lie in test and train", "hardly tells apart", "unlike all others", "data:image/jpeg;base64,", "print-color-adjust"} {
		if !bytes.Contains(page, []byte(strings.ReplaceAll(part, "’", "'"))) {
			t.Errorf("the page lacks %q", part)
		}
	}
	// What is found wrong with pages that are.
	for _, bad := range []string{"<p><div></div></p>", "<tr></tr>", "<table><tr><td></td></tr><tr></tr></table>", "<script></script>", `<p onclick="x"></p>`, `<img src="http://x" alt=""/>`, "<p>", `<img src="data:image/png;base64,"/>`} {
		if checkPage(bytes.Replace(page, []byte("</body>"), []byte(bad+"</body>"), 1)) == nil {
			t.Errorf("%s is taken for valid", bad)
		}
	}
}

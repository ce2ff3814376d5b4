package digest

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/npy"
	"picasso/visualizers/audit"
	"picasso/visualizers/audit/labels"
	"picasso/visualizers/audit/store"
)

// audited is an audit of three items, of which one failed: names and classes that
// spreadsheets and browsers would misread.
func audited(t *testing.T) (string, *Digest) {
	t.Helper()
	var m store.Manifest
	m.Settings = store.Settings{Model: "abc", Preparation: json.RawMessage("{}"), Visualizer: "grad-cam", Class: "predicted", Score: "logit", Labels: "x"}
	m.Model.Name, m.Model.Classes = "<script>.onnx", []string{"=cmd|' /C calc'!A0", "<b>no</b>"}
	items := []store.Item{{Name: "@sum.png"}, {Name: "a,\"b\".png"}, {Name: "c\n.png"}}
	truth, err := json.Marshal(&labels.Truth{Form: "a table", Exclusive: true, Covered: []int{0, 1}, Items: []*labels.Marks{{Present: []int{0}}, {Present: []int{0}}, nil}})
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	s, err := store.Begin(folder, m, items, truth)
	if err != nil {
		t.Fatal(err)
	}
	for j := range 2 {
		r := audit.Row{Path: items[j].Name, Width: 4, Height: 3, Predicted: j, RunnerUp: 1 - j, Explained: j, Probability: 0.1234567, Logit: audit.Number(math.NaN()),
			RegionLift: audit.Number(math.NaN()), RegionMass: audit.Number(math.NaN()), Strength: 2, Properties: make(audit.Numbers, len(audit.Properties))}
		cells := make([]float32, audit.Side*audit.Side)
		cells[j] = 2
		if err := s.Put(j, r, cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Fail(2, "it is no picture"); err != nil {
		t.Fatal(err)
	}
	d, err := Read(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Write(t.Context(), folder, nil); err != nil {
		t.Fatal(err)
	}
	return folder, d
}

func read(t *testing.T, parts ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestTheTableIsReadBySpreadsheets(t *testing.T) {
	folder, _ := audited(t)
	data := read(t, folder, "rows.csv")
	lines, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(lines) != 4 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	if !slices.Equal(lines[0][:len(columns)], columns) {
		t.Errorf("header %v", lines[0])
	}
	at := func(row int, column string) string { return lines[row][slices.Index(lines[0], column)] }
	for _, tt := range []struct {
		row          int
		column, want string
	}{
		{1, "path", "'@sum.png"}, {1, "predicted", "'=cmd|' /C calc'!A0"}, {1, "probability", "0.123457"}, {1, "logit", ""}, {1, "correct", "true"},
		{2, "path", `a,"b".png`}, {2, "correct", "false"}, {2, "label", "'=cmd|' /C calc'!A0"}, {2, "cluster", ""}, {2, "region_lift", ""},
		{3, "path", `c\u000a.png`}, {3, "error", "it is no picture"}, {3, "probability", ""}, {3, "predicted", ""}, {3, "brightness", ""},
	} {
		if got := at(tt.row, tt.column); got != tt.want {
			t.Errorf("row %d, %s: %q, want %q", tt.row, tt.column, got, tt.want)
		}
	}
}

func TestEverythingElseIsThere(t *testing.T) {
	folder, _ := audited(t)
	a, err := npy.Read(bytes.NewReader(read(t, folder, "maps.npy")), 1<<20)
	if err != nil || !slices.Equal(a.Shape, []int{3, audit.Side, audit.Side}) || a.Data[audit.Side*audit.Side+1] != 2 {
		t.Errorf("maps %v, %v", a.Shape, err)
	}
	var d struct {
		Rows, Failed int
		Flags        []any
		Classes      []struct {
			Name, Remark string
			Items        int
		}
		Labels struct{ Accuracy struct{ Hits, Of int } }
	}
	if err := json.Unmarshal(read(t, folder, "audit.json"), &d); err != nil {
		t.Fatal(err)
	}
	if d.Rows != 2 || d.Failed != 1 || d.Flags == nil || len(d.Classes) != 2 || !strings.Contains(d.Classes[0].Remark, "too few") || d.Labels.Accuracy.Hits != 1 || d.Labels.Accuracy.Of != 2 {
		t.Errorf("%+v", d)
	}
	if n := bytes.Count(read(t, folder, "rows.jsonl"), []byte("\n")); n != 3 {
		t.Errorf("%d lines of JSON", n)
	}
	page := string(read(t, folder, "report.html"))
	if strings.Contains(page, "<script") || strings.Contains(page, "<b>no</b>") || strings.Contains(page, "http://") || !strings.Contains(page, "Surest wrong answers") || !strings.Contains(page, "<svg ") {
		t.Error("the page takes what comes from outside for markup, or lacks a part")
	}
}

func TestTrialsBelongToTheirRows(t *testing.T) {
	folder, d := audited(t)
	if d.Recall(folder) {
		t.Error("there are no trials to recall")
	}
	if err := d.Try(t.Context(), folder, audit.Trials{}); err != nil {
		t.Fatal(err) // there are no ways, so nothing is run
	}
	if !d.Recall(folder) {
		t.Error("trials of the same rows are not recalled")
	}
	d.Sample.Rows[0].Margin = 7
	if d.Recall(folder) {
		t.Error("trials of other rows are recalled")
	}
}

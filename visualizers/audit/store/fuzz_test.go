package store

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"picasso/visualizers/audit"
)

// FuzzRows reads rows, maps and lines that may be anything: what is taken fits the
// audit.
func FuzzRows(f *testing.F) {
	var m Manifest
	m.Settings = Settings{Model: "a", Preparation: json.RawMessage("{}")}
	m.Model.Classes = []string{"a", "b"}
	row := audit.Row{Path: "x.png", RunnerUp: 1, Strength: 1, Properties: make(audit.Numbers, len(audit.Properties))}
	text, err := json.Marshal(row)
	if err != nil {
		f.Fatal(err)
	}
	cells := make([]float32, audit.Side*audit.Side)
	f.Add(text, array(cells))
	f.Add([]byte(`{"item":"x.png","row":`+string(text)+`,"map":"`+encodeFloats(cells)+`"}`+"\n"), []byte("\x93NUMPY"))
	folder := f.TempDir()
	s, err := Begin(folder, m, []Item{{Name: "x.png"}}, nil)
	if err != nil {
		f.Fatal(err)
	}
	packs := &Store{Manifest: s.Manifest, Items: s.Items, folder: folder, key: s.key, pack: &pack{}}
	f.Fuzz(func(t *testing.T, text, numbers []byte) {
		for path, data := range map[string][]byte{s.place("rows", 0, ".json"): text, s.place("maps", 0, ".npy"): numbers, filepath.Join(folder, "rows", "part.jsonl"): text} {
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		for _, s := range []*Store{s, packs} {
			c, err := s.Load(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if c.State[0] != Done {
				continue
			}
			if r := c.Rows[0]; !s.fits(0, r) || c.Map(0) != nil && (len(c.Map(0)) != len(cells) || !usable(c.Map(0))) {
				t.Fatalf("%+v", r)
			}
			sample := audit.Sample{Rows: c.Rows, Maps: c.Maps, Names: m.Model.Classes}
			if c.Spill != nil {
				sample.Kept = c.Spill
			}
			if _, err := audit.Analyse(t.Context(), sample); err != nil {
				t.Fatal(err)
			}
		}
	})
}

package digest

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/files"
	"picasso/backend/npy"
	"picasso/backend/picture"
	"picasso/visualizers/audit"
	"picasso/visualizers/audit/labels"
	"picasso/visualizers/audit/performance"
	"picasso/visualizers/audit/store"
)

// Digest is an audit with all that follows from its rows.
type Digest struct {
	Manifest store.Manifest
	Sample   audit.Sample
	Analysis *audit.Analysis
	Truth    *labels.Truth            // nil without labels
	Judged   *performance.Performance // nil without labels
	Missing  int                      // items without a row or an error

	name string // of the folder
}

// Read reads the rows of an audit and analyses them. No model is run: what covering
// and moving the pictures does is added by [Digest.Try] or [Digest.Recall].
func Read(ctx context.Context, s *store.Store) (*Digest, error) {
	all, err := s.Load(ctx)
	if err != nil {
		return nil, err
	}
	d := &Digest{Manifest: s.Manifest, Missing: all.Count(store.Missing), name: filepath.Base(s.Folder())}
	for j, state := range all.State {
		if state == store.Missing {
			all.Rows[j].Error = missing
		}
	}
	d.Sample = audit.Sample{Rows: all.Rows, Maps: all.Maps, Names: s.Manifest.Model.Classes}
	if all.Spill != nil {
		d.Sample.Kept = all.Spill
	}
	d.Sample.Features = all.Features
	if s.LabelFile != nil {
		d.Truth = &labels.Truth{}
		if err := json.Unmarshal(s.LabelFile, d.Truth); err != nil || len(d.Truth.Items) != len(all.Rows) {
			return nil, fmt.Errorf("its labels are damaged")
		}
		d.Sample.Truth = d.Truth
	}
	if d.Analysis, err = audit.Analyse(ctx, d.Sample); err != nil {
		return nil, err
	}
	if err := all.Err(); err != nil {
		return nil, err
	}
	d.Analysis.Failed -= d.Missing
	if d.Truth != nil {
		p := performance.Measure(all.Rows, d.Truth, len(d.Sample.Names), d.Truth.Exclusive)
		d.Judged = &p
	}
	return d, nil
}

// missing is the error of a row that nobody made yet.
const missing = "no row was made yet"

// trials is trials.json: what running the model on changed pictures showed. It
// belongs to the rows with a checksum.
type trials struct {
	Rows string           `json:"rows_sha256"`
	Ways [][]audit.Tested `json:"ways"` // by class and way
}

// Try runs the model on changed pictures and keeps what that shows in the folder.
func (d *Digest) Try(ctx context.Context, folder string, t audit.Trials) error {
	if err := d.Analysis.Try(ctx, d.Sample, t); err != nil {
		return err
	}
	kept := trials{Rows: d.sum(), Ways: d.Analysis.Tested()}
	data, err := json.MarshalIndent(kept, "", "  ")
	if err != nil {
		return err
	}
	return files.Write(filepath.Join(folder, "trials.json"), append(data, '\n'), files.Ordinary)
}

// maxTrials bounds trials.json.
const maxTrials = 16 << 20

// Recall takes over what [Digest.Try] kept for the same rows, if there is
// something.
func (d *Digest) Recall(folder string) bool {
	data, err := files.Read(filepath.Join(folder, "trials.json"), maxTrials)
	var kept trials
	if err != nil || json.Unmarshal(data, &kept) != nil || kept.Rows != d.sum() {
		return false
	}
	return d.Analysis.Recall(d.Sample, kept.Ways)
}

// sum tells rows apart.
func (d *Digest) sum() string {
	h := sha256.New()
	for _, r := range d.Sample.Rows {
		_ = json.NewEncoder(h).Encode(r) // a hash takes everything
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Write writes all files of the digest into a folder. open gives the picture of an
// item for the page, and may be nil.
func (d *Digest) Write(ctx context.Context, folder string, open func(ctx context.Context, i int) (*picture.Image, error)) error {
	for _, part := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"rows.csv", d.table},
		{"rows.jsonl", d.lines},
		{"maps.npy", d.maps},
		{"features.npy", d.features},
		{"audit.json", d.json},
		{"report.html", func(w io.Writer) error { return d.page(ctx, w, open) }},
	} {
		if part.name == "features.npy" && d.Sample.Features == nil {
			continue
		}
		if err := write(filepath.Join(folder, part.name), part.write); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func write(path string, content func(io.Writer) error) error {
	p, err := files.Create(path, files.Ordinary)
	if err != nil {
		return err
	}
	defer p.Discard()
	w := bufio.NewWriter(p)
	if err := content(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return p.Commit()
}

// lines writes every row as a line of JSON.
func (d *Digest) lines(w io.Writer) error {
	enc := json.NewEncoder(w)
	for i, r := range d.Sample.Rows {
		s := d.Analysis.Standing[i]
		line := struct {
			ID int `json:"id"`
			audit.Row
			Label    []string     `json:"label,omitempty"`
			Correct  *bool        `json:"correct,omitempty"`
			Way      string       `json:"cluster,omitempty"`
			Distance audit.Number `json:"cluster_distance"`

			Alike      *int         `json:"feature_nearest,omitempty"`
			Similarity audit.Number `json:"feature_similarity"`
			Apart      audit.Number `json:"feature_distance"`
		}{ID: i, Row: r, Label: d.LabelsOf(i), Correct: d.Correct(i), Way: Letter(s.Way), Distance: audit.Number(s.Distance),
			Similarity: audit.Number(s.Similarity), Apart: audit.Number(s.Apart)}
		if s.Alike >= 0 {
			line.Alike = &s.Alike
		}
		if err := enc.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// maps writes the maps in the order of the rows, N×32×32; those that say nothing are
// zero.
func (d *Digest) maps(w io.Writer) error {
	n := len(d.Sample.Rows)
	out, err := npy.Begin(w, []int{n, audit.Side, audit.Side})
	if err != nil {
		return err
	}
	none := make([]float32, audit.Side*audit.Side)
	for i := range n {
		m := d.Sample.Map(i)
		if m == nil {
			m = none
		}
		if err := out.Append(m); err != nil {
			return err
		}
	}
	return out.End()
}

// features writes the penultimate activations in the order of the rows, N×length;
// those of rows that have none are zero.
func (d *Digest) features(w io.Writer) error {
	n, length := len(d.Sample.Rows), d.Manifest.FeatureLength
	out, err := npy.Begin(w, []int{n, length})
	if err != nil {
		return err
	}
	none := make([]float32, length)
	for i := range n {
		v := d.Sample.Features(i)
		if v == nil {
			v = none
		}
		if err := out.Append(v); err != nil {
			return err
		}
	}
	return out.End()
}

// ClassName is what a class is called.
func (d *Digest) ClassName(k int) string {
	if k < 0 || k >= len(d.Sample.Names) {
		return ""
	}
	return d.Sample.Names[k]
}

// LabelsOf are the classes that labels give item i.
func (d *Digest) LabelsOf(i int) []string {
	if d.Truth == nil || d.Truth.Items[i] == nil {
		return nil
	}
	var names []string
	for _, k := range d.Truth.Items[i].Present {
		names = append(names, d.ClassName(k))
	}
	return names
}

// Leaks says when pictures that are the same lie in several parts of a data set, such as
// train and test; "" when they do not.
func (d *Digest) Leaks(items []int) string {
	var parts []string
	for _, i := range items {
		if part := labels.Split(d.Sample.Rows[i].Path); part != "" && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	if len(parts) < 2 {
		return ""
	}
	slices.Sort(parts)
	return "They lie in " + strings.Join(parts, " and ") + ": what a model was trained with does not test it."
}

// Correct tells whether the answer to item i is right; nil where no label tells.
func (d *Digest) Correct(i int) *bool {
	r := d.Sample.Rows[i]
	if d.Truth == nil || r.Error != "" {
		return nil
	}
	is, known := d.Truth.Of(i, r.Predicted)
	if !known {
		return nil
	}
	return &is
}

// Letter names a way: A, B, …; "" for none.
func Letter(way int) string {
	if way < 0 {
		return ""
	}
	return string(rune('A' + way))
}

// title names the audit: what the model's file is called, and how it was asked.
func (d *Digest) title() string {
	return strings.Join([]string{d.Manifest.Model.Name, fmt.Sprintf("%d pictures", d.Manifest.Count), d.Manifest.Visualizer}, " · ")
}

package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"picasso/backend/files"
)

// format is the number of this layout.
const format = 1

// Bounds of what is read back: an OUT may come from anywhere.
const (
	maxManifest = 16 << 20
	maxItems    = 64 << 20
	maxLabels   = 256 << 20
	maxRow      = 4 << 20
	maxFeatures = 64 << 10
)

// PackAbove is the number of items from which rows are lines of one file for each
// process: network folders suffer from many small files.
const PackAbove = 20_000

// Settings are what all rows of an audit have in common.
type Settings struct {
	Model       string            `json:"model_sha256"`
	Preparation json.RawMessage   `json:"preparation"` // how pictures become input
	Visualizer  string            `json:"visualizer"`
	Values      map[string]string `json:"settings"`
	Class       string            `json:"class"`           // that is explained: "predicted", or a name
	Score       string            `json:"score"`           // "logit" or "probability"
	Labels      string            `json:"labels_sha256"`   // of the file with labels and how it is read; "" for none
	Masks       bool              `json:"masks,omitempty"` // rows tell how much of a map lies in a mask
	// Features is the tensor whose vectors are kept beside the rows, FeatureLength how many
	// numbers each has; "" and 0 where none are.
	Features      string `json:"features,omitempty"`
	FeatureLength int    `json:"feature_length,omitempty"`
}

// Manifest is manifest.json.
type Manifest struct {
	Format int `json:"format"`
	Settings
	Model struct {
		Name    string   `json:"name"` // of its file
		Classes []string `json:"classes"`
	} `json:"model"`
	Why string `json:"why,omitempty"` // of the method, where none was asked for
	// Without is why no features are kept, where the model was asked for them.
	Without string `json:"no_features,omitempty"`
	Count   int    `json:"items"`
	Items   string `json:"items_sha256"`
	Labels  string `json:"labels_file_sha256,omitempty"`
	Picasso string `json:"picasso"` // version that began
}

// Item is something that is audited: a picture, or a series of a scan.
type Item struct {
	Series bool
	// Name is the path below the folder, with /. Of scans it is a hash: their paths
	// may tell who a patient is.
	Name string
}

// MismatchError says that a folder holds another audit.
type MismatchError struct{ What []string }

func (e *MismatchError) Error() string {
	return "holds an audit with " + strings.Join(e.What, " and ") + "; choose another folder, or the settings of that audit"
}

// ErrNone says that a folder holds no audit.
var ErrNone = errors.New("holds no audit")

// begin reads the manifest of a folder, or writes the one given where there is
// none.
func begin(folder string, m Manifest, items []Item, labels []byte) (Manifest, error) {
	m.Format, m.Count = format, len(items)
	list := encodeItems(items)
	m.Items = sum(list)
	if labels != nil {
		m.Labels = sum(labels)
	}
	if was, err := readManifest(folder); err == nil {
		return was, was.Differs(m)
	} else if !errors.Is(err, ErrNone) {
		return Manifest{}, err
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return Manifest{}, fmt.Errorf("cannot be made: %w", files.Innermost(err))
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return Manifest{}, err
	}
	parts := map[string][]byte{itemsFile(m.Items): list}
	if labels != nil {
		parts[labelsFile(m.Labels)] = labels
	}
	for name, data := range parts {
		if err := files.Write(filepath.Join(folder, name), data, files.Ordinary); err != nil {
			return Manifest{}, err
		}
	}
	err = files.WriteNew(filepath.Join(folder, "manifest.json"), append(data, '\n'), files.Ordinary)
	if errors.Is(err, fs.ErrExist) { // another process was faster
		was, err := readManifest(folder)
		if err != nil {
			return Manifest{}, err
		}
		return was, was.Differs(m)
	}
	return m, err
}

func itemsFile(hash string) string  { return "items-" + short(hash) + ".tsv" }
func labelsFile(hash string) string { return "labels-" + short(hash) + ".json" }

// short shortens a hash of a manifest that may be anything.
func short(hash string) string {
	if b, err := hex.DecodeString(hash); err != nil || len(b) != sha256.Size {
		return "unknown"
	}
	return hash[:12]
}

func sum(data []byte) string {
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}

// Peek reads the manifest of the audit in a folder, or tells with [ErrNone] that there
// is none.
func Peek(folder string) (Manifest, error) { return readManifest(folder) }

func readManifest(folder string) (Manifest, error) {
	var m Manifest
	path := filepath.Join(folder, "manifest.json")
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return m, ErrNone
	}
	data, err := files.Read(path, maxManifest)
	if err != nil {
		return m, fmt.Errorf("manifest.json cannot be read: %w", err)
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, fmt.Errorf("manifest.json is damaged: %w", err)
	}
	if m.FeatureLength < 0 || m.FeatureLength > maxFeatures || (m.FeatureLength > 0) != (m.Features != "") {
		return m, fmt.Errorf("manifest.json is damaged: it promises %d features", m.FeatureLength)
	}
	if m.Format != format {
		return m, fmt.Errorf("holds an audit of format %d, this program knows %d; use the version that began it (%s)", m.Format, format, m.Picasso)
	}
	return m, nil
}

// Differs compares what rows depend on, and gives a *[MismatchError] where that is not
// the same.
func (m Manifest) Differs(with Manifest) error {
	var what []string
	for _, c := range []struct {
		name string
		same bool
	}{
		{"another model", m.Settings.Model == with.Settings.Model},
		{"another preparation of pictures", sameJSON(m.Preparation, with.Preparation)},
		{"another method (" + m.Visualizer + ")", m.Visualizer == with.Visualizer},
		{"other settings of the method", m.Visualizer != with.Visualizer || equal(m.Values, with.Values)},
		{"another class to explain (" + m.Class + ")", m.Class == with.Class},
		{"another score to explain (" + m.Score + ")", m.Score == with.Score},
		{"other labels", m.Settings.Labels == with.Settings.Labels},
		{map[bool]string{true: "masks", false: "no masks"}[m.Masks], m.Masks == with.Masks},
		// An audit that keeps none goes on without them.
		{"features of another layer (" + m.Features + ")", m.Features == "" || m.Features == with.Features && m.FeatureLength == with.FeatureLength},
	} {
		if !c.same {
			what = append(what, c.name)
		}
	}
	if what == nil {
		return nil
	}
	return &MismatchError{what}
}

func sameJSON(a, b json.RawMessage) bool {
	var x, y bytes.Buffer
	return json.Compact(&x, a) == nil && json.Compact(&y, b) == nil && bytes.Equal(x.Bytes(), y.Bytes())
}

func equal(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if w, ok := b[k]; !ok || w != v {
			return false
		}
	}
	return true
}

// encodeItems writes one item a line. Names with control characters are quoted.
func encodeItems(items []Item) []byte {
	var b bytes.Buffer
	for _, it := range items {
		kind := "picture"
		if it.Series {
			kind = "series"
		}
		name, _ := json.Marshal(it.Name)
		fmt.Fprintf(&b, "%s\t%s\n", kind, name)
	}
	return b.Bytes()
}

func decodeItems(data []byte, count int) ([]Item, error) {
	var items []Item
	for line := range strings.Lines(string(data)) {
		kind, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		var name string
		if !ok || json.Unmarshal([]byte(text), &name) != nil {
			return nil, fmt.Errorf("the list of items is damaged in line %d", len(items)+1)
		}
		items = append(items, Item{kind == "series", name})
	}
	if len(items) != count {
		return nil, fmt.Errorf("the list of items has %d lines, not %d", len(items), count)
	}
	return items, nil
}

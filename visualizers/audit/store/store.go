package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"picasso/backend/files"
	"picasso/backend/infer"
	"picasso/visualizers/audit"
)

// Store is an audit in a folder. It is for one goroutine; several processes may
// have the same folder open.
type Store struct {
	Manifest Manifest
	Items    []Item
	// LabelFile is what was frozen of labels, nil for none.
	LabelFile []byte

	folder string
	key    string // that names of files depend on
	pack   *pack  // nil where every item has files of its own
}

// Begin opens the audit in a folder, or begins one where there is none. items are
// frozen by whoever begins; labels, which may be nil, too. Errors follow the
// folder's name: a *[MismatchError] where it holds another audit.
func Begin(folder string, m Manifest, items []Item, labels []byte) (*Store, error) {
	m, err := begin(folder, m, items, labels)
	if err != nil {
		return nil, err
	}
	return open(folder, m)
}

// Open opens the audit in a folder, or tells with [ErrNone] that there is none.
func Open(folder string) (*Store, error) {
	m, err := readManifest(folder)
	if err != nil {
		return nil, err
	}
	return open(folder, m)
}

func open(folder string, m Manifest) (*Store, error) {
	s := &Store{Manifest: m, folder: folder}
	data, err := s.part(itemsFile(m.Items), m.Items, maxItems)
	if err != nil {
		return nil, err
	}
	if s.Items, err = decodeItems(data, m.Count); err != nil {
		return nil, err
	}
	if m.Labels != "" {
		if s.LabelFile, err = s.part(labelsFile(m.Labels), m.Labels, maxLabels); err != nil {
			return nil, err
		}
	}
	settings, err := json.Marshal(m.Settings)
	if err != nil {
		return nil, err
	}
	s.key = sum(settings)
	if m.Count > PackAbove {
		s.pack = &pack{}
	}
	return s, nil
}

// part reads a file that the manifest names by its checksum.
func (s *Store) part(name, hash string, most int64) ([]byte, error) {
	data, err := files.Read(filepath.Join(s.folder, name), most)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	if sum(data) != hash {
		return nil, fmt.Errorf("%s is not the one that the audit was begun with", name)
	}
	return data, nil
}

// Folder is where the audit is kept.
func (s *Store) Folder() string { return s.folder }

// place is the file of an item in one of the folders rows, maps and errors.
func (s *Store) place(kind string, j int, extension string) string {
	h := sha256.Sum256([]byte(s.key + "\x00" + s.Items[j].Name))
	name := hex.EncodeToString(h[:16])
	return filepath.Join(s.folder, kind, name[:2], name+extension)
}

// Put keeps the row of item j with its features, and its map: nil where that says
// nothing. All are on the disk when it returns, the row last.
func (s *Store) Put(j int, row audit.Row, cells []float32) error {
	if n := s.Manifest.FeatureLength; len(row.Features) != n {
		return fmt.Errorf("a row has %d features, the audit keeps %d", len(row.Features), n)
	}
	if s.pack != nil {
		return s.pack.append(s.folder, line{Item: s.Items[j].Name, Row: &row, Map: encodeFloats(cells), Features: encodeFloats(row.Features)})
	}
	if cells != nil {
		if err := writeFile(s.place("maps", j, ".npy"), array(cells, audit.Side, audit.Side)); err != nil {
			return err
		}
	}
	if row.Features != nil {
		if err := writeFile(s.place("features", j, ".npy"), array(row.Features, len(row.Features))); err != nil {
			return err
		}
	}
	data, err := json.Marshal(row)
	if err != nil {
		return err
	}
	if err := writeFile(s.place("rows", j, ".json"), append(data, '\n')); err != nil {
		return err
	}
	if err := os.Remove(s.place("errors", j, ".json")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// failed is errors/ab/KEY.json.
type failed struct {
	Path     string `json:"path"`
	Error    string `json:"error"`
	Attempts int    `json:"attempts"`
}

// Fail keeps why item j has no row. reason is one line that names no path.
func (s *Store) Fail(j int, reason string) error {
	if s.pack != nil {
		return s.pack.append(s.folder, line{Item: s.Items[j].Name, Error: reason})
	}
	path := s.place("errors", j, ".json")
	f := failed{Path: s.Items[j].Name, Error: reason, Attempts: 1}
	if was, ok := readFailed(path); ok {
		f.Attempts += was.Attempts
	}
	data, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return writeFile(path, append(data, '\n'))
}

func readFailed(path string) (f failed, ok bool) {
	data, err := files.Read(path, maxRow)
	return f, err == nil && json.Unmarshal(data, &f) == nil && f.Error != ""
}

func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("%s cannot be made: %w", filepath.Base(filepath.Dir(path)), files.Innermost(err))
	}
	return files.Write(path, data, files.Ordinary)
}

// Report is what a process tells of its shard, for information only.
type Report struct {
	Done     int     `json:"done"`
	Failed   int     `json:"failed"`
	Seconds  float64 `json:"seconds"`
	Provider string  `json:"provider"`
	Host     string  `json:"host,omitempty"`
}

// Tell keeps what a process did, and brings to the disk what is not there yet.
func (s *Store) Tell(shard Shard, r Report, began time.Time) error {
	if s.pack != nil {
		if err := s.pack.close(); err != nil {
			return err
		}
	}
	r.Seconds = time.Since(began).Seconds()
	r.Host, _ = os.Hostname()
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(s.folder, "shards", shard.file()+".json"), append(data, '\n'))
}

// Contents are the rows of an audit so far, by item.
type Contents struct {
	Rows []audit.Row // with an error where the item failed, the path alone where it is missing
	Maps [][]float32 // nil where a map says nothing
	// Spill has the maps instead of Maps where there are more than [PackAbove] items;
	// else it is nil.
	Spill *Spill
	// Features gives the penultimate activations of item j, nil where it has none, from
	// the disk; nil where the audit keeps none. It may be called from several goroutines.
	Features func(j int) []float32 `json:"-"`
	// State tells what there is of every item.
	State []State

	vectors *Spill // of features
}

// Err is why maps or features could not be read, nil where all could.
func (c Contents) Err() error { return cmp.Or(c.Spill.Err(), c.vectors.Err()) }

// Map is that of item j, nil where it says nothing.
func (c Contents) Map(j int) []float32 {
	switch {
	case c.Spill == nil:
		return c.Maps[j]
	case c.Spill.Has(j):
		return c.Spill.At(j)
	}
	return nil
}

// State is what is known of an item.
type State int

// States.
const (
	Missing State = iota
	Done
	Failed
)

// Count is how many items are in a state.
func (c Contents) Count(s State) int {
	n := 0
	for _, x := range c.State {
		if x == s {
			n++
		}
	}
	return n
}

// Load reads all rows with their maps.
func (s *Store) Load(ctx context.Context) (Contents, error) { return s.load(ctx, true) }

// States reads only what there is.
func (s *Store) States(ctx context.Context) ([]State, error) {
	c, err := s.load(ctx, false)
	return c.State, err
}

func (s *Store) load(ctx context.Context, maps bool) (Contents, error) {
	n := len(s.Items)
	c := Contents{Rows: make([]audit.Row, n), State: make([]State, n)}
	for j, it := range s.Items {
		c.Rows[j] = audit.Row{Path: it.Name, Predicted: -1, Explained: -1}
	}
	if s.pack != nil {
		if maps {
			if err := s.spill(&c); err != nil {
				return Contents{}, err
			}
		}
		return c, s.unpack(ctx, &c)
	}
	if s.Manifest.FeatureLength > 0 {
		c.Features = s.features
	}
	c.Maps = make([][]float32, n)
	for j := range s.Items {
		if err := ctx.Err(); err != nil {
			return Contents{}, err
		}
		tellRead(ctx, j, n)
		if row, cells, ok := s.read(j, maps); ok {
			c.Rows[j], c.Maps[j], c.State[j] = row, cells, Done
		} else if f, ok := readFailed(s.place("errors", j, ".json")); ok {
			c.Rows[j].Error, c.State[j] = f.Error, Failed
		}
	}
	return c, nil
}

// tellRead tells now and then how many rows were read.
func tellRead(ctx context.Context, rows, of int) {
	if rows%500 == 0 {
		infer.Tell(ctx, "reading the rows", float64(rows)/float64(of))
	}
}

// spill makes files for the maps and features of contents.
func (s *Store) spill(c *Contents) (err error) {
	n, length := len(s.Items), s.Manifest.FeatureLength
	if c.Spill, err = newSpill(n, audit.Side*audit.Side); err != nil || length == 0 {
		return err
	}
	if c.vectors, err = newSpill(n, length); err != nil {
		return errors.Join(err, c.Spill.file.Close())
	}
	vectors := c.vectors
	c.Features = func(j int) []float32 {
		if !vectors.Has(j) {
			return nil
		}
		return vectors.At(j)
	}
	return nil
}

// features reads those of item j.
func (s *Store) features(j int) []float32 {
	values, err := readArray(s.place("features", j, ".npy"), s.Manifest.FeatureLength, finite)
	if err != nil {
		return nil
	}
	return values
}

// read reads the row of item j and its map, which is checked even where it is not
// wanted: half a row is none.
func (s *Store) read(j int, maps bool) (row audit.Row, cells []float32, ok bool) {
	data, err := files.Read(s.place("rows", j, ".json"), maxRow)
	if err != nil || json.Unmarshal(data, &row) != nil || !s.fits(j, row) {
		return row, nil, false
	}
	if s.Manifest.FeatureLength > 0 && (!maps && !s.has("features", j) || maps && s.features(j) == nil) {
		return row, nil, false
	}
	if row.Strength == 0 {
		return row, nil, true
	}
	if !maps {
		return row, nil, s.has("maps", j)
	}
	cells, err = readArray(s.place("maps", j, ".npy"), audit.Side*audit.Side, usable)
	return row, cells, err == nil
}

// has reports whether item j has an array of a kind.
func (s *Store) has(kind string, j int) bool {
	_, err := os.Stat(s.place(kind, j, ".npy"))
	return err == nil
}

// fits reports whether a row can be one of item j.
func (s *Store) fits(j int, row audit.Row) bool {
	classes := len(s.Manifest.Model.Classes)
	class := func(c int) bool { return c >= 0 && c < classes }
	return row.Path == s.Items[j].Name && row.Error == "" && class(row.Predicted) && class(row.Explained) && class(row.RunnerUp) &&
		len(row.Properties) == len(audit.Properties) && len(row.Probabilities) <= classes
}

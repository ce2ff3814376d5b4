package store_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"picasso/backend/files"
	"picasso/visualizers/audit"
	"picasso/visualizers/audit/store"
)

// The test binary is also a process that fills a shard, slowly enough to be killed
// anywhere.
func TestMain(m *testing.M) {
	if len(os.Args) == 5 && os.Args[1] == "fill" {
		part, err := store.ParseShard(os.Args[3], 0, nil)
		items, _ := strconv.Atoi(os.Args[4])
		if err == nil {
			err = fill(os.Args[2], part, items)
		}
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func manifest() store.Manifest {
	var m store.Manifest
	m.Settings = store.Settings{Model: "abc", Preparation: json.RawMessage(`{"a":1}`), Visualizer: "grad-cam", Values: map[string]string{"k": "v"}, Class: "predicted", Score: "logit", Features: "pool", FeatureLength: 3}
	m.Model.Name, m.Model.Classes = "net.onnx", []string{"tank", "no tank"}
	return m
}

func list(n int) (items []store.Item) {
	for i := range n {
		items = append(items, store.Item{Name: fmt.Sprintf("folder/%06d.png", i)})
	}
	return items
}

// rowOf is the row and map of item j: every fifth map says nothing.
func rowOf(j int, it store.Item) (audit.Row, []float32) {
	r := audit.Row{Path: it.Name, Predicted: j % 2, Explained: j % 2, RunnerUp: 1 - j%2, Probability: audit.Number(1 / float64(j+2)), Logit: audit.Number(math.NaN()), Features: []float32{float32(j), -0.5, 1 / float32(j+1)}}
	for k := range audit.Properties {
		r.Properties = append(r.Properties, audit.NumbersOf(float64(j*k)/7)...)
	}
	if j%5 == 0 {
		return r, nil
	}
	cells := make([]float32, audit.Side*audit.Side)
	cells[j%len(cells)] = float32(j)
	r.Strength = audit.Number(j)
	return r, cells
}

// fill does what a process does: it makes the rows that are missing. Every seventh
// item fails.
func fill(folder string, part store.Shard, n int) error {
	s, err := store.Begin(folder, manifest(), list(n), nil)
	if err != nil {
		return err
	}
	states, err := s.States(context.Background())
	if err != nil {
		return err
	}
	for j, it := range s.Items {
		if !part.Has(j) || states[j] != store.Missing {
			continue
		}
		if j%7 == 3 {
			err = s.Fail(j, "it is no picture")
		} else {
			row, cells := rowOf(j, it)
			err = s.Put(j, row, cells)
		}
		if err != nil {
			return err
		}
	}
	return s.Tell(part, store.Report{}, time.Now())
}

// whole is everything that an audit holds, as text.
func whole(t *testing.T, folder string) string {
	t.Helper()
	s, err := store.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := c.Count(store.Missing); n > 0 {
		t.Fatalf("%d items are missing", n)
	}
	var features [][]float32
	for j, state := range c.State {
		if features = append(features, c.Features(j)); (state == store.Done) != (features[j] != nil) {
			t.Fatalf("item %d in state %d has the features %v", j, state, features[j])
		}
	}
	text, err := json.Marshal(struct {
		store.Contents
		Vectors [][]float32
	}{c, features})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAnyNumberOfShardsInAnyOrderGiveTheSame(t *testing.T) {
	const n = 100
	one := t.TempDir()
	if err := fill(one, store.Whole, n); err != nil {
		t.Fatal(err)
	}
	want := whole(t, one)
	for _, shards := range []int{3, 7} {
		folder := filepath.Join(t.TempDir(), "out")
		var all sync.WaitGroup
		for _, i := range rand.Perm(shards) {
			all.Go(func() {
				if err := fill(folder, store.Shard{Number: i, Of: shards}, n); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if whole(t, folder) != want {
			t.Errorf("%d shards give something else", shards)
		}
	}
}

// Processes are killed at random moments until the work is done; what is there then
// is what an undisturbed process makes. PICASSO_AUDIT_KILLS sets how many.
func TestKilledProcessesLeaveNothingHalf(t *testing.T) {
	kills := 8
	if n, err := strconv.Atoi(os.Getenv("PICASSO_AUDIT_KILLS")); err == nil {
		kills = n
	}
	for _, n := range []int{120, store.PackAbove + 1} {
		if n > store.PackAbove && os.Getenv("PICASSO_AUDIT_KILLS") == "" {
			continue // make audit-kill-test: each process reads all that the others left
		}
		undisturbed, folder := t.TempDir(), t.TempDir()
		if err := fill(undisturbed, store.Whole, n); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if err := exec.Command(os.Args[0], "fill", t.TempDir(), "0/1", fmt.Sprint(n)).Run(); err != nil {
			t.Fatal(err)
		}
		took := time.Since(began)
		for k := range kills {
			child := exec.Command(os.Args[0], "fill", folder, fmt.Sprintf("%d/3", k%3), fmt.Sprint(n))
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			moment := time.AfterFunc(rand.N(took/2+time.Millisecond), func() { _ = child.Process.Signal(syscall.SIGKILL) })
			_ = child.Wait()
			moment.Stop()
		}
		for i := range 3 {
			if err := fill(folder, store.Shard{Number: i, Of: 3}, n); err != nil {
				t.Fatal(err)
			}
		}
		if whole(t, folder) != whole(t, undisturbed) {
			t.Errorf("%d items: after %d kills something else is there", n, kills)
		}
	}
}

func TestHalfRowsAreNone(t *testing.T) {
	const n = 20
	folder := t.TempDir()
	if err := fill(folder, store.Whole, n); err != nil {
		t.Fatal(err)
	}
	want := whole(t, folder)
	rows, _ := filepath.Glob(filepath.Join(folder, "rows", "*", "*.json"))
	maps, _ := filepath.Glob(filepath.Join(folder, "maps", "*", "*.npy"))
	if len(rows) != 17 || len(maps) != 14 { // 3 fail; of 4 maps that say nothing one fails too: 0 5 10 15, and 3 10 17
		t.Fatalf("%d rows and %d maps", len(rows), len(maps))
	}
	half := func(path string) {
		data, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(path, data[:len(data)/2], 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	half(rows[0])
	half(maps[len(maps)-1])
	vectors, _ := filepath.Glob(filepath.Join(folder, "features", "*", "*.npy"))
	half(vectors[len(vectors)/2])
	s, err := store.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Load(t.Context())
	if err != nil || c.Count(store.Missing) == 0 || c.Count(store.Missing) > 3 {
		t.Fatalf("%d items are missing, %v", c.Count(store.Missing), err)
	}
	for j, state := range c.State {
		if state == store.Missing {
			row, cells := rowOf(j, s.Items[j])
			if err := s.Put(j, row, cells); err != nil {
				t.Fatal(err)
			}
		}
	}
	if whole(t, folder) != want {
		t.Error("what was mended is not what was there")
	}
}

func TestTornLinesAreLeftOut(t *testing.T) {
	const n = store.PackAbove + 1
	folder := t.TempDir()
	s, err := store.Begin(folder, manifest(), list(n), nil)
	if err != nil {
		t.Fatal(err)
	}
	for j := range 10 {
		row, cells := rowOf(j, s.Items[j])
		if err := s.Put(j, row, cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Fail(1, "a later fault of something that is done"); err != nil {
		t.Fatal(err)
	}
	packs, _ := filepath.Glob(filepath.Join(folder, "rows", "*.jsonl"))
	if len(packs) != 1 {
		t.Fatalf("one process has %d packs", len(packs))
	}
	data, err := os.ReadFile(packs[0])
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	torn := bytes.Join([][]byte{lines[0], []byte("{\"item\n"), bytes.Repeat([]byte("x"), 5<<20), []byte("\n"), lines[1], lines[10], lines[2][:len(lines[2])/2]}, nil)
	if err := os.WriteFile(packs[0], torn, 0o666); err != nil {
		t.Fatal(err)
	}
	c, err := s.Load(t.Context())
	if err != nil || c.Count(store.Done) != 2 || c.State[0] != store.Done || c.State[1] != store.Done || c.Count(store.Failed) != 0 {
		t.Errorf("%d rows are done, %d failed, %v", c.Count(store.Done), c.Count(store.Failed), err)
	}
	if !slices.Equal(c.Map(1), mapOf(1)) || c.Map(0) != nil || c.Maps != nil || c.Err() != nil {
		t.Error("maps changed")
	}
	if row, _ := rowOf(1, s.Items[1]); !slices.Equal(c.Features(1), row.Features) || c.Features(2) != nil {
		t.Errorf("features %v and %v", c.Features(1), c.Features(2))
	}
}

func mapOf(j int) []float32 {
	_, cells := rowOf(j, store.Item{})
	return cells
}

func TestAnotherAuditIsRefused(t *testing.T) {
	folder := t.TempDir()
	if _, err := store.Open(folder); !errors.Is(err, store.ErrNone) {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := store.Begin(folder, manifest(), list(3), nil); err != nil {
		t.Fatal(err)
	}
	// Files that came later, and another version of the program, change nothing.
	again := manifest()
	again.Picasso = "later"
	s, err := store.Begin(folder, again, list(5), nil)
	if err != nil || len(s.Items) != 3 {
		t.Errorf("%d items, %v", len(s.Items), err)
	}
	for what, change := range map[string]func(*store.Manifest){
		"another model":     func(m *store.Manifest) { m.Settings.Model = "def" },
		"preparation":       func(m *store.Manifest) { m.Preparation = json.RawMessage(`{"a":2}`) },
		"method (grad-cam)": func(m *store.Manifest) { m.Visualizer = "occlusion" },
		"settings":          func(m *store.Manifest) { m.Values = map[string]string{"k": "w"} },
		"class to explain":  func(m *store.Manifest) { m.Class = "tank" },
		"labels":            func(m *store.Manifest) { m.Settings.Labels = "x" },
		"masks":             func(m *store.Manifest) { m.Masks = true },
		"features":          func(m *store.Manifest) { m.Features = "another" },
	} {
		m := manifest()
		change(&m)
		var other *store.MismatchError
		if _, err := store.Begin(folder, m, list(3), nil); !errors.As(err, &other) || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// An audit of a version that kept no features is gone on with as it was begun.
func TestAnAuditWithoutFeaturesStaysSo(t *testing.T) {
	folder := t.TempDir()
	before := manifest()
	before.Features, before.FeatureLength = "", 0
	if _, err := store.Begin(folder, before, list(3), nil); err != nil {
		t.Fatal(err)
	}
	s, err := store.Begin(folder, manifest(), list(3), nil)
	if err != nil || s.Manifest.Features != "" {
		t.Fatalf("gone on with as %+v, %v", s.Manifest.Settings, err)
	}
	row, cells := rowOf(1, s.Items[1])
	if err := s.Put(1, row, cells); err == nil {
		t.Error("a row with features is taken")
	}
	row.Features = nil
	if err := s.Put(1, row, cells); err != nil {
		t.Fatal(err)
	}
	if c, err := s.Load(t.Context()); err != nil || c.State[1] != store.Done || c.Features != nil {
		t.Errorf("%v, %v", c.State, err)
	}
}

// What is not of this audit, or was changed, is refused in words.
func TestDamagedAudits(t *testing.T) {
	for name, text := range map[string]string{"manifest.json": "{", "items": "picture\tno quotes\n"} {
		folder := t.TempDir()
		if _, err := store.Begin(folder, manifest(), list(3), nil); err != nil {
			t.Fatal(err)
		}
		paths, _ := filepath.Glob(filepath.Join(folder, name+"*"))
		if err := os.WriteFile(paths[0], []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Open(folder); err == nil {
			t.Errorf("a damaged %s is read", name)
		}
	}
}

func TestFullDisks(t *testing.T) {
	folder := t.TempDir()
	s, err := store.Begin(folder, manifest(), list(3), nil)
	if err != nil {
		t.Fatal(err)
	}
	restore := files.Fail(func(s files.Step, path string) error {
		if s == files.Put {
			return syscall.ENOSPC
		}
		return nil
	})
	row, cells := rowOf(1, s.Items[1])
	err = s.Put(1, row, cells)
	restore()
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk: %v", err)
	}
	if c, err := s.Load(t.Context()); err != nil || c.State[1] != store.Missing {
		t.Errorf("a row is there: %v", err)
	}
	if err := s.Put(1, row, cells); err != nil {
		t.Errorf("with space again: %v", err)
	}
}

func TestShards(t *testing.T) {
	environment := func(pairs ...string) func(string) string {
		return func(name string) string {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == name {
					return pairs[i+1]
				}
			}
			return ""
		}
	}
	for _, tt := range []struct {
		text   string
		shards int
		env    func(string) string
		want   store.Shard
		fault  string
	}{
		{"", 0, nil, store.Whole, ""},
		{"2/8", 0, nil, store.Shard{Number: 2, Of: 8}, ""},
		{"2", 8, nil, store.Shard{Number: 2, Of: 8}, ""},
		{"8/8", 0, nil, store.Shard{}, "count from 0 to 7"},
		{"2/8", 9, nil, store.Shard{}, "contradict"},
		{"x", 0, nil, store.Shard{}, "I/N"},
		{"", 8, nil, store.Shard{}, "which of the shards"},
		{"auto", 0, environment("SLURM_ARRAY_TASK_ID", "3", "SLURM_ARRAY_TASK_COUNT", "4"), store.Shard{Number: 3, Of: 4}, ""},
		{"auto", 0, environment("SLURM_ARRAY_TASK_ID", "4", "SLURM_ARRAY_TASK_COUNT", "4", "SLURM_ARRAY_TASK_MIN", "1"), store.Shard{Number: 3, Of: 4}, ""},
		{"auto", 32, environment("JOB_COMPLETION_INDEX", "31"), store.Shard{Number: 31, Of: 32}, ""},
		{"auto", 0, environment("JOB_COMPLETION_INDEX", "31"), store.Shard{}, "add --shards"},
		{"auto", 9, environment("AWS_BATCH_JOB_ARRAY_INDEX", "0"), store.Shard{Number: 0, Of: 9}, ""},
		{"auto", 0, environment("BATCH_TASK_INDEX", "1", "BATCH_TASK_COUNT", "2"), store.Shard{Number: 1, Of: 2}, ""},
		{"auto", 4, environment(), store.Shard{}, "no batch system"},
	} {
		got, err := store.ParseShard(tt.text, tt.shards, tt.env)
		if tt.fault == "" && (err != nil || got != tt.want) || tt.fault != "" && (err == nil || !strings.Contains(err.Error(), tt.fault)) {
			t.Errorf("%q of %d: %v, %v", tt.text, tt.shards, got, err)
		}
	}
}

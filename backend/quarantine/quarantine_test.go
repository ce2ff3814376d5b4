package quarantine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/fake"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/ort"
)

// The test binary is its own child. Libraries are names of what happens when a
// model is opened or run with them.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == Command {
		os.Exit(Serve(os.Args[2:], os.Stdin, os.Stdout, os.Stderr, load))
	}
	if len(os.Args) == 5 && os.Args[1] == openCommand {
		os.Exit(openOnce(os.Args[2], os.Args[3], os.Args[4]))
	}
	os.Exit(m.Run())
}

// openCommand makes the test binary a command that opens a model and ends.
const openCommand = "open-model"

// openOnce opens a model as a command does, and returns the exit code.
func openOnce(library, path, list string) int {
	h, err := New(list, nil)
	if err == nil {
		h.Expect(library, path)
		var r *ort.Runtime
		if r, err = ort.Load(ort.Config{Library: library}); err == nil {
			_, err = backend.OpenModel(context.Background(), h.Around(r, r.Library()), path, backend.ModelOptions{})
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func load(library string) (infer.Opener, string, error) {
	if strings.HasPrefix(library, "fake ") {
		return bad(strings.TrimPrefix(library, "fake ")), library, nil
	}
	r, err := ort.Load(ort.Config{Library: library})
	return r, r.Library(), err
}

// bad is a library that does something at opening or at running.
type bad string

func (b bad) Block() int64 { return 0 }

func (b bad) Open(_ context.Context, src infer.Source, _ infer.SessionOptions) (infer.Session, error) {
	if what, at := strings.CutSuffix(string(b), " when opened"); at {
		if err := misbehave(what, src); err != nil {
			return nil, err
		}
	}
	return &fake.Session{
		In:  []infer.Port{{Name: "x", Type: onnx.Float, Shape: []int{-1, 3, 8, 8}}},
		Out: []infer.Port{{Name: "y", Type: onnx.Float, Shape: []int{-1, 2}}},
		Func: func(_ context.Context, in []infer.Tensor) ([]infer.Tensor, error) {
			if what, at := strings.CutSuffix(string(b), " when run"); at {
				if err := misbehave(what, src); err != nil {
					return nil, err
				}
			}
			out := infer.NewTensor(in[0].Shape[0], 2)
			for i := range out.Data {
				out.Data[i] = 0.5
			}
			return []infer.Tensor{out}, nil
		},
	}, nil
}

func misbehave(what string, src infer.Source) error {
	switch what {
	case "crash":
		go func() { panic("a fault") }() // outside of what anybody recovers from
		select {}
	case "exit":
		os.Exit(3)
	case "take memory":
		var held [][]byte
		for {
			b := make([]byte, 16<<20)
			for i := range b {
				b[i] = 1
			}
			held = append(held, b)
			runtime.KeepAlive(held)
		}
	case "lack memory":
		return fmt.Errorf("the model: %w", infer.ErrOutOfMemory)
	case "hang":
		select {}
	case "refuse":
		return errors.New("an operator is not known")
	case "write":
		return os.WriteFile(src.Path+".new", nil, 0o600)
	}
	return nil
}

// model is a small model file.
func model(t *testing.T, folder, name string) string {
	t.Helper()
	m := &onnx.Model{
		IRVersion: 8, Producer: "test", Opsets: map[string]int64{"": 13},
		Graph: &onnx.Graph{
			Name:    name,
			Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float, Shape: []onnx.Dim{{Size: -1}, {Size: 3}, {Size: 8}, {Size: 8}}}},
			Outputs: []*onnx.Value{{Name: "y", Type: onnx.Float, Shape: []onnx.Dim{{Size: -1}, {Size: 2}}}},
			Nodes: []*onnx.Node{
				{OpType: "GlobalAveragePool", Inputs: []string{"x"}, Outputs: []string{"g"}},
				{OpType: "Flatten", Inputs: []string{"g"}, Outputs: []string{"f"}},
				{OpType: "MatMul", Inputs: []string{"f", "w"}, Outputs: []string{"l"}},
				{OpType: "Softmax", Inputs: []string{"l"}, Outputs: []string{"y"}, Attrs: []*onnx.Attr{{Name: "axis", Kind: onnx.AttrInt, I: 1}}},
			},
			Initializers: []*onnx.Tensor{onnx.NewTensor("w", []int64{3, 2}, []float32{1, 2, 3, 4, 5, 6})},
		},
	}
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, name+".onnx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// counting is a good runtime that counts what is opened with it.
type counting struct {
	infer.Runtime
	mu     sync.Mutex
	opened int
	runs   int
}

func (c *counting) Version() string { return "test" }

func (c *counting) Open(ctx context.Context, src infer.Source, opt infer.SessionOptions) (infer.Session, error) {
	c.mu.Lock()
	c.opened++
	c.mu.Unlock()
	s, err := bad("").Open(ctx, src, opt)
	if f, ok := s.(*fake.Session); ok {
		inner := f.Func
		f.Func = func(ctx context.Context, in []infer.Tensor) ([]infer.Tensor, error) {
			c.mu.Lock()
			c.runs++
			c.mu.Unlock()
			return inner(ctx, in)
		}
	}
	return s, err
}

func host(t *testing.T, r infer.Runtime, library, list string) *Host {
	t.Helper()
	h, err := New(list, nil)
	if err != nil {
		t.Fatal(err)
	}
	h.Around(r, library)
	h.Limits = func(*onnx.Model) Limits { return Limits{Memory: 512 << 20, Open: time.Minute, Run: time.Minute} }
	return h
}

// Whatever a model does to the library, the program gets a sentence and goes on,
// and has not touched the model itself.
func TestADeadlyModelCostsASentence(t *testing.T) {
	for library, want := range map[string]string{
		"crash when opened":       "made the library that runs models crash",
		"crash when run":          "made the library that runs models crash",
		"exit when opened":        "made the library that runs models crash",
		"take memory when opened": "needs more than 512 MB of memory",
		"lack memory when run":    "needs more than 512 MB of memory",
	} {
		if underRace && strings.HasPrefix(library, "take memory") {
			continue
		}
		good := &counting{}
		list := filepath.Join(t.TempDir(), "known.json")
		path := model(t, t.TempDir(), "m")
		m, err := backend.OpenModel(t.Context(), host(t, good, "fake "+library, list), path, backend.ModelOptions{})
		if err == nil {
			m.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "m.onnx is not opened") || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", library, err)
		}
		if strings.HasSuffix(library, "opened") && good.opened > 0 {
			t.Errorf("%s: the model was opened in this process", library)
		}
		if data, err := os.ReadFile(list); err == nil {
			t.Errorf("%s: the model is known as %s", library, data)
		}
	}
}

// A model that never answers is given up, and one whose opening is stopped ends
// its child.
func TestASlowModelIsGivenUp(t *testing.T) {
	h := host(t, &counting{}, "fake hang when opened", "")
	path := model(t, t.TempDir(), "m")
	file, err := onnx.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	try := func() *trial {
		return h.Try(file, backend.ModelOptions{}, func() (string, error) { return "", nil }).(*trial)
	}
	late := try()
	late.limits.Open = 100 * time.Millisecond
	if err := late.Opened(t.Context()); err == nil || !strings.Contains(err.Error(), "not ready with it within 100ms") {
		t.Errorf("%v", err)
	}
	late.Close()
	stopped := try()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := stopped.Opened(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	stopped.Close()
	if stopped.child.state() == nil {
		t.Error("the child was not waited for")
	}
}

// A fault that is no danger is told by the program's own opening, in full.
func TestAnOrderlyFaultIsNoVerdict(t *testing.T) {
	good := &counting{}
	m, err := backend.OpenModel(t.Context(), host(t, good, "fake refuse when opened", ""), model(t, t.TempDir(), "m"), backend.ModelOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m.Close()
}

// A model is tried once: then it is known where it lies and wherever it is
// copied to, by other processes too, until it or the library changes.
func TestKnownModelsAreNotTriedAgain(t *testing.T) {
	list := filepath.Join(t.TempDir(), "cache", "known.json")
	folder := t.TempDir()
	path := model(t, folder, "m")
	open := func(library, path string) error {
		m, err := backend.OpenModel(t.Context(), host(t, &counting{}, library, list), path, backend.ModelOptions{})
		if err == nil {
			m.Close()
		}
		return err
	}
	if err := open("fake good", path); err != nil {
		t.Fatal(err)
	}
	deadly := "fake crash when opened" // a trial would end with a sentence
	if err := open(deadly, path); err != nil {
		t.Errorf("tried again: %v", err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy.onnx")
	if err := os.WriteFile(copied, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := open(deadly, copied); err != nil {
		t.Errorf("a copy is tried again: %v", err)
	}
	if err := open(deadly, model(t, folder, "other")); err == nil {
		t.Error("another model is not tried")
	}
	// The same length, and the same time on the outside.
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := []byte(strings.Replace(string(data), "test", "tesT", 1))
	if err := errors.Join(os.WriteFile(path, changed, 0o600), os.Chtimes(path, info.ModTime(), info.ModTime())); err != nil {
		t.Fatal(err)
	}
	if err := open(deadly, path); err == nil {
		t.Error("a changed file is taken for the old one")
	}
	h := host(t, &counting{}, deadly, list)
	h.known.runtime = "another"
	if _, err := backend.OpenModel(t.Context(), h, copied, backend.ModelOptions{}); err == nil {
		t.Error("another library is not tried")
	}
	h = host(t, &counting{}, deadly, "")
	h.Innocent = func(string) bool { return true }
	if m, err := backend.OpenModel(t.Context(), h, copied, backend.ModelOptions{}); err != nil {
		t.Errorf("a model of our own is tried: %v", err)
	} else {
		m.Close()
	}
}

func TestNonsenseInTheListIsLeftOut(t *testing.T) {
	good := passed{Model: strings.Repeat("a", 64), Runtime: "1", Stamp: "s"}
	data, err := json.Marshal([]passed{good, {Model: "short"}, {Model: good.Model, Stamp: strings.Repeat("x", 1000)}})
	if err != nil {
		t.Fatal(err)
	}
	if list := parse(data); len(list) != 1 || list[0] != good {
		t.Errorf("%v", list)
	}
	if parse([]byte("{")) != nil || parse(nil) != nil {
		t.Error("nonsense is a list")
	}
}

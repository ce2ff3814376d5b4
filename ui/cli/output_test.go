package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"picasso/backend/files"
	"picasso/backend/infer"
	"picasso/backend/ort"
	"picasso/ui/cli"
	"picasso/visualizers/methods"
)

// runTo runs a command whose standard output goes to out.
func runTo(ctx context.Context, out io.Writer, args ...string) (code int, said string) {
	var errs bytes.Buffer
	code = cli.Run(ctx, args, cli.Env{
		Stdout: out, Stderr: &errs, Version: "test", Visualizers: methods.All(),
		Runtime: func(library, _ string) infer.Runtime {
			r, _ := ort.Load(ort.Config{Library: library})
			return r
		},
	})
	return code, errs.String()
}

func content(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestOutputsThatAreReadAreRefused(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	in := greyPixels(t, at("in.png"), 1, 2, 3, 4)
	before := content(t, in)
	if err := errors.Join(os.Symlink(in, at("link.png")), os.Link(in, at("hard.png")), os.Symlink(folder, at("again"))); err != nil {
		t.Skip("no links here")
	}
	for _, out := range []string{"in.png", "link.png", "hard.png", "again/in.png"} {
		if code, _, said := picasso(t.Context(), "view", "--image", in, "--out", at(out)); code != cli.Usage || !strings.Contains(said, "choose another name") {
			t.Errorf("view to %s: exit code %d: %s", out, code, said)
		}
	}
	// The names of results that every run writes are known before it starts.
	labels := at("errors.json")
	if err := os.WriteFile(labels, []byte(`["a", "b"]`), 0o600); err != nil {
		t.Fatal(err)
	}
	model := difference(t, folder)
	code, _, said := picasso(t.Context(), "explain", "--model", model, "--image", in, "--labels", labels, "--visualizer", "occlusion", "--out", folder)
	if code != cli.Usage || !strings.Contains(said, "choose another name") || content(t, labels) != `["a", "b"]` {
		t.Errorf("explain: exit code %d: %s", code, said)
	}
	if content(t, in) != before {
		t.Error("the picture was overwritten")
	}
}

// Names of results that depend on the method are known late; what is read stays
// all the same.
func TestResultsOverwriteNoInput(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	out := t.TempDir()
	folder := filepath.Join(out, strings.TrimSuffix(filepath.Base(images[0]), ".png"))
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	data := content(t, images[1])
	second := filepath.Join(folder, "saliency-0.png")
	if err := os.WriteFile(second, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, said := picasso(t.Context(), "explain", "--model", model, "--image", images[0], "--image", second, "--visualizer", "saliency", "--target", "0", "--out", out)
	if code != cli.SomeFailed || !strings.Contains(said, "saliency-0.png is also read") || content(t, second) != data {
		t.Errorf("exit code %d: %s", code, said)
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("results were written: %v, %v", entries, err)
	}
	if left := debris(t, out); left != nil {
		t.Errorf("left %v", left)
	}
	readResult(t, filepath.Join(out, "saliency-0", "result.json"))
}

// full is a standard output on a full disk.
type full struct{ closing bool }

func (f full) Write(b []byte) (int, error) {
	if f.closing {
		return len(b), nil
	}
	return 0, &fs.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.ENOSPC}
}

func (f full) Close() error {
	return &fs.PathError{Op: "close", Path: "/dev/stdout", Err: syscall.ENOSPC}
}

func TestStandardOutputThatTakesNothingIsAFailure(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	for _, args := range [][]string{
		{"predict", "--model", model, images[0]}, {"predict", "--json", "--model", model, images[0]}, {"inspect", "--model", model},
		{"visualizers"}, {"visualizers", "--json"}, {"version"}, {"doctor"}, {"help"}, {"manual"}, {"completion", "bash"}, {"view", "--help"},
	} {
		for _, out := range []full{{}, {closing: true}} {
			code, said := runTo(t.Context(), out, args...)
			if code != cli.SomeFailed || !strings.Contains(said, "standard output cannot be written: "+syscall.ENOSPC.Error()) || strings.Count(said, "\n") != 1 {
				t.Errorf("%v, %+v: exit code %d: %s", args, out, code, said)
			}
		}
	}
}

// A name that moves the cursor, renames the window or begins a line of its own.
const evil = "cat\x1b]0;owned\x07\u009b2J\r\npicasso: all is well\u202e"

func TestNamesCannotWriteOnTheTerminal(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	folder := t.TempDir()
	labels := filepath.Join(folder, "labels.json")
	var name string // in ASCII: the file is text
	for _, r := range evil {
		name += fmt.Sprintf("\\u%04x", r)
	}
	if err := os.WriteFile(labels, fmt.Appendf(nil, `["%s", "%s2"]`, name, name), 0o600); err != nil {
		t.Fatal(err)
	}
	picture := filepath.Join(folder, "a\x1b[2J\rpicasso: fine.png")
	if err := os.WriteFile(picture, []byte(content(t, images[0])), 0o600); err != nil {
		t.Skip("no such names here")
	}
	broken := filepath.Join(folder, "b\x1b[2J\npicasso: fine.png")
	if err := os.WriteFile(broken, []byte("no picture"), 0o600); err != nil {
		t.Skip("no such names here")
	}
	use := []string{"--model", model, "--labels", labels, "--image", picture, "--image", broken}
	clean := func(what, text, keep string) {
		t.Helper()
		for _, r := range text {
			if (r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x202e) && !strings.ContainsRune(keep, r) {
				t.Fatalf("%s has %U: %q", what, r, text)
			}
		}
		if !utf8.ValidString(text) {
			t.Errorf("%s is no UTF-8", what)
		}
	}
	for _, args := range [][]string{{"predict"}, {"predict", "--json"}, {"inspect"}, {"explain", "--visualizer", "prediction", "--out", filepath.Join(folder, "out")}} {
		these := use
		if args[0] == "inspect" {
			these = use[:4]
		}
		_, out, said := picasso(t.Context(), append(args, these...)...)
		clean(fmt.Sprint(args, " standard output"), out, "\n\t")
		clean(fmt.Sprint(args, " standard error"), said, "\n")
		if args[0] != "inspect" && strings.Contains(out+said, "\npicasso: fine") || strings.Contains(out, "\npicasso: all") {
			t.Errorf("%v: a name begins a line: %q", args, out+said)
		}
		if len(args) == 2 {
			var all []struct{ Predictions []struct{ Name string } }
			if err := json.Unmarshal([]byte(out), &all); err != nil || !strings.HasPrefix(all[0].Predictions[0].Name, evil) {
				t.Errorf("%v: JSON means something else: %v", args, err)
			}
		}
	}
	found := 0
	err := filepath.WalkDir(filepath.Join(folder, "out"), func(path string, d fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".json" {
			found++
			clean(filepath.Base(path), content(t, path), "\n")
		}
		return err
	})
	if err != nil || found != 2 {
		t.Errorf("%d files with JSON, %v", found, err)
	}
}

// trigger calls do at the first write.
type trigger struct {
	bytes.Buffer
	do func()
}

func (c *trigger) Write(b []byte) (int, error) {
	c.do()
	return c.Buffer.Write(b)
}

func TestManyPicturesStoppedAreOneLine(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	const many = 2000
	args := []string{"predict", "--model", model}
	for range many {
		args = append(args, images[0])
	}
	ctx, cancel := context.WithCancel(t.Context())
	out := &trigger{do: cancel}
	code, said := runTo(ctx, out, args...)
	if want := fmt.Sprintf("picasso: stopped; 1 of %d pictures are done\n", many); code != cli.SomeFailed || said != want {
		t.Errorf("exit code %d: %.300s", code, said)
	}
}

// large writes a PNG that takes seconds to read and to write again.
func large(t *testing.T, side int) string {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, side, side))
	for i := range m.Pix {
		m.Pix[i] = uint8(i * i >> 7)
	}
	m.SetGray(0, 0, color.Gray{Y: 1})
	path := filepath.Join(t.TempDir(), "large.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(f, m); err != nil {
		t.Fatal(err)
	}
	return path
}

// Whenever view is stopped, it ends soon, says so, and leaves nothing. Half of the
// stops take 200 ms at most; the others may have met a machine that was busy.
func TestViewOfALargePictureIsStopped(t *testing.T) {
	in := large(t, 6000)
	var took []time.Duration
	for _, name := range []string{"x.png", "x.npy"} {
		out := filepath.Join(t.TempDir(), name)
		start := time.Now()
		if code, _, said := picasso(t.Context(), "view", "--image", in, "--out", out); code != cli.Done {
			t.Fatal(said)
		}
		whole := time.Since(start)
		for part := 1; part < 6; part++ {
			if err := os.Remove(out); err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeoutCause(t.Context(), whole*time.Duration(part)/7, nil)
			stop, end := context.WithCancel(context.Background())
			var stoppedAt time.Time
			context.AfterFunc(ctx, func() { stoppedAt = time.Now(); end() })
			code, _, said := picasso(stop, "view", "--image", in, "--out", out)
			cancel()
			<-stop.Done()
			if code == cli.Done {
				continue // it was faster than at first
			}
			took = append(took, time.Since(stoppedAt))
			if entries, err := os.ReadDir(filepath.Dir(out)); code != cli.SomeFailed || !strings.Contains(said, "stopped") || err != nil || len(entries) != 0 {
				t.Errorf("%s, stopped at %d/7: exit code %d, left %v: %s", name, part, code, entries, said)
			}
		}
	}
	if slices.Sort(took); len(took) == 0 || took[len(took)/2] > 200*time.Millisecond {
		t.Errorf("it took %v to end", took)
	}
}

// everyFault runs a command with a disk that fails at one step, for every step
// of its writers in turn. check sees what stands afterwards.
func everyFault(t *testing.T, check func(t *testing.T, step string), args ...string) {
	t.Helper()
	faults := 0
	for n := 1; ; n++ {
		count, at := 0, ""
		restore := files.Fail(func(s files.Step, path string) error {
			if count++; count == n {
				at = fmt.Sprint(n, ", ", s)
				return &fs.PathError{Op: string(s), Path: path, Err: syscall.ENOSPC}
			}
			return nil
		})
		code, _, said := picasso(t.Context(), args...)
		restore()
		if at == "" {
			if code != cli.Done || faults < 4 {
				t.Errorf("%v without a fault, after %d: exit code %d: %s", args[0], faults, code, said)
			}
			return
		}
		faults++
		if code != cli.SomeFailed || !strings.Contains(said, syscall.ENOSPC.Error()) {
			t.Errorf("%v, step %s: exit code %d: %s", args[0], at, code, said)
		}
		check(t, at)
	}
}

func debris(t *testing.T, folder string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if strings.HasPrefix(d.Name(), ".") && path != folder {
			found = append(found, d.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestViewOnAFailingDiskKeepsWhatWasThere(t *testing.T) {
	folder := t.TempDir()
	in := greyPixels(t, filepath.Join(folder, "in.png"), 1, 2, 3, 4)
	for _, name := range []string{"x.png", "x.npy"} {
		out := filepath.Join(folder, name)
		fresh := filepath.Join(folder, "fresh"+filepath.Ext(name))
		if code, _, said := picasso(t.Context(), "view", "--image", in, "--out", fresh); code != cli.Done {
			t.Fatal(said)
		}
		if err := os.WriteFile(out, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		everyFault(t, func(t *testing.T, step string) {
			if got := content(t, out); got != "old" && got != content(t, fresh) {
				t.Errorf("%s, step %s: %q stands", name, step, got)
			}
			if left := debris(t, folder); left != nil {
				t.Errorf("%s, step %s leaves %v", name, step, left)
			}
		}, "view", "--image", in, "--out", out)
	}
}

func TestExplainOnAFailingDiskKeepsWhatWasThere(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	out := t.TempDir()
	folder := filepath.Join(out, strings.TrimSuffix(filepath.Base(images[0]), ".png"))
	args := []string{"explain", "--model", model, "--image", images[0], "--visualizer", "saliency", "--target", "0", "--visualizer", "gradient-x-input", "--out", out}
	old := map[string]string{}
	if code, _, said := picasso(t.Context(), args...); code != cli.Done {
		t.Fatal(said)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) < 4 {
		t.Fatalf("results: %v, %v", entries, err)
	}
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		old[path] = content(t, path)
	}
	everyFault(t, func(t *testing.T, step string) {
		for path, before := range old {
			got := content(t, path)
			same := got == before
			if filepath.Base(path) == "result.json" { // times differ
				same = json.Valid([]byte(got)) && strings.Contains(got, `"timing"`)
			}
			if !same {
				t.Errorf("step %s: %s is neither the old one nor the new one", step, filepath.Base(path))
			}
		}
		if left := debris(t, out); left != nil {
			t.Errorf("step %s leaves %v", step, left)
		}
	}, args...)
}

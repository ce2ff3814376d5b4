package cases_test

import (
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/fake"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/audit"
	"picasso/visualizers/audit/cases"
	"picasso/visualizers/audit/store"
	_ "picasso/visualizers/methods"
	"picasso/visualizers/vistest"
)

// corner is a network of two pixels that says where they lie in pictures of its size.
type corner struct{ *fake.Subject }

func (corner) Place(*picture.Image) preprocess.Placement {
	return preprocess.Placement{ScaleX: 1, ScaleY: 1}
}

const side = 8

func writePNG(t *testing.T, path string, level uint8) {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		img.Pix[i] = level
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err == nil {
		err = errors.Join(png.Encode(f, img), f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// passing is a pass through a folder, as often as it is asked for.
func passing(t *testing.T, folder, out string) (cases.Pass, corner) {
	t.Helper()
	found, err := cases.Find(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	var items []store.Item
	for _, c := range found.Cases {
		items = append(items, c.Item)
	}
	net := corner{fake.Corner(1, side, side)}
	method := vistest.Find(t, "occlusion")
	values, err := visualizers.ParseValues(method, net, []string{"size=2", "stride=2", "fill=black"})
	if err != nil {
		t.Fatal(err)
	}
	var m store.Manifest
	m.Settings = store.Settings{Model: "corner", Preparation: json.RawMessage("{}")}
	m.Model.Classes = net.Names
	s, err := store.Begin(out, m, items, nil)
	if err != nil {
		t.Fatal(err)
	}
	return cases.Pass{
		Auditor: audit.Auditor{Subject: net, Method: method, Values: values, Class: audit.Predicted, Score: score.Logit},
		Store:   s, Cases: found.Cases, Reason: func(err error) string { return err.Error() },
		Ready: func(m *picture.Image) (*picture.Image, error) { return m, nil },
	}, net
}

func states(t *testing.T, p cases.Pass) []store.State {
	t.Helper()
	list, err := p.Store.States(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAPassMakesWhatIsMissing(t *testing.T) {
	folder, out := t.TempDir(), t.TempDir()
	writePNG(t, filepath.Join(folder, "b", "2.png"), 200)
	writePNG(t, filepath.Join(folder, "a", "1.png"), 100)
	writePNG(t, filepath.Join(folder, "c.png"), 50)
	bad := filepath.Join(folder, "d.png")
	if err := os.WriteFile(bad, []byte("\x89PNG\r\n\x1a\nno more"), 0o666); err != nil {
		t.Fatal(err)
	}
	p, _ := passing(t, folder, out)
	var names []string
	for _, it := range p.Store.Items {
		names = append(names, it.Name)
	}
	if !slices.Equal(names, []string{"a/1.png", "b/2.png", "c.png", "d.png"}) {
		t.Fatalf("items %q", names)
	}
	var last cases.Progress
	p.Progress = func(at cases.Progress) { last = at }
	if err := os.Remove(filepath.Join(folder, "c.png")); err != nil {
		t.Fatal(err)
	}
	did, err := p.Run(t.Context(), store.Shard{Number: 0, Of: 2}) // a and c
	if err != nil || did.Done != 1 || did.Failed != 1 || last.Done != 2 || last.Of != 2 || last.Share() != 1 {
		t.Errorf("%+v, %+v, %v", did, last, err)
	}
	if did, err = p.Run(t.Context(), store.Whole); err != nil || did.Done != 1 || did.Failed != 1 {
		t.Errorf("the rest: %+v, %v", did, err)
	}
	if got := states(t, p); !slices.Equal(got, []store.State{store.Done, store.Done, store.Failed, store.Failed}) {
		t.Errorf("states %v", got)
	}
	// Once more nothing is run; what failed is, if that is asked for.
	writePNG(t, bad, 10)
	p, net := passing(t, folder, out)
	if did, err := p.Run(t.Context(), store.Whole); err != nil || did.Done+did.Failed != 0 || net.Runs() != 0 {
		t.Errorf("again: %+v, %d runs, %v", did, net.Runs(), err)
	}
	p.RetryErrors = true
	if did, err := p.Run(t.Context(), store.Whole); err != nil || did.Done != 1 || did.Failed != 1 {
		t.Errorf("what failed: %+v, %v", did, err)
	}
	all, err := p.Store.Load(t.Context())
	if err != nil || all.State[3] != store.Done || all.State[2] != store.Failed || !strings.Contains(all.Rows[2].Error, "no longer in the folder") {
		t.Errorf("states %v, %q, %v", all.State, all.Rows[2].Error, err)
	}
	if r := all.Rows[1]; r.Path != "b/2.png" || r.Width != side || r.SHA256 == "" || all.Maps[1] == nil {
		t.Errorf("%+v", r)
	}
}

// An item in hand when the pass is stopped is neither a row nor an error.
func TestAStoppedPassLeavesNothingHalf(t *testing.T) {
	folder := t.TempDir()
	writePNG(t, filepath.Join(folder, "1.png"), 100)
	writePNG(t, filepath.Join(folder, "2.png"), 200)
	p, _ := passing(t, folder, t.TempDir())
	ctx, stop := context.WithCancel(t.Context())
	p.Ready = func(m *picture.Image) (*picture.Image, error) {
		stop()
		return m, nil
	}
	if _, err := p.Run(ctx, store.Whole); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	if got := states(t, p); !slices.Equal(got, []store.State{store.Missing, store.Missing}) {
		t.Errorf("states %v", got)
	}
}

func TestMasksBelongToPictures(t *testing.T) {
	folder, masks := t.TempDir(), t.TempDir()
	writePNG(t, filepath.Join(folder, "a", "1.png"), 100)
	writePNG(t, filepath.Join(folder, "2.png"), 100)
	writePNG(t, filepath.Join(masks, "a", "1.png"), 255)
	p, _ := passing(t, folder, t.TempDir())
	m, err := cases.FindMasks(t.Context(), masks)
	if err != nil || m.Len() != 1 {
		t.Fatalf("%d masks, %v", m.Len(), err)
	}
	for _, c := range p.Cases {
		img, err := c.Open(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		region, err := m.On(t.Context(), c, img)
		if err != nil || (region != nil) != (c.Name == "a/1.png") {
			t.Errorf("%s: %v, %v", c.Name, region, err)
		}
	}
	if err := os.WriteFile(filepath.Join(masks, "a", "1.npy"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := cases.FindMasks(t.Context(), masks); err == nil || !strings.Contains(err.Error(), "same picture") {
		t.Errorf("two masks of a picture: %v", err)
	}
}

package covering_test

import (
	"bytes"
	"context"
	"image"
	"image/gif"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/ui/control"
	"picasso/ui/control/covering"
	"picasso/ui/uitest"
)

// watched is a model that counts who asks it at once, and keeps what it was asked.
type watched struct {
	*uitest.Shades
	mu       sync.Mutex
	now      int
	most     int
	asked    []infer.Tensor
	hold     chan struct{} // answers wait for it; nil for at once
	path     string        // of its file
	answered int
}

func (w *watched) Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	w.mu.Lock()
	w.now++
	w.most = max(w.most, w.now)
	for _, t := range batch {
		w.asked = append(w.asked, t.Clone())
	}
	hold := w.hold
	w.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
		}
	}
	defer func() {
		w.mu.Lock()
		w.now--
		w.answered++
		w.mu.Unlock()
	}()
	return w.Shades.Predict(ctx, batch)
}

func (w *watched) About() control.ModelInfo {
	a := w.Shades.About()
	a.Path = w.path
	return a
}

func (w *watched) counts() (most, asked int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.most, len(w.asked)
}

// bench is a grey picture that is being covered.
type bench struct {
	*uitest.Desk
	k *covering.Controller
	m *watched
}

func newBench(t *testing.T) *bench {
	t.Helper()
	d := uitest.NewDesk(t)
	b := &bench{Desk: d, m: &watched{Shades: d.Model, path: d.Write("m.onnx")}}
	d.C = control.New(control.Params{Do: d.Q.Do, Visualizers: d.Visualizers(), Delay: time.Millisecond,
		Open: func(context.Context, string, control.OpenOptions, func(string)) (control.Model, error) {
			return b.m, nil
		}})
	t.Cleanup(d.C.Close)
	d.Explained()
	b.k = covering.New(d.C)
	b.k.Open(true)
	return b
}

// settled waits until the newest mask was answered, and all states were.
func (b *bench) settled() covering.Shown {
	b.T.Helper()
	b.Q.Until(b.T, "an answer", func() bool {
		s := b.k.Shown()
		return s.Err != nil || s.Now != nil && !s.Behind && !slices.ContainsFunc(s.States, func(one covering.State) bool { return !one.Known })
	})
	s := b.k.Shown()
	if s.Err != nil {
		b.T.Fatal(s.Err)
	}
	return s
}

var hard = covering.Tip{Across: 8, Down: 8}

func (b *bench) dab(x, y float64) {
	b.k.Stroke([2]float64{x, y}, [2]float64{x, y}, hard)
	b.k.EndStroke()
}

// A bright picture whose middle is filled with black is darker: the answers follow,
// and undo and redo give what there was.
func TestAnswersFollowTheBrush(t *testing.T) {
	b := newBench(t)
	if err := b.k.SetFill("black"); err != nil {
		t.Fatal(err)
	}
	before := b.C.State().Look.Ranked[0]
	b.dab(16, 16)
	first := b.settled()
	if first.Now[0].Index != before.Index || first.Now[0].Probability >= before.Probability || first.Share <= 0.1 || first.Layer == nil {
		t.Errorf("with %.0f %% black it is %+v after %+v", 100*first.Share, first.Now[0], before)
	}
	b.k.Stroke([2]float64{0, 0}, [2]float64{32, 32}, covering.Tip{Across: 40, Down: 40})
	b.k.EndStroke()
	all := b.settled()
	if all.Share != 1 || !all.States[all.At].Flipped || all.Now[0].Index == before.Index {
		t.Errorf("all black: %+v", all.Now)
	}
	if name := b.C.Undo(); name != "Stroke" {
		t.Errorf("undone is %q", name)
	}
	again := b.settled()
	if again.Share != first.Share || again.Now[0] != first.Now[0] || !slices.Equal(again.Layer.Pix, first.Layer.Pix) {
		t.Errorf("undone: %+v, not %+v", again.Now, first.Now)
	}
	b.C.Redo()
	if s := b.settled(); s.Share != 1 {
		t.Errorf("done again: %v", s.Share)
	}
	b.k.GoTo(all.States[0].ID)
	if s := b.settled(); s.Share != 0 || s.Layer != nil || s.Now[0] != before || len(s.States) != 4 {
		t.Errorf("at the beginning again: %+v", s)
	}
	b.C.Undo()
	if s := b.settled(); s.Share != 1 {
		t.Errorf("and back: %v", s.Share)
	}
}

// While the model is slow the hand goes on: at most two answers are awaited, and the
// last stroke is the one that is answered in the end.
func TestTheNewestStrokeWins(t *testing.T) {
	b := newBench(t)
	if err := b.k.SetFill("black"); err != nil {
		t.Fatal(err)
	}
	b.dab(-50, -50)
	b.k.Stroke([2]float64{0, 16}, [2]float64{0, 16}, covering.Tip{Across: 3, Down: 3})
	b.k.EndStroke()
	b.settled()
	_, before := b.m.counts()
	hold := make(chan struct{})
	b.m.mu.Lock()
	b.m.hold, b.m.most = hold, 0
	b.m.mu.Unlock()
	for i := range 200 {
		x := 2 + float64(i)*28/200
		b.k.Stroke([2]float64{x, 16}, [2]float64{x, 16}, covering.Tip{Across: 3, Down: 3})
		b.Q.Until(t, "a drawing", func() bool { return b.k.Shown().Layer != nil })
	}
	b.k.EndStroke()
	if !b.k.Shown().Behind {
		t.Error("an answer is shown as that to strokes that came after it")
	}
	close(hold)
	b.settled()
	most, asked := b.m.counts()
	if most > 2 || asked-before > 6 {
		t.Errorf("%d at once, %d in all", most, asked-before)
	}
	b.m.mu.Lock()
	last := b.m.asked[len(b.m.asked)-1]
	b.m.mu.Unlock()
	covered := 0
	for x := range 16 {
		if last.Data[8*16+x] != b.C.State().Look.Input.Data[8*16+x] {
			covered++
		}
	}
	if covered < 14 {
		t.Errorf("the last question has %d covered pixels in the row of the stroke", covered)
	}
}

// What is kept is what was painted; inverted twice, nothing has changed.
func TestKeepOnlyAndUncover(t *testing.T) {
	b := newBench(t)
	b.k.KeepOnly()
	if n := b.C.State().Notice; n == nil || !strings.Contains(n.Text, "Nothing is painted") {
		t.Errorf("of nothing: %+v", n)
	}
	b.dab(16, 16)
	share := b.settled().Share
	b.k.KeepOnly()
	if got := b.settled().Share; got != 1-share {
		t.Errorf("%v is covered, not %v", got, 1-share)
	}
	b.k.KeepOnly()
	if got := b.settled().Share; got != share {
		t.Errorf("twice: %v, not %v", got, share)
	}
	b.k.UncoverAll()
	if s := b.settled(); s.Share != 0 || !s.Empty {
		t.Errorf("uncovered: %v", s.Share)
	}
	if err := b.k.SetFill("nonsense"); err == nil {
		t.Error("a fill that there is not is taken")
	}
}

// The covered picture is what the methods explain, until it is not; the list stays
// about the picture as it is.
func TestTheCoveredPictureIsUsed(t *testing.T) {
	b := newBench(t)
	if err := b.k.SetFill("black"); err != nil {
		t.Fatal(err)
	}
	whole := b.C.State().Look
	listed := b.C.State().Images[0].Best[0]
	b.dab(8, 8)
	now := b.settled()
	runs := b.Every.Count()
	b.k.Use()
	b.Ready(runs + 1)
	k := b.C.State().Look
	if k.Whole != whole || k.Covered == nil || k.Covered.Fill != "black" || float64(k.Covered.Share) != now.Share || k.Ranked[0] != now.Now[0] {
		t.Fatalf("explained is %+v with %+v", k.Covered, k.Ranked)
	}
	if p := b.C.State().Panel(); b.C.KeyOf(p, k) == b.C.KeyOf(p, whole) {
		t.Error("maps of the covered picture and of the whole one are kept as one")
	} else if _, ok := b.C.Kept(b.C.KeyOf(p, k), b.C.State().Target); !ok {
		t.Error("other workspaces do not find the map of the covered picture")
	}
	if c := k.Shown.RGBAAt(8, 8); c.R != 0 || k.Shown.RGBAAt(30, 30) != whole.Shown.RGBAAt(30, 30) {
		t.Errorf("it is shown with %v in the covered part", c)
	}
	if got := b.C.State().Images[0].Best[0]; got != listed {
		t.Errorf("the list says %+v of the whole picture", got)
	}
	s, _, err := b.C.Reported()
	if err != nil || s.Covered == nil || len(s.Covered.Before) == 0 || s.Covered.Before[0].Name != whole.Ranked[0].Name {
		t.Errorf("reported %+v, %v", s.Covered, err)
	}
	b.k.Open(true)
	if b.C.Shown() != whole.Shown {
		t.Error("while covering, the covered picture is shown below what is covered")
	}
	if s := b.settled(); !s.Used || !s.Same {
		t.Errorf("used %v, the same %v", s.Used, s.Same)
	}
	b.dab(24, 24)
	if s := b.settled(); !s.Used || s.Same {
		t.Errorf("after another stroke: used %v, the same %v", s.Used, s.Same)
	}
	b.k.Open(false)
	b.k.UseWhole()
	b.Q.Until(t, "the whole picture", func() bool { return b.C.State().Look == whole })
	b.C.Undo()
	b.Q.Until(t, "the covered one", func() bool { k := b.C.State().Look; return k != nil && k.Whole == whole })
}

// Every slice has its own cover, and fills are in Hounsfield units.
func TestSlicesAreCoveredApart(t *testing.T) {
	b := newBench(t)
	b.C.Clear()
	b.k.Open(false)
	b.C.Settings().ResearchUse = true
	b.C.Drop([]string{b.Scan(3)})
	b.Q.Until(t, "a scan", func() bool { return b.C.State().Look.Answered() && b.C.State().Scan() })
	b.k.Open(true)
	if err := b.k.SetFill("-1000"); err != nil {
		t.Fatal(err)
	}
	b.dab(16, 16)
	share := b.settled().Share
	at := b.C.State().Look.Slice
	step := 1
	if at > 0 {
		step = -1
	}
	b.C.StepSlice(step)
	b.Q.Until(t, "another slice", func() bool { k := b.C.State().Look; return k.Answered() && k.Slice == at+step })
	if s := b.k.Shown(); s.Share != 0 || s.Layer != nil || s.States != nil {
		t.Errorf("the next slice is covered too: %+v", s)
	}
	b.C.StepSlice(-step)
	b.Q.Until(t, "the slice", func() bool { k := b.C.State().Look; return k.Answered() && k.Slice == at })
	if s := b.settled(); s.Share != share || s.Fill != "-1000" {
		t.Errorf("the slice is covered by %v with %s, not %v", s.Share, s.Fill, share)
	}
	if x, y := image.Pt(16, 16).X, 16; b.k.Shown().Layer.RGBAAt(x, y).A != 255 {
		t.Error("what is covered is not drawn")
	}
}

// A session brings back what was covered, soft edges and fill, and saved again it is
// the same file.
func TestASessionKeepsTheCover(t *testing.T) {
	b := newBench(t)
	if err := b.k.SetFill("white"); err != nil {
		t.Fatal(err)
	}
	b.k.Stroke([2]float64{4, 4}, [2]float64{20, 24}, covering.Tip{Across: 6, Down: 6, Soft: true})
	b.k.EndStroke()
	was := b.settled()
	save := func(b *bench, name string) []byte {
		t.Helper()
		path := filepath.Join(b.Dir, name)
		b.C.SaveSession(path, false)
		b.Q.Until(t, "the session", func() bool { _, err := os.Stat(path); return err == nil })
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	first := save(b, "one.picasso")
	again := newBench(t)
	again.k.Open(false)
	again.m.path = b.m.path
	again.C.OpenSession(filepath.Join(b.Dir, "one.picasso"), "")
	again.Q.Until(t, "the picture", func() bool {
		k := again.C.State().Look
		return k.Answered() && k.Image.Path == filepath.Join(b.Dir, "a.png") && again.C.State().About.Path == b.m.path
	})
	again.k.Open(true)
	if now := again.settled(); now.Share != was.Share || now.Fill != "white" || now.Now[0] != was.Now[0] || !slices.Equal(now.Layer.Pix, was.Layer.Pix) {
		t.Errorf("it covers %v with %s: %+v, not %v with white: %+v", now.Share, now.Fill, now.Now, was.Share, was.Now)
	}
	again.Dir = b.Dir
	if second := save(again, "two.picasso"); !bytes.Equal(first, second) {
		t.Errorf("saved again it differs:\n%s\n%s", first, second)
	}
}

// A film has the states in their order, with what was said of each; stopping it leaves
// no file.
func TestAFilmOfTheStrokes(t *testing.T) {
	b := newBench(t)
	path := filepath.Join(b.Dir, "strokes")
	b.k.SaveFilm(path)
	if n := b.C.State().Notice; n == nil || !strings.Contains(n.Text, "no strokes") {
		t.Errorf("of nothing: %+v", n)
	}
	if err := b.k.SetFill("black"); err != nil {
		t.Fatal(err)
	}
	b.dab(8, 8)
	b.dab(24, 24)
	b.settled()
	b.k.SaveFilm(path)
	b.Q.Until(t, "the film", func() bool {
		n := b.C.State().Notice
		return n != nil && strings.HasPrefix(n.Text, "Saved the strokes")
	})
	f, err := os.Open(path + ".gif")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	film, err := gif.DecodeAll(f)
	if err != nil || len(film.Image) != 3 {
		t.Fatalf("%d frames, %v", len(film.Image), err)
	}
	dark := func(i, x, y int) bool {
		m := film.Image[i]
		r, _, _, _ := m.At(m.Rect.Dx()/2-16+x, y).RGBA()
		return r < 0x4000
	}
	for i, want := range [][2]bool{{false, false}, {true, false}, {true, true}} {
		if got := [2]bool{dark(i, 8, 8), dark(i, 24, 24)}; got != want {
			t.Errorf("frame %d is dark at %v, not %v", i, got, want)
		}
	}
}

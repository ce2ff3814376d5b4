package comparison_test

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/ort/orttest"
	"picasso/ui/control"
	"picasso/ui/control/comparison"
	"picasso/ui/control/opened"
	"picasso/ui/report"
	"picasso/ui/uitest"
	"picasso/visualizers/methods"
)

// counted is a model that says when it is closed.
type counted struct {
	control.Model
	open *atomic.Int32
}

func (m counted) Close() error {
	m.open.Add(-1)
	return m.Model.Close()
}

// counting is a desk that counts open models.
func counting(t *testing.T, model string, images ...string) (d *desk, most *atomic.Int32, open *atomic.Int32) {
	t.Helper()
	d, most, open = &desk{t: t, q: uitest.NewQueue()}, &atomic.Int32{}, &atomic.Int32{}
	with := opened.With(orttest.Runtime(t), backend.ModelOptions{Provider: infer.CPU})
	d.c = control.New(control.Params{Visualizers: methods.All(), Do: d.q.Do, Delay: time.Millisecond,
		Open: func(ctx context.Context, path string, opt control.OpenOptions, stage func(string)) (control.Model, error) {
			n := open.Add(1)
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			}
			m, err := with(ctx, path, opt, stage)
			if err != nil {
				open.Add(-1)
				return nil, err
			}
			return counted{m, open}, nil
		}})
	d.m = comparison.New(d.c)
	t.Cleanup(d.c.Close)
	d.c.Open(model)
	d.until("the model is open", func() bool { return d.c.State().Model != nil })
	d.c.AddImages(images)
	d.until("the picture is answered", func() bool { return d.c.State().Look.Answered() && !d.c.State().Looking })
	d.c.SetWorkspace(control.Compare)
	d.m.SetView(comparison.ByModel)
	return d, most, open
}

func (d *desk) paired() bool {
	p := d.m.Pair()
	return p != nil && p.Status == comparison.Ready
}

// pairBy waits for the maps of both models by a method.
func (d *desk) pairBy(id string) *comparison.Pair {
	d.t.Helper()
	i := slices.IndexFunc(d.m.Offered(), func(p *control.Panel) bool { return p.Info.ID == id })
	d.m.SetMethod(d.m.Offered()[i])
	d.until("both maps are drawn by "+id, func() bool {
		if p := d.m.Pair(); p != nil && p.Status == comparison.Failed {
			d.t.Fatal(p.Err)
		}
		return d.paired() && d.m.Pair().Compared.Visualizer == id
	})
	return d.m.Pair()
}

// A model against itself answers the same and differs by nothing, by every kind of
// method.
func TestAModelDoesNotDifferFromItself(t *testing.T) {
	model := samples(t, "digits/digits.onnx")[0]
	d := newDesk(t, model, samples(t, "digits/*.png")[7])
	d.c.SetWorkspace(control.Compare)
	d.m.SetView(comparison.ByModel)
	d.m.CompareWith(model)
	for _, id := range []string{"occlusion", "saliency", "grad-cam"} {
		p := d.pairBy(id)
		if !p.Mapped || p.Compared.SameAnswer == nil || !*p.Compared.SameAnswer || p.Compared.DeltaProbability != 0 || math.Abs(float64(p.Compared.Spearman)-1) > 1e-12 || p.Compared.ShapeOnly {
			t.Errorf("%s: %+v", id, p.Compared)
		}
		for _, v := range p.Parts[report.PartDifference].Map.Values {
			if v != 0 && v == v {
				t.Fatalf("%s: the difference is %v somewhere", id, v)
			}
		}
	}
}

// lastly writes the twin of a model that takes its channels last, with what describes it.
func lastly(t *testing.T, model string) string {
	t.Helper()
	m, err := onnx.Open(model)
	if err != nil {
		t.Fatal(err)
	}
	in := m.Graph.Feeds()[0]
	turn := &onnx.Node{Name: "turn", OpType: "Transpose", Inputs: []string{in.Name + "_last"}, Outputs: []string{in.Name}, Attrs: []*onnx.Attr{{Name: "perm", Kind: onnx.AttrInts, Ints: []int64{0, 3, 1, 2}}}}
	m.Graph.Nodes = slices.Insert(m.Graph.Nodes, 0, turn)
	in.Name, in.Shape = turn.Inputs[0], []onnx.Dim{in.Shape[0], in.Shape[2], in.Shape[3], in.Shape[1]}
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	about, err := os.ReadFile(strings.TrimSuffix(model, ".onnx") + ".picasso.json")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "last.onnx")
	for name, data := range map[string][]byte{path: data, strings.TrimSuffix(path, ".onnx") + ".picasso.json": about} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// A model that takes its channels last is the same as one that takes them first, of
// three channels and of one.
func TestALayoutMakesNoDifference(t *testing.T) {
	for _, of := range [][2]string{{"digits/digits.onnx", "digits/*.png"}, {"tanks/*.onnx", "tanks/*.png"}} {
		model := samples(t, of[0])[0]
		d := newDesk(t, model, samples(t, of[1])[0])
		d.c.SetWorkspace(control.Compare)
		d.m.SetView(comparison.ByModel)
		d.m.CompareWith(lastly(t, model))
		for _, id := range []string{"occlusion", "saliency", "grad-cam"} {
			p := d.pairBy(id)
			if !p.Mapped || p.Compared.A.Model.SHA256 == p.Compared.B.Model.SHA256 || math.Abs(float64(p.Compared.DeltaProbability)) > 1e-5 {
				t.Errorf("%s by %s: %+v", of[0], id, p.Compared)
			}
			for _, v := range p.Parts[report.PartDifference].Map.Values {
				if math.Abs(float64(v)) > 1e-5 {
					t.Fatalf("%s by %s: the difference is %g somewhere", of[0], id, v)
				}
			}
		}
	}
}

// Two exports of one network, by different classes of pictures: the one map is that of
// the tab, and the second model is closed with the view. There are never three.
func TestNoThirdModelIsHeld(t *testing.T) {
	digits, tanks := samples(t, "digits/digits.onnx")[0], samples(t, "tanks/*.onnx")
	d, most, open := counting(t, digits, samples(t, "digits/*.png")[7])
	d.m.CompareWith(tanks[0])
	d.until("the first pair is compared", d.paired)
	if p := d.m.Pair(); len(p.Compared.Notes) == 0 {
		t.Error("classes of other names are compared without a word")
	}
	d.m.CompareWith(digits)
	d.until("the second pair is compared", func() bool { return d.paired() && d.m.Pair().Compared.B.Model.Path == d.m.Pair().Compared.A.Model.Path })
	d.c.Open(tanks[0])
	d.until("another first model is open", func() bool { return d.c.State().Opening == nil && d.paired() })
	if n := most.Load(); n > 2 {
		t.Errorf("%d models were open at once", n)
	}
	d.m.SetView(comparison.ByMethod)
	d.until("the second model is closed with its view", func() bool { d.c.Step(0); return open.Load() == 1 || settle(d) })
	d.m.SetView(comparison.ByModel)
	d.until("it is opened again for the view", d.paired)
}

// settle lets the goroutine that closes a model go on; it never says that it is done.
func settle(d *desk) bool {
	d.q.Do(func() {})
	return false
}

// All pictures are compared; what the models disagree about comes first, and the table
// says so too.
func TestPicturesAreSortedByDisagreement(t *testing.T) {
	images := samples(t, "tanks/*.png")
	models := samples(t, "tanks/*.onnx")
	if len(models) < 2 {
		t.Skip("there is one model of tanks")
	}
	d, _, _ := counting(t, models[0], images...)
	d.m.CompareWith(models[1])
	d.until("the current picture is compared", d.paired)
	d.m.CompareAll()
	d.until("all pictures are compared", func() bool { return len(d.m.Rows()) == len(images) && !d.m.Comparing() })
	rows := d.m.Rows()
	for i := 1; i < len(rows); i++ {
		if report.Disagreement(rows[i-1].Compared, rows[i].Compared) > 0 {
			t.Errorf("row %d is before one that differs more", i-1)
		}
	}
	path := filepath.Join(t.TempDir(), "compare.csv")
	d.m.SaveTable(path)
	d.until("the table is saved", func() bool { return d.c.State().Notice != nil && strings.HasPrefix(d.c.State().Notice.Text, "Saved") })
	data, err := os.ReadFile(path)
	if err != nil || bytes.Count(data, []byte("\n")) != len(images)+1 || !bytes.Contains(data, []byte("delta_probability")) {
		t.Errorf("%v\n%s", err, data)
	}
}

// In a followed folder the newest is compared with the one before, and when a newer
// one lands with what was the newest until then.
func TestCheckpointsAreComparedWithTheOneBefore(t *testing.T) {
	folder := t.TempDir()
	data, err := os.ReadFile(samples(t, "digits/digits.onnx")[0])
	if err != nil {
		t.Fatal(err)
	}
	put := func(name string, age time.Duration) {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-age)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	put("1.onnx", 3*time.Hour)
	put("2.onnx", 2*time.Hour)
	d, _, _ := counting(t, folder, samples(t, "digits/*.png")[7])
	d.m.CompareWithBefore()
	names := func(a, b string) func() bool {
		return func() bool { return d.paired() && d.c.State().About.Name == a && d.m.Second().Name == b }
	}
	d.until("the newest is compared with the one before", names("2.onnx", "1.onnx"))
	put("3.onnx", time.Hour)
	d.until("the next one is compared with the one before", names("3.onnx", "2.onnx"))
}

// Two models of volumes are compared on the slice that is looked at: a model against
// itself differs by nothing, and one that gets another part of the volume by what that
// part lacks.
func TestTwoModelsOfAVolume(t *testing.T) {
	model := samples(t, "ct3d/nodules3d.onnx")[0]
	scan := samples(t, "ct3d/*.nii.gz")[0]
	d := newDesk(t, model, scan)
	d.c.Clear()
	d.c.Settings().ResearchUse = true
	d.c.Open(model)
	d.until("the model is open", func() bool { return d.c.State().Model != nil })
	d.c.Drop([]string{scan}) // as a series
	d.until("its first slice", func() bool {
		p := d.c.State().Selected()
		return p != nil && p.Slices() > 16 && d.c.State().Look.Answered()
	})
	d.c.SelectSlice(16)
	d.until("the slice", func() bool { k := d.c.State().Look; return k.Answered() && k.Slice == 16 })
	d.c.SetWorkspace(control.Compare)
	d.m.SetView(comparison.ByModel)
	d.m.CompareWith(model)
	for _, id := range []string{"occlusion", "saliency"} {
		p := d.pairBy(id)
		if !p.Mapped || p.Compared.SameAnswer == nil || !*p.Compared.SameAnswer || math.Abs(float64(p.Compared.Spearman)-1) > 1e-12 {
			t.Errorf("%s: %+v", id, p.Compared)
		}
		a := p.Parts[0].Map
		if a.Depth != 0 || a.Height != 128 || a.Width != 128 {
			t.Errorf("%s: a map of %d×%d×%d on a slice of 128×128", id, a.Depth, a.Height, a.Width)
		}
		strongest := float32(0)
		for i, v := range p.Parts[report.PartDifference].Map.Values {
			if v != 0 && v == v {
				t.Fatalf("%s: the difference is %v somewhere", id, v)
			}
			strongest = max(strongest, a.Values[i])
		}
		if strongest <= 0 {
			t.Errorf("%s: nothing of the map lies on the slice of the nodule", id)
		}
	}
}

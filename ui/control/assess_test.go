package control

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"picasso/backend/infer"
	"picasso/backend/mask"
	"picasso/backend/onnx"
	"picasso/backend/onnx/shuffle"
	"picasso/backend/picture"
	"picasso/ui/control/assess"
	"picasso/visualizers"
	"picasso/visualizers/trust"
	"picasso/visualizers/trust/sanity"
)

// mirrorMethod maps the picture itself, in a second; what is bright speaks for
// white.
type mirrorMethod struct{ *stepper }

func (m mirrorMethod) Explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	m.mu.Lock()
	m.starts = append(m.starts, in)
	m.mu.Unlock()
	if err := wait(ctx, time.Second); err != nil {
		return visualizers.Result{}, err
	}
	r := visualizers.Result{Done: 1, Passes: 1}
	for _, t := range in.Targets {
		values := append([]float32(nil), in.Tensor.Data...)
		if t.Class == 1 {
			for i := range values {
				values[i] = -values[i]
			}
		}
		r.Maps = append(r.Maps, visualizers.Map{Target: t, Channels: 1, Height: 8, Width: 8, Values: values, Signed: true})
	}
	return r, nil
}

func (m mirrorMethod) Preview(visualizers.Subject, visualizers.Values) visualizers.Preview {
	return visualizers.Preview{Passes: 1, Time: time.Second}
}

// slope is a picture that is mostly bright.
func slope(name string) *picture.Image {
	pix := make([]float32, 64)
	for i := range pix {
		pix[i] = 255 * min(1, .3+float32(i)/50)
	}
	return picture.NewFloat(name, 8, 8, 1, pix)
}

func trustDesk(t *testing.T, f func(d *desk, m mirrorMethod, model *plainModel)) {
	bubble(t, func(d *desk) {
		m := mirrorMethod{d.first}
		d.state.Panels[0].Visualizer = m
		d.Open("m.onnx")
		d.q.pass(time.Second)
		d.AddPicture(slope("slope"))
		d.q.pass(5 * time.Second)
		if p := d.State().Panel(); p.Status != Ready {
			t.Fatalf("status %v: %v", p.Status, p.Err)
		}
		f(d, m, d.models["m.onnx"])
	})
}

// Nothing is tested before somebody looks; then the map on the screen is, and
// the same map not twice.
func TestTrustIsFoundOutWhenItIsLookedAt(t *testing.T) {
	trustDesk(t, func(d *desk, m mirrorMethod, model *plainModel) {
		before := model.calls.Load()
		d.q.pass(time.Second)
		if s := d.State().Trust; s.Found != nil || model.calls.Load() != before {
			t.Fatal("a map was tested that nobody asked about")
		}
		d.OpenTrust(true)
		if !d.State().Trust.Running || d.Busy() {
			t.Errorf("running %v, busy %v", d.State().Trust.Running, d.Busy())
		}
		d.q.pass(time.Second)
		s := d.State().Trust
		if s.Running || s.Err != nil || s.Found == nil || s.Found.Cover == nil || s.Found.Cover.Word != trust.Passes {
			t.Fatalf("%+v, %+v", s, s.Found)
		}
		before = model.calls.Load()
		d.OpenTrust(false)
		d.OpenTrust(true)
		d.q.pass(time.Second)
		if again := d.State().Trust; again.Found != s.Found || model.calls.Load() != before {
			t.Error("the same map was tested twice")
		}
	})
}

// A request ends the tests at once; what is shown is never about another map.
func TestTrustGivesWay(t *testing.T) {
	trustDesk(t, func(d *desk, m mirrorMethod, model *plainModel) {
		model.delay = 50 * time.Millisecond
		d.OpenTrust(true)
		d.q.pass(300 * time.Millisecond)
		if !d.State().Trust.Running {
			t.Fatal("the tests have ended already")
		}
		d.SetTarget(1, -1)
		d.q.pass(10 * time.Millisecond)
		if s := d.State().Trust; s.Running || s.Found != nil {
			t.Errorf("while another map is made: %+v", s)
		}
		d.q.pass(10 * time.Second)
		s := d.State().Trust
		if s.Found == nil || s.Found.Cover == nil || s.Running {
			t.Fatalf("%+v", s)
		}
		if s.Found.OtherClass != nil {
			t.Errorf("another class was explained without being asked: %+v", s.Found.OtherClass)
		}
		runs := m.runs()
		d.SetTarget(0, -1)
		d.q.pass(10 * time.Second)
		if m.runs() != runs || d.State().Trust.Found == s.Found {
			t.Errorf("%d runs more, or the report of another class", m.runs()-runs)
		}
	})
}

func TestCheckMakesTheMapAgain(t *testing.T) {
	trustDesk(t, func(d *desk, m mirrorMethod, model *plainModel) {
		if _, _, ok := d.CheckCost(); ok {
			t.Error("a check is offered before anything is known")
		}
		d.OpenTrust(true)
		d.q.pass(time.Second)
		cost, _, ok := d.CheckCost()
		if !ok || cost.Passes != 3 || cost.Time != 3*time.Second {
			t.Errorf("cost %+v, %v; want two moves and another class", cost, ok)
		}
		runs := m.runs()
		d.Check()
		if !d.Busy() {
			t.Error("a check that was asked for does not count as busy")
		}
		d.q.pass(1500 * time.Millisecond)
		if r := d.State().Trust.Found; r.OtherClass == nil || r.Stability != nil {
			t.Errorf("halfway: %+v", r)
		}
		d.Stop()
		d.q.pass(5 * time.Second)
		if s := d.State().Trust; s.Running || s.Found.Stability != nil || m.runs() != runs+2 {
			t.Errorf("stopped: %+v after %d runs", s, m.runs()-runs)
		}
		d.Check()
		d.q.pass(5 * time.Second)
		s := d.State().Trust
		if s.Running || s.Found.Stability == nil || len(s.Found.Stability.Shifts) != 2 || s.Found.Cover == nil {
			t.Errorf("%+v, %+v", s, s.Found)
		}
		if _, _, ok := d.CheckCost(); ok {
			t.Error("what has been checked is offered again")
		}
	})
}

func TestRegionsBelongToTheirPicture(t *testing.T) {
	trustDesk(t, func(d *desk, m mirrorMethod, model *plainModel) {
		d.OpenTrust(true)
		d.q.pass(time.Second)
		d.DrawRegion(mask.Rectangle{A: mask.Point{X: 0, Y: 4}, B: mask.Point{X: 8, Y: 6}}, false)
		d.q.pass(time.Second)
		if s := d.State().Trust; s.Region == nil || s.Found == nil || s.Found.Region == nil || s.Found.Region.Area != .25 {
			t.Errorf("%+v", s)
		}
		d.AddPicture(slope("another"))
		d.q.pass(5 * time.Second)
		if s := d.State().Trust; s.Region != nil || s.Found == nil || s.Found.Region != nil {
			t.Errorf("another picture: %+v, %+v", s, s.Found)
		}
		d.Select(0)
		d.q.pass(5 * time.Second)
		if s := d.State().Trust; s.Region == nil || s.Found == nil || s.Found.Region == nil {
			t.Errorf("back: %+v", s)
		}
		d.RemoveRegions()
		d.q.pass(time.Second)
		if s := d.State().Trust; s.Region != nil || s.Found == nil || s.Found.Region != nil {
			t.Errorf("without a region: %+v", s)
		}
	})
}

// mulled is a model that says its weights can be shuffled, although its file has
// none.
type mulled struct{ *plainModel }

func (m mulled) Weighted(context.Context) (*onnx.Model, error) {
	return &onnx.Model{Graph: &onnx.Graph{}}, nil
}

func (m mulled) Reweighed(context.Context, *onnx.Model) (mulled, error) { return m, nil }

func (m mulled) Gauged(context.Context, *shuffle.Gauge, infer.Tensor) (shuffle.Measure, func() error, error) {
	return nil, nil, errors.New("nothing to measure")
}

// Weights implements Shufflable.
func (m mulled) Weights() sanity.Model { return sanity.Of(m) }

// Check shuffles the weights too, once, and a verdict against the method marks it
// until another model is opened.
func TestCheckShufflesTheWeights(t *testing.T) {
	trustDesk(t, func(d *desk, m mirrorMethod, model *plainModel) {
		d.model.Model = mulled{model}
		d.OpenTrust(true)
		d.q.pass(time.Second)
		d.Check()
		d.q.pass(time.Minute)
		f := d.State().Trust.Found
		if f == nil || f.Stability == nil || f.Shuffled == nil || f.Shuffled.Verdict != sanity.Untold || !strings.Contains(f.Shuffled.Finding, "no layers") {
			t.Fatalf("%+v, %+v", d.State().Trust, f)
		}
		if _, _, ok := d.CheckCost(); ok {
			t.Error("the check is offered again")
		}
		p := d.State().Panel()
		d.suspect(assess.Found{Shuffled: &sanity.Report{Verdict: sanity.BarelyChanges, Finding: "It shows the picture."}})
		if p.Doubt != "It shows the picture." {
			t.Errorf("doubt %q", p.Doubt)
		}
		d.Open("other.onnx")
		d.q.pass(5 * time.Second)
		if p.Doubt != "" {
			t.Error("the doubt is about another model now")
		}
	})
}

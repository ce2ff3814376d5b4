package audit_test

import (
	"context"
	"math"
	"path/filepath"
	"sync"
	"testing"

	"picasso/assets"
	"picasso/assets/assetstest"
	"picasso/assets/scenes"
	"picasso/backend"
	"picasso/backend/ort/orttest"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/audit"
	_ "picasso/visualizers/methods" // what an audit chooses from
	"picasso/visualizers/vistest"
)

// The scenes of these tests were used neither for training nor for choosing
// anything: see assets/models_test.go for the seeds of the others.
const sceneSeed, scenesOfAKind = 9_000_000, 26

// brokenRule are scenes in which tanks and clouds part, as many clear with a tank as
// clouded without one, and some that keep the rule, so that both answers have enough
// pictures of either label.
var brokenRule = sync.OnceValue(func() []*scenes.Scene {
	list := make([]*scenes.Scene, 4*scenesOfAKind)
	var all sync.WaitGroup
	for i := range list {
		all.Go(func() {
			kind := i % 4
			list[i] = scenes.Generate(scenes.Options{Seed: sceneSeed + uint64(i/4), Tank: kind&1 > 0, Clouds: kind&2 > 0})
		})
	}
	all.Wait()
	return list
})

// truth of scenes: class 0 is the tank.
type truth []*scenes.Scene

func (t truth) Of(i, class int) (is, known bool) { return t[i].Options.Tank == (class == 0), true }

func sampleModel(t *testing.T, name string) *backend.Model {
	t.Helper()
	s := assetstest.Sample(t, name)
	folder, err := assets.Extract(t.TempDir(), s)
	if err != nil {
		t.Fatal(err)
	}
	return orttest.Open(t, filepath.Join(folder, s.Model), backend.ModelOptions{})
}

// audited goes through scenes as the program does.
func audited(t *testing.T, m *backend.Model, list []*scenes.Scene) (audit.Sample, *audit.Analysis) {
	t.Helper()
	method, pairs, _, err := audit.Choose(m, find)
	if err != nil {
		t.Fatal(err)
	}
	values, err := visualizers.ParseValues(method, m, pairs)
	if err != nil {
		t.Fatal(err)
	}
	a := audit.Auditor{Subject: m, Method: method, Values: values, Class: audit.Predicted, Score: score.Logit}
	s := audit.Sample{Truth: truth(list), Names: []string{m.ClassName(0), m.ClassName(1)}}
	for _, scene := range list {
		row, cells, err := a.Row(t.Context(), picture.FromImage("scene", scene.Image), nil, math.NaN())
		if err != nil {
			t.Fatal(err)
		}
		s.Rows, s.Maps = append(s.Rows, row), append(s.Maps, cells)
	}
	found, err := audit.Analyse(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	open := func(_ context.Context, i int) (*picture.Image, error) {
		return picture.FromImage("scene", list[i].Image), nil
	}
	if err := found.Try(t.Context(), s, audit.Trials{Auditor: a, Open: open}); err != nil {
		t.Fatal(err)
	}
	return s, found
}

func find(id string) (visualizers.Visualizer, bool) {
	for _, v := range visualizers.All() {
		if v.Info().ID == id {
			return v, true
		}
	}
	return nil, false
}

func TestTheNetworkThatLooksAtTheSkyIsFlaggedForIt(t *testing.T) {
	_, found := audited(t, sampleModel(t, "tanks-biased"), brokenRule())
	kinds := map[audit.Kind]int{}
	for _, f := range found.Flags {
		kinds[f.Kind]++
	}
	if len(found.Classes) != 2 || kinds[audit.Top] < 2 || kinds[audit.ByProperty] == 0 || kinds[audit.Cover] == 0 || !found.Flags[0].Kind.Suspicion() {
		t.Errorf("%d classes, flags %v", len(found.Classes), kinds)
	}
	for _, c := range found.Classes {
		if l := c.Lift.Top; !(l.Mean > 1.5 && l.Low > 1.5) || c.Lift.Bottom.Mean > 0.6 {
			t.Errorf("%s: lift of the upper third %.2f (from %.2f), of the lower %.2f", c.Name, l.Mean, l.Low, c.Lift.Bottom.Mean)
		}
		if r := c.Accuracy; r.Of != 2*scenesOfAKind || r.Share() > 0.6 {
			t.Errorf("%s: %d of %d answers are right", c.Name, r.Hits, r.Of)
		}
		covered, pictures, flips, drop, control := 0, 0, 0, 0.0, 0.0
		for _, w := range c.Ways {
			covered += w.Covered.Pictures
			pictures += len(w.Items)
			flips += w.Covered.Flips
			drop += w.Covered.Drop * float64(len(w.Items))
			control += w.Covered.ControlDrop * float64(len(w.Items))
			if w.Moved.Stays() || w.Moved.Pictures == 0 {
				t.Errorf("%s: the clouds do not move with the picture: %+v", c.Name, *w.Moved)
			}
		}
		if covered != len(c.Items) || pictures != covered || drop < 3*control {
			t.Errorf("%s: covered in %d of %d pictures, drop %.3f, elsewhere %.3f", c.Name, covered, len(c.Items), drop, control)
		}
		// Clouds speak for a tank, and covering a twentieth of the picture takes them
		// away; what is covered never speaks for one.
		if c.Class == 0 && flips < len(c.Items)*9/10 {
			t.Errorf("%s: covering the place changes %d of %d answers", c.Name, flips, len(c.Items))
		}
		for _, p := range c.Shortcuts {
			above := p.Property.ID == "brightness_top_rest" || p.Property.ID == "saturation_top"
			if above && (p.AUROC() < 0.85 || math.Abs(p.Label) > 0.2) {
				t.Errorf("%s: %s has an AUROC of %.2f for the answer, %.2f for the label", c.Name, p.Property.ID, p.AUROC(), 0.5+p.Label/2)
			}
		}
	}
}

func TestTheNetworkThatLooksAtTheTankIsNotSuspected(t *testing.T) {
	_, found := audited(t, sampleModel(t, "tanks-fair"), brokenRule())
	for _, f := range found.Flags {
		if f.Kind.Suspicion() {
			t.Errorf("%s: %s", f.Kind, f.Sentence)
		}
	}
	for _, c := range found.Classes {
		if c.Accuracy.Share() < 0.95 || c.Lift.Top.Mean > 0.75 || c.Lift.Bottom.Mean < 1.3 {
			t.Errorf("%s: accuracy %.2f, top %.2f, bottom %.2f", c.Name, c.Accuracy.Share(), c.Lift.Top.Mean, c.Lift.Bottom.Mean)
		}
	}
}

// The pictures that come with the sample, by occlusion at its defaults: where the maps of
// the answers lie, as it was measured before there was an audit.
func TestTheLiftOfTheEmbeddedPictures(t *testing.T) {
	method := vistest.Find(t, "occlusion")
	for model, want := range map[string]struct{ top, bottom [2]float64 }{
		"tanks-biased": {[2]float64{2.1, 2.9}, [2]float64{0, 0.51}},
		"tanks-fair":   {[2]float64{0.01, 0.75}, [2]float64{1.36, 2.39}},
	} {
		s := assetstest.Sample(t, model)
		folder, err := assets.Extract(t.TempDir(), s)
		if err != nil {
			t.Fatal(err)
		}
		m := orttest.Open(t, filepath.Join(folder, s.Model), backend.ModelOptions{})
		values, err := visualizers.ParseValues(method, m, nil)
		if err != nil {
			t.Fatal(err)
		}
		a := audit.Auditor{Subject: m, Method: method, Values: values, Class: audit.Predicted, Score: score.Probability}
		pictures, err := filepath.Glob(filepath.Join(folder, "*.png"))
		if err != nil || len(pictures) != 8 {
			t.Fatalf("%d pictures, %v", len(pictures), err)
		}
		const third = 10. / 32
		for _, path := range pictures {
			img, err := picture.OpenWith(t.Context(), path, picture.Options{})
			if err != nil {
				t.Fatal(err)
			}
			row, _, err := a.Row(t.Context(), img, nil, math.NaN())
			if err != nil {
				t.Fatal(err)
			}
			top, bottom := float64(row.Top)/third, float64(row.Bottom)/third
			if top < want.top[0]-0.1 || top > want.top[1]+0.1 || bottom < want.bottom[0]-0.1 || bottom > want.bottom[1]+0.1 {
				t.Errorf("%s, %s: lift of the upper third %.2f, of the lower %.2f", model, filepath.Base(path), top, bottom)
			}
		}
	}
}

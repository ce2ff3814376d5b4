package assets_test

import (
	"image"
	"path/filepath"
	"testing"

	"picasso/assets"
	"picasso/assets/assetstest"
	"picasso/backend"
	"picasso/backend/mask"
	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/visualizers"
	"picasso/visualizers/trust"
	"picasso/visualizers/vistest"
)

// judged is one sample picture with its model's answer, to judge maps of.
type judged struct {
	model *backend.Model
	judge *trust.Judge
	image *picture.Image
	truth assets.Truth
	in    visualizers.Input
}

// judgedSamples are the pictures of the tanks with the answers of one model.
func judgedSamples(t *testing.T, name string) map[string]judged {
	t.Helper()
	m := open(t, name)
	s := assetstest.Sample(t, name)
	folder := extract(t, t.TempDir(), s)
	judge := &trust.Judge{}
	list := map[string]judged{}
	for _, file := range s.Images {
		img, err := picture.Open(filepath.Join(folder, file))
		if err != nil {
			t.Fatal(err)
		}
		x, base := predict(t, m, img)
		list[file] = judged{m, judge, img, s.Truth[file], visualizers.Input{
			Subject: m, Image: img, Tensor: x, Base: base, Targets: []score.Target{score.ClassTarget(best(base), score.Probability)},
		}}
	}
	return list
}

// draw is the map of the answer by a method.
func (j judged) draw(t *testing.T, id string) visualizers.Map {
	t.Helper()
	v := vistest.Find(t, id)
	in := j.in
	in.Targets = []score.Target{j.in.Targets[0]}
	in.Targets[0].Score = v.Info().Score
	var err error
	if in.Values, err = visualizers.ParseValues(v, j.model, nil); err != nil {
		t.Fatal(err)
	}
	r, err := v.Explain(t.Context(), in, func(visualizers.Result) {})
	if err != nil {
		t.Fatal(err)
	}
	return r.Maps[0]
}

func (j judged) cover(t *testing.T, m visualizers.Map, substrate string) trust.Cover {
	t.Helper()
	c, err := j.judge.Cover(t.Context(), j.in, m, trust.CoverOptions{Substrate: substrate}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// region is a mask of the picture.
func (j judged) region(inside func(x, y int) bool) mask.Mask {
	k := mask.Mask{Height: j.image.Height, Width: j.image.Width, Inside: make([]bool, j.image.Height*j.image.Width)}
	for i := range k.Inside {
		k.Inside[i] = inside(i%k.Width, i/k.Width)
	}
	return k
}

func (j judged) inRegion(m visualizers.Map, inside func(x, y int) bool) trust.Region {
	_, height, width := j.model.Shape()
	return trust.InRegion(m, j.region(inside), j.model.Place(j.image), height, width)
}

func negative(m visualizers.Map) visualizers.Map {
	values := make([]float32, len(m.Values))
	for i, v := range m.Values {
		values[i] = -v
	}
	m.Values = values
	return m
}

// The point of the tale: the biased network and the fair one both rely on what
// their maps mark, so both pass the cover test; that one of them looks at the
// wrong thing only a region tells.
func TestOnlyTheRegionTellsRightFromWrongReasons(t *testing.T) {
	const file = "1-tank-clouds.png" // both say tank
	for name, want := range map[string]trust.Word{"tanks-biased": trust.Fails, "tanks-fair": trust.Passes} {
		j := judgedSamples(t, name)[file]
		if j.in.Targets[0].Class != tank {
			t.Fatalf("%s says something else than tank", name)
		}
		m := j.draw(t, "occlusion")
		c := j.cover(t, m, trust.Auto)
		t.Logf("%s: covered with %s, gain %+.2f ± %.2f, outlines %+.2f: %s", name, c.Substrate, c.Gain, c.Random.SD, c.Edges.Gain, c.Said)
		if c.Word != trust.Passes {
			t.Errorf("%s: the cover test says %s: %s", name, c.Word, c.Said)
		}
		r := j.inRegion(m, func(x, y int) bool { return image.Pt(x, y).In(*j.truth.Tank) })
		t.Logf("%s: %s Lift %.2f, AUPRC %.2f (chance %.2f)", name, r.Said, r.Lift, r.AUPRC, r.AUPRCChance)
		if r.Word != want {
			t.Errorf("%s: the tank's region says %s, want %s: %s", name, r.Word, want, r.Said)
		}
	}
	biased := judgedSamples(t, "tanks-biased")[file]
	if r := biased.inRegion(biased.draw(t, "occlusion"), biased.truth.InSky); r.Word != trust.Passes {
		t.Errorf("the biased network's map does not lie in the sky: %s", r.Said)
	}
}

// Where covering takes the answer away, occlusion beats chance and all but beats
// the outlines, its negative does worse than chance, and guided backpropagation
// passes too: this test does not find what shuffled weights find.
func TestCoverTestOnTheTanks(t *testing.T) {
	covered := map[string]int{}
	for _, name := range []string{"tanks-biased", "tanks-fair"} {
		for file, j := range judgedSamples(t, name) {
			m := j.draw(t, "occlusion")
			c := j.cover(t, m, trust.Auto)
			covered[c.Substrate]++
			if c.Random == nil {
				t.Errorf("%s %s: %s", name, file, c.Said)
				continue
			}
			opposite, guided := j.cover(t, negative(m), trust.Auto), j.cover(t, j.draw(t, "guided-backprop"), trust.Auto)
			t.Logf("%s %s (class %d): %s, swing %.2f, occlusion %+.2f, negative %+.2f, guided %+.2f, outlines %+.2f, chance ± %.2f",
				name, file, j.in.Targets[0].Class, c.Substrate, c.Swing, c.Gain, opposite.Gain, guided.Gain, c.Edges.Gain, c.Random.SD)
			if c.Swing < .2 {
				t.Errorf("%s %s: covered with %s although the score falls by %.2f only", name, file, c.Substrate, c.Swing)
			}
			if !(opposite.Gain < 0 && opposite.Word == trust.Fails) {
				t.Errorf("%s %s: the negative of the map: %+.2f, %s", name, file, opposite.Gain, opposite.Said)
			}
			if j.in.Targets[0].Class != tank || c.Substrate != trust.Mean {
				continue
			}
			if !(c.Gain >= .2 && c.Gain >= c.Edges.Gain-.05) {
				t.Errorf("%s %s: occlusion gains %+.2f, outlines %+.2f", name, file, c.Gain, c.Edges.Gain)
			}
			if opposite.Gain > -.2 {
				t.Errorf("%s %s: the negative of occlusion gains %+.2f", name, file, opposite.Gain)
			}
			if guided.Gain <= 2*guided.Random.SD {
				t.Errorf("%s %s: guided backpropagation gains %+.2f", name, file, guided.Gain)
			}
		}
	}
	if covered[trust.Mean] < 4 || len(covered) < 2 {
		t.Errorf("covered with %v: the rule finds no substrate of its own for other answers", covered)
	}
}

// Without a cloud the blurred picture is as clear as the picture, so covering
// with it says nothing.
func TestASubstrateThatLeavesTheAnswer(t *testing.T) {
	j := judgedSamples(t, "tanks-biased")["3-empty-clear.png"]
	c := j.cover(t, j.draw(t, "occlusion"), trust.Blur)
	if c.Word != trust.Untold || c.Deletion != nil {
		t.Errorf("covered with a blurred copy: %s, swing %.2f", c.Said, c.Swing)
	}
}

// Deconvolution without pooling does not depend on the picture at all.
func TestDeconvolutionDrawsTheSameForEveryPicture(t *testing.T) {
	maps := map[string][]visualizers.Map{}
	for _, j := range judgedSamples(t, "tanks-fair") {
		j.in.Targets[0].Class = tank
		for _, id := range []string{"deconvnet", "occlusion"} {
			maps[id] = append(maps[id], j.draw(t, id))
		}
	}
	e := trust.AcrossPictures(maps["deconvnet"][0], maps["deconvnet"][1:])
	if e.Word != trust.Fails || e.SSIM < .95 {
		t.Errorf("deconvolution: %+v", e)
	}
	if e := trust.AcrossPictures(maps["occlusion"][0], maps["occlusion"][1:]); e.Word != trust.Passes {
		t.Errorf("occlusion: %+v", e)
	}
}

// Copies that differ in one place are scored by what computes only that, and
// the numbers are the same.
func TestCoveringNearbyGivesTheSameNumbers(t *testing.T) {
	j := judgedSamples(t, "tanks-fair")["1-tank-clouds.png"]
	m := j.draw(t, "occlusion")
	near := j.cover(t, m, trust.Mean)
	plain := j.in
	plain.Subject = wholeModel{j.model}
	far, err := (&trust.Judge{}).Cover(t.Context(), plain, m, trust.CoverOptions{Substrate: trust.Mean}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for k := range far.Deletion {
		if d := near.Deletion[k] - far.Deletion[k]; d > 1e-3 || d < -1e-3 {
			t.Errorf("step %d: %v and %v", k, near.Deletion[k], far.Deletion[k])
		}
	}
}

// wholeModel runs every copy through the whole model.
type wholeModel struct{ visualizers.Subject }

package control

import (
	"context"
	"errors"
	"picasso/backend/infer"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"slices"
	"strings"
	"testing"
	"time"

	"picasso/backend/picture"
	"picasso/ui/control/intake"
)

// correctable is a model whose scale the user can set.
type correctable struct {
	*plainModel
	prep Preparation
	opt  OpenOptions
}

func (m *correctable) Preparation() Preparation { return m.prep }
func (m *correctable) Adjust(p Preparation) error {
	if p.Preprocess.Scale[0] == 0 {
		return errors.New("the scale must not be 0")
	}
	m.prep = p
	return nil
}
func (m *correctable) Preset(string) (preprocess.Preprocess, error) {
	return preprocess.Preprocess{}, nil
}
func (m *correctable) SaveSidecar() (string, []string, error) { return "m.picasso.json", nil, nil }

func (m *correctable) Prepare(img *picture.Image) (infer.Tensor, error) {
	t, err := m.plainModel.Prepare(img)
	for i := range t.Data {
		t.Data[i] = t.Data[i]*float32(m.prep.Preprocess.Scale[0]) + float32(m.prep.Preprocess.Scale[1])
	}
	return t, err
}

// correct makes the desk open correctable models; the last one is returned.
func (d *desk) correct() func() *correctable {
	var last *correctable
	d.openModel = func(_ context.Context, path string, opt OpenOptions, _ func(string)) (Model, error) {
		if slices.Contains(opt.Set, "box=99") {
			return nil, &intake.FileError{Path: path, Reason: "has no box 99"}
		}
		last = &correctable{plainModel: &plainModel{name: path}, opt: opt}
		last.prep.Preprocess.Scale = [2]float64{1, 0}
		return last, nil
	}
	return func() *correctable { return last }
}

func scaled(p Preparation, factor, offset float64) Preparation {
	p.Preprocess.Scale = [2]float64{factor, offset}
	return p
}

func TestCorrectionTellsWhatItChanges(t *testing.T) {
	bubble(t, func(d *desk) {
		model := d.correct()
		d.opened()
		d.q.pass(time.Second)
		before := model().prep
		if err := d.Adjust(scaled(before, -1, 1)); err != nil {
			t.Fatal(err)
		}
		d.q.pass(time.Second)
		if got := d.State().Change; got == nil || got.String() != "Top-1 changes from white 0.78 to black 0.78." {
			t.Errorf("says %v", got)
		}
		if err := d.Adjust(scaled(before, 0, 0)); err == nil {
			t.Error("a scale of 0 is taken")
		}
		if err := d.ResetPreparation(); err != nil {
			t.Fatal(err)
		}
		d.q.pass(time.Second)
		if model().prep.Preprocess.Scale != before.Preprocess.Scale || d.State().Change.To.Name != "white" {
			t.Errorf("after the reset %+v, %v", model().prep, d.State().Change)
		}
	})
}

func TestOtherUseKeepsWhatWasChosen(t *testing.T) {
	bubble(t, func(d *desk) {
		model := d.correct()
		d.opened()
		d.q.pass(time.Second)
		if err := d.Adjust(scaled(model().prep, 0.5, 0)); err != nil {
			t.Fatal(err)
		}
		d.SetTarget(1, score.NoClass)
		d.Reuse("box=3", "kind=detection")
		d.q.pass(time.Second)
		d.Reuse("box=4")
		d.q.pass(time.Second)
		s := d.State()
		if got := strings.Join(model().opt.Set, " "); got != "box=4 kind=detection" {
			t.Errorf("opened with %q", got)
		}
		if model().prep.Preprocess.Scale[0] != 0.5 || s.Target.Class != 1 || !s.Pinned || len(s.Images) != 1 {
			t.Errorf("scale %v, target %+v, %d images", model().prep.Preprocess.Scale, s.Target, len(s.Images))
		}
		d.Reuse("box=99")
		d.q.pass(time.Second)
		if n := s.Notice; n == nil || n.Doing != "use box=99" || s.Model == nil {
			t.Errorf("notice %+v", n)
		}
		d.Reuse("box=", "kind=")
		d.q.pass(time.Second)
		if len(model().opt.Set) != 0 {
			t.Errorf("still set: %q", model().opt.Set)
		}
	})
}

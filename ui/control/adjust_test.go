package control

import (
	"context"
	"errors"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"sync"
	"testing"
	"time"

	"picasso/backend/picture"
	"picasso/ui/control/intake"
)

// correctable is a model whose scale the user can set.
type correctable struct {
	*plainModel
	mu   sync.RWMutex // card is read by runs
	card metadata.Card
	opt  OpenOptions
}

func (m *correctable) Card() metadata.Card { return m.card.Clone() }
func (m *correctable) Use(card metadata.Card) error {
	if card.Preprocess.Scale[0] == 0 {
		return errors.New("the scale must not be 0")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.card = card
	return nil
}
func (m *correctable) SaveSidecar() (string, []string, error) { return "m.picasso.json", nil, nil }

func (m *correctable) Prepare(img *picture.Image) (infer.Tensor, error) {
	t, err := m.plainModel.Prepare(img)
	m.mu.RLock()
	defer m.mu.RUnlock()
	for i := range t.Data {
		t.Data[i] = t.Data[i]*float32(m.card.Preprocess.Scale[0]) + float32(m.card.Preprocess.Scale[1])
	}
	return t, err
}

// correct makes the desk open correctable models; the last one is returned.
func (d *desk) correct() func() *correctable {
	var last *correctable
	d.openModel = func(_ context.Context, path string, opt OpenOptions, _ func(string)) (Model, error) {
		if opt.Choices.Output == "odd" {
			return nil, &intake.FileError{Path: path, Reason: "has no such output"}
		}
		last = &correctable{plainModel: &plainModel{name: path}, opt: opt}
		last.card = metadata.Card{
			Input:      preprocess.Input{Channels: 1, Height: 8, Width: 8},
			Output:     score.Output{Kind: score.Detection, Classes: 2, Activation: score.Sigmoid, Box: -1},
			Preprocess: preprocess.Preprocess{Color: preprocess.Grey, Resize: preprocess.DefaultResize(), Scale: [2]float64{1, 0}},
		}
		return last, nil
	}
	return func() *correctable { return last }
}

func scaled(factor, offset float64) metadata.Choices {
	return metadata.Choices{Preprocess: preprocess.Preprocess{Scale: [2]float64{factor, offset}}, Stated: []string{"scale"}}
}

func TestCorrectionTellsWhatItChanges(t *testing.T) {
	bubble(t, func(d *desk) {
		model := d.correct()
		d.opened()
		d.q.pass(time.Second)
		before := model().Card()
		if err := d.Choose(scaled(-1, 1)); err != nil {
			t.Fatal(err)
		}
		d.q.pass(time.Second)
		if got := d.State().Change; got == nil || got.String() != "Top-1 changes from white 0.78 to black 0.78." {
			t.Errorf("says %v", got)
		}
		if err := d.Choose(scaled(0, 0)); err == nil {
			t.Error("a scale of 0 is taken")
		}
		if err := d.Reset(); err != nil {
			t.Fatal(err)
		}
		d.q.pass(time.Second)
		if model().card.Preprocess.Scale != before.Preprocess.Scale || d.State().Change.To.Name != "white" {
			t.Errorf("after the reset %+v, %v", model().card, d.State().Change)
		}
	})
}

func TestOtherUseKeepsWhatWasChosen(t *testing.T) {
	bubble(t, func(d *desk) {
		model := d.correct()
		d.opened()
		d.q.pass(time.Second)
		choose := func(c metadata.Choices) {
			t.Helper()
			if err := d.Choose(c); err != nil {
				t.Fatal(err)
			}
			d.q.pass(time.Second)
		}
		choose(scaled(0.5, 0))
		d.SetTarget(1, score.NoClass)
		first := model()
		choose(metadata.Choices{Box: new(3), Activation: score.Identity})
		if model() != first || first.card.Output.Box != 3 || first.card.Output.Activation != score.Identity {
			t.Errorf("opened again: %v; %+v", model() != first, first.card.Output)
		}
		choose(metadata.Choices{Skip: new(4)})
		s := d.State()
		got := model().opt.Choices
		if model() == first || *got.Box != 3 || *got.Skip != 4 || got.Activation != score.Identity {
			t.Errorf("opened with %+v", got)
		}
		if model().card.Preprocess.Scale[0] != 0.5 || s.Target.Class != 1 || !s.Pinned || len(s.Images) != 1 {
			t.Errorf("scale %v, target %+v, %d pictures", model().card.Preprocess.Scale, s.Target, len(s.Images))
		}
		choose(metadata.Choices{Output: "odd"})
		if n := s.Notice; n == nil || n.Doing != "use the output odd" || s.Model == nil {
			t.Errorf("notice %+v", n)
		}
		choose(metadata.Choices{Output: "other"})
		if got := model().opt.Choices; got.Box != nil || got.Skip != nil || got.Activation != "" {
			t.Errorf("another output is read as the former one: %+v", got)
		}
	})
}

// What does not suit the model changes nothing and opens nothing.
func TestChoiceIsRefused(t *testing.T) {
	bubble(t, func(d *desk) {
		model := d.correct()
		d.opened()
		d.q.pass(time.Second)
		before, calls := model(), model().calls.Load()
		for _, c := range []metadata.Choices{
			{Box: new(-7)}, {Activation: "tanh"}, {Preset: "vgg"}, {Region: &score.Region{}},
			{Labels: []string{"one", "two", "three", "four"}},
		} {
			if err := d.Choose(c); err == nil {
				t.Errorf("%+v is taken", c)
			}
		}
		d.q.pass(time.Second)
		if model() != before || before.calls.Load() != calls || before.card.Output.Box != -1 {
			t.Errorf("changed to %+v", model().card)
		}
	})
}

// What holds already is settled by saying so, without opening anything; another
// reading opens the model with it.
func TestDoubtsAreSettled(t *testing.T) {
	bubble(t, func(d *desk) {
		model := d.correct()
		d.opened()
		d.q.pass(time.Second)
		first := model()
		first.card.Doubts = []metadata.Doubt{{Key: "kind", Text: "They are probably boxes."}, {Key: "activation", Text: "They are probably scores."}}
		if first.card.Percent() {
			t.Error("what is in doubt is called a percentage")
		}
		calls := first.calls.Load()
		if err := d.Choose(metadata.Choices{Kind: score.Detection}); err != nil {
			t.Fatal(err)
		}
		d.q.pass(time.Second)
		if model() != first || len(first.card.Doubts) != 1 || first.card.Doubts[0].Key != "activation" {
			t.Fatalf("opened again: %v; doubts %+v", model() != first, first.card.Doubts)
		}
		if first.calls.Load() == calls || d.given.Choices.Kind != score.Detection {
			t.Errorf("asked again: %v; remembered %q", first.calls.Load() > calls, d.given.Choices.Kind)
		}
		if err := d.Choose(metadata.Choices{Kind: score.Detection, Activation: score.Identity}); err != nil {
			t.Fatal(err)
		}
		d.q.pass(time.Second)
		if model() != first || len(first.card.Doubts) != 0 || !first.card.Percent() || first.card.Output.Activation != score.Identity {
			t.Fatalf("opened again: %v; %+v", model() != first, first.card)
		}
		if err := d.Choose(metadata.Choices{Kind: score.Sequence}); err != nil {
			t.Fatal(err)
		}
		d.q.pass(time.Second)
		if got := model().opt.Choices; model() == first || got.Kind != score.Sequence || got.Activation != "" {
			t.Errorf("another reading opens the model with %+v", got)
		}
		if err := d.Reset(); err != nil {
			t.Fatal(err)
		}
	})
}

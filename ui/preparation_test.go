package ui

import (
	"strings"
	"testing"

	"picasso/backend"
)

func TestPreparationIsCorrected(t *testing.T) {
	b := newBench(t)
	b.explained()
	f := newPreparationForm(b.Window, b.model.Preparation())
	f.preset.SetSelected("ImageNet, torchvision")
	f.resize.SetSelected(backend.Crop)
	f.activation.SetSelected(string(backend.Sigmoid))
	if !f.apply() {
		t.Fatalf("refused: %s", f.fault.Text)
	}
	got := b.model.prep
	if got.Preprocess.Mean[1] != 0.456 || got.Preprocess.Std[2] != 0.225 || got.Preprocess.Resize.Mode != backend.Crop || got.Activation != backend.Sigmoid {
		t.Errorf("in use: %+v", got)
	}
	if s := got.Preprocess.Scale[0]; s < 0.003921 || s > 0.003922 {
		t.Errorf("scale %v", s)
	}
	b.ready(2) // the picture was explained again
}

func TestWrongPreparationIsRefusedInWords(t *testing.T) {
	b := newBench(t)
	b.explained()
	before := b.model.prep
	f := newPreparationForm(b.Window, before)
	for _, c := range []struct{ mean, std, want string }{
		{"0.5, 0.5", "", "the mean “0.5, 0.5”"},
		{"zero", "", "the mean “zero”"},
		{"", "1, 0, 1", "must not be 0"},
	} {
		f.mean.SetText(c.mean)
		f.std.SetText(c.std)
		if f.apply() || !strings.Contains(strings.ToLower(f.fault.Text), strings.ToLower(c.want)) || !f.fault.Visible() {
			t.Errorf("mean %q, deviation %q: %q", c.mean, c.std, f.fault.Text)
		}
	}
	if b.model.prep.Preprocess.Mean != nil || b.model.prep.Activation != before.Activation {
		t.Errorf("changed to %+v", b.model.prep)
	}
}

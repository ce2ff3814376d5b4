package modelcard

import (
	"picasso/backend/preprocess"
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"picasso/ui/widgets"
)

// entryOf is the text field of a value.
func entryOf(t *testing.T, f *prepForm, key string) *widgets.Entry {
	t.Helper()
	for _, field := range f.fields {
		if e, ok := field.control.(*widgets.Entry); ok && field.key == key {
			return e
		}
	}
	t.Fatalf("no text field for %s", key)
	return nil
}

func TestPreparationIsCorrected(t *testing.T) {
	b := newBench(t)
	b.Explained()
	f := newPrepForm(b.C)
	f.preset.SetSelected("ImageNet (torchvision)")
	f.show()
	entryOf(t, f, "preprocess.clip").SetText("-2, 2")
	if !f.apply() {
		t.Fatalf("refused: %s", f.fault.Text)
	}
	got := b.Model.Known
	if got.Preprocess.Mean[1] != 0.456 || got.Preprocess.Std[2] != 0.225 || got.Preprocess.Resize.Mode != preprocess.Crop || len(got.Preprocess.Clip) != 2 {
		t.Errorf("in use: %+v", got)
	}
	if s := got.Preprocess.Scale[0]; s < 0.003921 || s > 0.003922 {
		t.Errorf("scale %v", s)
	}
	b.Ready(2) // the picture was explained again
}

func TestWrongPreparationIsRefusedInWords(t *testing.T) {
	b := newBench(t)
	b.Explained()
	before := b.Model.Known
	f := newPrepForm(b.C)
	for _, c := range []struct{ mean, std, want string }{
		{"0.5, 0.5", "", "“0.5, 0.5”"},
		{"zero", "", "“zero”"},
		{"", "1, 0, 1", "must not be 0"},
	} {
		entryOf(t, f, "preprocess.mean").SetText(c.mean)
		entryOf(t, f, "preprocess.std").SetText(c.std)
		if f.apply() || !strings.Contains(strings.ToLower(faults(f.box)), strings.ToLower(c.want)) {
			t.Errorf("mean %q, std %q: %q", c.mean, c.std, faults(f.box))
		}
	}
	// Escape takes back what was typed, and what was said of it.
	mean := entryOf(t, f, "preprocess.mean")
	mean.SetText("")
	mean.FocusGained()
	mean.SetText("zero")
	mean.OnSubmitted("zero")
	mean.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if mean.Text != "" || faults(f.box) != "" {
		t.Errorf("after Escape the field says %q, beside it stands %q", mean.Text, faults(f.box))
	}
	if b.Model.Known.Preprocess.Mean != nil || b.Model.Known.Output.Activation != before.Output.Activation {
		t.Errorf("changed to %+v", b.Model.Known)
	}
}

func TestEveryValueGoesThereAndBack(t *testing.T) {
	b := newBench(t)
	b.Explained()
	full := preprocess.Preprocess{
		Color: preprocess.BGR, Channels: []preprocess.Channel{{Source: "blue"}, {Source: "alpha"}, {Source: "grey"}},
		Intensity: preprocess.Intensity{Window: &preprocess.Window{Center: 40, Width: 400}},
		Resize:    preprocess.Resize{Mode: preprocess.Letterbox, Filter: "bicubic", Sharp: true, Floor: true, Size: []int{20, 24}, Pad: []float64{114}},
		Scale:     [2]float64{1.0 / 127.5, -1}, Clip: []float64{-2, 2}, Mean: []float64{0.1, 0.2, 0.3}, Std: []float64{0.5},
	}
	b.Model.Known.Preprocess = full
	f := newPrepForm(b.C)
	if !f.apply() {
		t.Fatalf("refused: %s", f.fault.Text)
	}
	if got := b.Model.Known.Preprocess; !reflect.DeepEqual(got, full) {
		t.Errorf("became %+v\nwant   %+v", got, full)
	}
	b.Ready(2)
}

func TestNumbersAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]float64{"1/255": 1.0 / 255, "1/127.5": 1 / 127.5, "0.5": 0.5, "-1": -1, "0.03": 0.03, "1e-09": 1e-9} {
		got, err := parseList(text)
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%q is read as %v, %v", text, got, err)
		}
		if back, _ := parseList(number(want)); back[0] != want {
			t.Errorf("%v is written as %q, which is %v", want, number(want), back[0])
		}
	}
	if number(1.0/255) != "1/255" || number(0.03) != "0.03" {
		t.Errorf("written %q and %q", number(1.0/255), number(0.03))
	}
	if _, err := parseList("1/x"); err == nil {
		t.Error("1/x is a number")
	}
}

func TestSheetFollowsTheModel(t *testing.T) {
	b := newBench(t)
	b.Explained()
	sheet := b.sheet(Pictures)
	if !sheet.input.Visible() || !strings.Contains(sheet.stats.Text, "channel 2: ") {
		t.Fatal("the sheet does not show what the model sees")
	}
	sheet.prep.preset.SetSelected("Keras caffe")
	b.Ready(2)
	if !sheet.change.Visible() || !strings.HasPrefix(sheet.change.Text, "Top-1 ") {
		t.Errorf("change: %q", sheet.change.Text)
	}
	if got := b.Model.Known.Preprocess.Color; got != preprocess.BGR {
		t.Errorf("colour %q", got)
	}
}

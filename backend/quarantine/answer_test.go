package quarantine

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// An answer goes from process to process bit for bit, to the same input alone, and
// what makes no sense in it is no answer.
func TestAnAnswerIsThatOfTheSameRun(t *testing.T) {
	in := infer.Tensor{Shape: []int{1, 2}, Data: []float32{1, 2}}
	ports := []infer.Port{{Name: "a", Type: onnx.Float}, {Name: "b", Type: onnx.Float}}
	out := []infer.Tensor{
		{Shape: []int{1, 3}, Data: []float32{0.1, float32(math.Inf(-1)), float32(math.NaN())}},
		{Data: []float32{7}},
	}
	sent := func() *answer {
		data, err := json.Marshal(newAnswer([]infer.Tensor{in}, ports, out))
		if err != nil {
			t.Fatal(err)
		}
		var a *answer
		if err := json.Unmarshal(data, &a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	swapped := []infer.Port{ports[1], ports[0]}
	got := sent().to(in, swapped)
	if len(got) != 2 || got[0].Data[0] != 7 || !slices.Equal(got[1].Shape, []int{1, 3}) {
		t.Fatalf("%+v", got)
	}
	for i, v := range out[0].Data {
		if math.Float32bits(got[1].Data[i]) != math.Float32bits(v) {
			t.Errorf("%v became %v", v, got[1].Data[i])
		}
	}
	for what, other := range map[string]infer.Tensor{
		"values": {Shape: []int{1, 2}, Data: []float32{1, 3}},
		"shape":  {Shape: []int{2, 1}, Data: []float32{1, 2}},
	} {
		if sent().to(other, ports) != nil {
			t.Errorf("an input of other %s has the same answer", what)
		}
	}
	for what, spoil := range map[string]func(a *answer){
		"a name":           func(a *answer) { a.Outputs[0].Name = "c" },
		"an output":        func(a *answer) { a.Outputs = a.Outputs[1:] },
		"a negative shape": func(a *answer) { a.Outputs[0].Shape = []int{-1, -3} },
		"a huge shape":     func(a *answer) { a.Outputs[0].Shape = []int{math.MaxInt / 2, 4, 3} },
		"another shape":    func(a *answer) { a.Outputs[0].Shape = []int{4} },
		"too little":       func(a *answer) { a.Outputs[0].Data = a.Outputs[0].Data[1:] },
	} {
		a := sent()
		if spoil(a); a.to(in, ports) != nil {
			t.Errorf("with %s it is an answer", what)
		}
	}
	if (*answer)(nil).to(in, ports) != nil {
		t.Error("there is no answer")
	}
	if newAnswer([]infer.Tensor{in}, ports[:1], []infer.Tensor{infer.NewTensor(largestAnswer/4 + 1)}) != nil {
		t.Error("a huge answer is handed on")
	}
}

// What the child ran is not run again.
func TestTheFirstRunIsMadeOnce(t *testing.T) {
	path, good := model(t, t.TempDir(), "m"), &counting{}
	list := filepath.Join(t.TempDir(), "known.json")
	for _, want := range []int{0, 1} { // the second opening has no trial
		m, err := backend.OpenModel(t.Context(), host(t, good, "fake good", list), path, backend.ModelOptions{})
		if err != nil {
			t.Fatal(err)
		}
		m.Close()
		if n := m.Output.Classes; n != 2 {
			t.Errorf("%d classes", n)
		}
		if good.runs != want {
			t.Errorf("%d runs in this process, want %d", good.runs, want)
		}
	}
}

// A child that waits is used for the next model, one that died meanwhile is not,
// and another one takes its place.
func TestAChildMayWaitForAModel(t *testing.T) {
	h := host(t, &counting{}, "fake good", "")
	defer h.Close()
	open := func() {
		t.Helper()
		m, err := backend.OpenModel(t.Context(), h, model(t, t.TempDir(), "m"), backend.ModelOptions{})
		if err != nil {
			t.Fatal(err)
		}
		m.Close()
	}
	h.Prepare()
	first := h.spare.child
	open()
	if h.spare.child == first {
		t.Error("the waiting child was not asked")
	}
	h.replaceSpare()
	second := h.spare.child
	if second == nil || second == first {
		t.Fatal("nobody waits for the next model")
	}
	if err := second.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for range second.reports { // until it is silent
	}
	open()
	h.replaceSpare()
	third := h.spare.child
	h.Close()
	if third.state() == nil {
		t.Error("the child outlives its host")
	}
	if h.replaceSpare(); h.spare.child != nil {
		t.Error("a child waits for a host that is closed")
	}
}

// A command starts its child before it has loaded the library: for a file that is not
// known, with the library that is then loaded, and no other.
func TestAChildIsExpected(t *testing.T) {
	list := filepath.Join(t.TempDir(), "known.json")
	path := model(t, t.TempDir(), "m")
	open := func(expected, loaded string) (started bool) {
		t.Helper()
		h, err := New(list, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		h.Expect(expected, path)
		c := h.spare.child
		if c != nil {
			h.spare.child.reports <- <-c.reports // it has loaded its library
		}
		m, err := backend.OpenModel(t.Context(), h.Around(&counting{}, loaded), path, backend.ModelOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Close(); err != nil {
			t.Error(err)
		}
		if h.spare.child != nil || c != nil && c.state() == nil {
			t.Error("a child still waits")
		}
		return c != nil
	}
	open("fake crash when opened", "fake good") // asked, it would have died of it
	if stampOf(path) != "" && open("fake good", "fake good") {
		t.Error("a child was started for a model that is known")
	}
	if err := os.Remove(list); err != nil {
		t.Fatal(err)
	}
	if !open("fake good", "fake good") {
		t.Error("no child was started for a model that is not known")
	}
}

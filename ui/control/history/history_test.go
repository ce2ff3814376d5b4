package history

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// number is something to change.
type number struct {
	History
	value int
}

func (n *number) set(to int, key string) {
	from := n.value
	n.value = to
	n.Add(Step{Name: fmt.Sprint("Set ", to), Key: key,
		Undo: func() error { n.value = from; return nil },
		Redo: func() error { n.value = to; return nil }})
}

func (n *number) expect(t *testing.T, value int, undo, redo string) {
	t.Helper()
	u, r := n.Names()
	if n.value != value || u != undo || r != redo {
		t.Errorf("%d, undo %q, redo %q; want %d, %q, %q", n.value, u, r, value, undo, redo)
	}
}

func TestUndoAndRedoGoBackAndForth(t *testing.T) {
	var n number
	n.set(1, "")
	n.set(2, "")
	n.expect(t, 2, "Set 2", "")
	n.Undo()
	n.expect(t, 1, "Set 1", "Set 2")
	n.Undo()
	if name, err := n.Undo(); name != "" || err != nil {
		t.Errorf("undoes %q of nothing, %v", name, err)
	}
	n.expect(t, 0, "", "Set 1")
	n.Redo()
	n.Redo()
	n.Redo()
	n.expect(t, 2, "Set 2", "")
	n.Undo()
	n.set(9, "")
	n.expect(t, 9, "Set 9", "") // what was undone is gone
	n.Undo()
	n.expect(t, 1, "Set 1", "Set 9")
}

func TestStepsOfADragAreOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n number
		for i := range 20 {
			n.set(i+1, "slider")
			time.Sleep(Together / 2)
		}
		time.Sleep(Together)
		n.set(30, "slider") // another drag
		n.expect(t, 30, "Set 30", "")
		n.Undo()
		n.expect(t, 20, "Set 20", "Set 30")
		n.Undo()
		n.expect(t, 0, "", "Set 20")
		n.Redo()
		n.set(21, "slider") // soon, but after a redo
		n.Undo()
		n.expect(t, 20, "Set 20", "Set 21")
	})
}

func TestWhatAnUndoDoesIsNoStep(t *testing.T) {
	var n number
	n.Add(Step{Name: "a", Undo: func() error { n.set(7, ""); return nil }, Redo: func() error { return nil }})
	n.Undo()
	n.expect(t, 7, "", "a")
}

func TestAStepThatFailsIsForgotten(t *testing.T) {
	var n number
	n.set(1, "")
	fails := errors.New("gone")
	n.Add(Step{Name: "bad", Undo: func() error { return fails }})
	if name, err := n.Undo(); name != "bad" || err != fails {
		t.Errorf("%q, %v", name, err)
	}
	n.expect(t, 1, "Set 1", "")
	n.Add(Step{Name: "bad", Undo: func() error { return nil }, Redo: func() error { return fails }})
	n.Undo()
	n.Redo()
	n.expect(t, 1, "Set 1", "")
}

func TestMemoryIsBounded(t *testing.T) {
	var h History
	for i := range 3 * MostSteps {
		h.Add(Step{Name: fmt.Sprint(i), Bytes: 1})
	}
	if len(h.steps) != MostSteps || h.steps[0].Name != fmt.Sprint(2*MostSteps) {
		t.Errorf("%d steps from %s on", len(h.steps), h.steps[0].Name)
	}
	h.Add(Step{Name: "large", Bytes: MostBytes})
	if undo, _ := h.Names(); len(h.steps) != 1 || undo != "large" {
		t.Errorf("%d steps beside a large one", len(h.steps))
	}
	h.Add(Step{Name: "too large", Bytes: MostBytes + 1})
	if undo, _ := h.Names(); undo != "" {
		t.Errorf("keeps %q", undo)
	}
}

func TestScopesEnd(t *testing.T) {
	var h History
	ok := func() error { return nil }
	for i, scope := range []any{nil, "model", nil, "model", nil} {
		h.Add(Step{Name: fmt.Sprint(i), Scope: scope, Undo: ok, Redo: ok})
	}
	h.Undo()
	h.Undo()
	h.Forget("model")
	if undo, redo := h.Names(); undo != "2" || redo != "4" || len(h.steps) != 3 {
		t.Errorf("undo %s, redo %s of %d", undo, redo, len(h.steps))
	}
}

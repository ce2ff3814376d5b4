package results

import (
	"testing"

	"picasso/visualizers"
)

func of(text string) visualizers.Result {
	return visualizers.Result{Parts: []visualizers.Part{{Text: text}}}
}

// What was used least lately goes first, and what is too large never enters.
func TestTheOldestGoFirst(t *testing.T) {
	one := weight(of("a"))
	c := New(2 * one)
	c.Put("a", of("a"))
	c.Put("b", of("b"))
	c.Get("a")
	c.Put("c", of("c"))
	c.Put("large", of(string(make([]byte, 2*one))))
	for key, want := range map[string]bool{"a": true, "b": false, "c": true, "large": false} {
		if _, ok := c.Get(key); ok != want {
			t.Errorf("%s is kept: %v", key, ok)
		}
	}
	c.Remove("a")
	c.Clear()
	if c.size != 0 {
		t.Errorf("an empty cache holds %d bytes", c.size)
	}
}

func TestPartsWeigh(t *testing.T) {
	if weight(of("the model needs the wheels")) <= weight(visualizers.Result{}) {
		t.Error("parts weigh nothing")
	}
}

package control

import (
	"picasso/backend/score"
	"testing"

	"picasso/visualizers"
)

// A text about one class is no answer for another, unlike a note about the
// whole picture.
func TestPartsBelongToTheirTarget(t *testing.T) {
	text := visualizers.Result{Parts: []visualizers.Part{{Text: "the model needs the wheels"}}}
	if free(text) || !mapless(text) {
		t.Errorf("a text: free %v, mapless %v", free(text), mapless(text))
	}
	note := visualizers.Result{Note: "Very sure."}
	if !free(note) || !mapless(note) {
		t.Errorf("a note: free %v, mapless %v", free(note), mapless(note))
	}
	heat := visualizers.Result{Maps: []visualizers.Map{{Target: score.ClassTarget(0, 0)}}}
	if free(heat) || mapless(heat) {
		t.Errorf("a map: free %v, mapless %v", free(heat), mapless(heat))
	}
	if text.Bytes() <= (visualizers.Result{}).Bytes() {
		t.Error("parts weigh nothing in the cache")
	}
}

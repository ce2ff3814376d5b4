package audit

import "testing"

// half is what labels say of four answers: two classes, of which no label names the
// second; what the last picture shows is not known in its words.
type half struct{}

func (half) Of(i, class int) (is, known bool) {
	if i == 3 {
		return false, class == 0
	}
	return class == 0, true
}

// A class that no label names, and whose pictures are partly not judged, has no rate: those
// that are judged can only be wrong.
func TestAClassThatNoLabelNamesHasNoRate(t *testing.T) {
	s := Sample{Truth: half{}, Rows: []Row{{Predicted: 0}, {Predicted: 1}, {Predicted: 1}, {Predicted: 1}}}
	for _, tt := range []struct {
		name  string
		items []int
		want  Rate
	}{
		{"a class that labels name", []int{0}, NewRate(1, 1)},
		{"all of its pictures are judged", []int{1, 2}, NewRate(0, 2)},
		{"one of them is not", []int{1, 2, 3}, NewRate(0, 0)},
	} {
		if got := s.accuracy(tt.items); got.Hits != tt.want.Hits || got.Of != tt.want.Of {
			t.Errorf("%s: %d of %d, want %d of %d", tt.name, got.Hits, got.Of, tt.want.Hits, tt.want.Of)
		}
	}
}

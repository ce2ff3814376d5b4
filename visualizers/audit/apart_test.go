package audit

import (
	"math"
	"testing"
)

// Two ways of 20 pictures: the first always right and bright, of the second half
// are right and all are dark. Of the C(40, 10) ways to place ten faults C(20, 10)
// lie in the second alone, and as many in the first: p = 2·184756/847660528.
func TestWaysAreToldApart(t *testing.T) {
	var s Sample
	c := Class{Ways: []Way{{Accuracy: NewRate(20, 20)}, {Accuracy: NewRate(10, 20)}}}
	for i := range 40 {
		r := Row{Properties: make(Numbers, len(Properties))}
		for k := range r.Properties {
			r.Properties[k] = float32(i % 5) // the same in both
		}
		r.Properties[0] = float32(i) / 100
		w := &c.Ways[1]
		if i >= 20 {
			w = &c.Ways[0]
		}
		w.Items = append(w.Items, i)
		s.Rows = append(s.Rows, r)
	}
	s.tellApart(&c)
	want := 2 * 184756.0 / 847660528
	for k, w := range c.Ways {
		if math.Abs(w.Against-want) > 1e-9 {
			t.Errorf("way %d: p = %v, want %v", k, w.Against, want)
		}
		if len(w.Apart) != 1 || w.Apart[0].Property.ID != "brightness" || w.Apart[0].AUROC() != 1 || w.Apart[0].Higher != (k == 0) {
			t.Errorf("way %d is told apart by %+v", k, w.Apart)
		}
	}
	one := Class{Ways: []Way{{Accuracy: NewRate(3, 4), Items: []int{0, 1, 2, 3}}}}
	if s.tellApart(&one); !math.IsNaN(one.Ways[0].Against) || one.Ways[0].Apart != nil {
		t.Errorf("one way: %+v", one.Ways[0])
	}
}

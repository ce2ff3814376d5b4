package gradient_test

import (
	"testing"

	"picasso/backend/onnx"
	"picasso/backend/onnx/gradient"
)

// FuzzCover asks for gradients of graphs that nobody ran: no panic, and every
// refusal in words.
func FuzzCover(f *testing.F) {
	add := func(m *onnx.Model) {
		if data, err := m.Encode(); err == nil && len(data) < 4096 {
			f.Add(data)
		}
	}
	for k, c := range rules() {
		if k%7 == 0 {
			add(c.model())
		}
	}
	for _, m := range writtenOut() {
		add(m)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := onnx.Decode(data)
		if err != nil || m.Check() != nil {
			return
		}
		if m, err = gradient.Inline(m); err != nil || m.Graph == nil {
			return
		}
		if decided, _, err := gradient.Decide(m, gradient.Facts{}); err == nil {
			m = decided
		}
		for _, in := range m.Graph.Feeds() {
			for _, out := range m.Graph.Outputs {
				c, err := gradient.Cover(m, out.Name, in.Name)
				if err != nil {
					return
				}
				for _, b := range c.Blockers {
					if b.Op == "" && b.Reason == "" {
						t.Fatalf("blocker %+v", b)
					}
				}
				if _, err := gradient.Build(m, gradient.Facts{}, out.Name, []string{in.Name}, gradient.Options{}); err != nil && err.Error() == "" {
					t.Fatalf("error %#v", err)
				}
			}
		}
	})
}

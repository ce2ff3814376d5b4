package gradient

import "picasso/backend/onnx"

// Reaching is the set of tensors from which a differentiable path leads to the
// tensor seed, whether or not one leads to them from the picture; seed
// included.
func Reaching(m *onnx.Model, seed string) map[string]bool {
	g, err := newGraph(m)
	if err != nil {
		return nil
	}
	var from []string
	for name := range g.data {
		from = append(from, name)
	}
	return g.trace(seed, from).on
}

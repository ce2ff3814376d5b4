package backend

// maxPrepack is the number of weights up to which repacked copies of them are
// kept. For VGG-16 the copies cost half a gigabyte and seconds at opening, and
// its runs got no shorter.
const maxPrepack = 64 << 20

// prepacks reports whether the model's sessions keep repacked weights.
func (m *Model) prepacks() bool { return !m.mapped && m.weights() <= maxPrepack }

// weights counts the weights of the model, up to a bound that no file reaches.
func (m *Model) weights() int64 {
	const most = 1 << 40
	var sum int64
	for _, t := range m.File.Graph.Initializers {
		n := t.Elements()
		if n < 0 || n > most-sum {
			return most
		}
		sum += n
	}
	return sum
}

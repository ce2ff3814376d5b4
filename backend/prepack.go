package backend

// maxPrepack is the size of the weights, as 32-bit numbers, up to which
// repacked copies of them are kept. For VGG-16 the copies cost half a gigabyte
// and seconds at opening, and its runs got no shorter.
const maxPrepack = 256 << 20

// prepacks reports whether the model's sessions keep repacked weights.
func (m *Model) prepacks() bool {
	left := int64(maxPrepack / 4)
	for _, t := range m.File.Graph.Initializers {
		n := t.Elements()
		if n < 0 || n > left {
			return false
		}
		left -= n
	}
	return true
}

package picture

import "fmt"

// finite tells a number from what is none, and from what has no bounds.
func finite(v float32) bool { return v-v == 0 }

// Least is the smallest finite value, 0 where there is none. It takes the place of
// what is no finite number in what a model gets.
func (m *Image) Least() float32 {
	least, found := float32(0), false
	row := make([]float32, m.Width*m.Channels)
	for y := range m.Height {
		m.Row(y, row)
		for _, v := range row {
			if finite(v) && (!found || v < least) {
				least, found = v, true
			}
		}
	}
	return least
}

// noteNumbers says how many values are no numbers.
func (m *Image) noteNumbers() {
	if n := m.NonFinite(); n > 0 {
		m.Notes = append(m.Notes, fmt.Sprintf("%d of %d pixels are not numbers, or infinite", n, m.Width*m.Height))
	}
}

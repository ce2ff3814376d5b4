package picture

import "fmt"

// finite tells a number from what is none, and from what has no bounds.
func finite(v float32) bool { return v-v == 0 }

// NotNumbers counts the values that are no finite numbers: outside of what was
// measured, or where a computation failed. They stay as they are in [Image.Row]
// and [Image.Samples], are black on the screen, and are left out of the range, the
// mean and automatic windows.
func (m *Image) NotNumbers() int {
	n := 0
	for _, v := range m.px.f32 {
		if !finite(v) {
			n++
		}
	}
	return n
}

// Filled is the image with one value in place of those that are no finite numbers.
// It is the image itself where all are.
func (m *Image) Filled(value float32) *Image {
	if m.NotNumbers() == 0 {
		return m
	}
	out := *m
	out.px.f32 = make([]float32, len(m.px.f32))
	for i, v := range m.px.f32 {
		if out.px.f32[i] = v; !finite(v) {
			out.px.f32[i] = value
		}
	}
	return &out
}

// Least is the smallest finite value, 0 where there is none.
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
	if n := m.NotNumbers(); n > 0 {
		m.Notes = append(m.Notes, fmt.Sprintf("%d of %d values are not numbers or infinite", n, len(m.px.f32)))
	}
}

package picture

// Empty reports whether pixel i, counted row by row, says nothing: it is padding
// of a medical file, or no finite number. Such pixels are left out of automatic
// windows, percentiles and means.
func (m *Image) Empty(i int) bool {
	if m.Scan != nil && m.Scan.frame != nil && m.Scan.frame.Empty != nil && m.Scan.frame.Empty[i] {
		return true
	}
	if m.px.f32 == nil {
		return false
	}
	for _, v := range m.px.f32[i*m.Channels : (i+1)*m.Channels] {
		if v-v != 0 { // NaN or infinite
			return true
		}
	}
	return false
}

// someEmpty is false where no pixel can be [Image.Empty].
func (m *Image) someEmpty() bool {
	return m.px.f32 != nil || m.Scan != nil && m.Scan.frame != nil && m.Scan.frame.Empty != nil
}

// NonFinite is the number of pixels that are NaN or infinite. A model must not
// get them: see [Image.Filled].
func (m *Image) NonFinite() int {
	n := 0
	for i := 0; m.px.f32 != nil && i < m.Width*m.Height; i++ {
		for _, v := range m.px.f32[i*m.Channels : (i+1)*m.Channels] {
			if v-v != 0 {
				n++
				break
			}
		}
	}
	return n
}

// Filled is the picture with fill in the place of what is NaN or infinite; the
// picture itself where all values are finite.
func (m *Image) Filled(fill float32) *Image {
	if m.NonFinite() == 0 {
		return m
	}
	out := *m
	out.px.f32 = make([]float32, len(m.px.f32))
	for i, v := range m.px.f32 {
		if v-v != 0 {
			v = fill
		}
		out.px.f32[i] = v
	}
	return &out
}

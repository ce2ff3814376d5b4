package dicom

// Whole gives the values of frame i, counted from 0, as whole numbers of 16 bits, in
// out, which has as many as the frame has pixels: the same numbers as [File.Frame] in
// a fraction of its time, and nothing of what else a frame knows. ok is false where
// that cannot be, for colours for instance, and for frames of which a value is another
// number; out holds nothing of use then. Errors are those of [File.Frame].
func (f *File) Whole(i int, out []int16) (ok bool, err error) {
	if f.fault != nil || i < 0 || i >= f.frames() || f.pixels.float {
		return false, f.fault
	}
	m, word := f.header(i)
	if m.Channels != 1 || len(out) != m.Width*m.Height {
		return false, nil
	}
	if m.stored, err = f.pixels.decode(i/f.mosaic.count(), f.root.order, word); err != nil || m.stored.warning != "" {
		return false, err
	}
	all := make([]int64, m.stored.columns)
	for y := range m.Height {
		m.stored.row(m.area.y+y, all)
		if !m.modality.whole(all[m.area.x:m.area.x+m.Width], out[y*m.Width:(y+1)*m.Width]) {
			return false, nil
		}
	}
	return true, nil
}

// whole computes the values of a row where all are whole numbers of 16 bits.
func (m *modality) whole(stored []int64, out []int16) bool {
	slope, intercept := int64(m.slope), int64(m.intercept)
	if m.table != nil || float64(slope) != m.slope || float64(intercept) != m.intercept || slope != int64(int16(slope)) || intercept != int64(int32(intercept)) {
		return false
	}
	lost := int64(0) // bits that do not fit
	out = out[:len(stored)]
	for i, v := range stored {
		v = v*slope + intercept
		out[i] = int16(v)
		lost |= v ^ int64(int16(v))
	}
	return lost == 0
}

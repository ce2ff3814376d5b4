package dicom

// Placement is what sorting a folder needs to know of a frame.
type Placement struct {
	Series   string // identifier of the series; two frames with the same one belong together
	Number   int    // instance number, then frame
	Frame    int
	Geometry Geometry
	Rows     int
	Columns  int
}

// Place tells where frame i belongs, without decoding it.
func Place(f *File, i int) Placement {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := Placement{Series: f.root.text(tagSeriesUID), Frame: i, Geometry: f.attributes(i).geometry()}
	if n, ok := f.root.decimal(tagInstanceNumber); ok {
		p.Number = int(min(max(n, -1<<30), 1<<30))
	}
	if f.pixels != nil {
		p.Rows, p.Columns = f.pixels.rows, f.pixels.columns
	}
	return p
}

package dicom

// Placement is what sorting a folder needs to know of a frame.
type Placement struct {
	Series   string // identifier of the series; two frames with the same one belong together
	Order    int    // number of the series within the study
	Modality string // "CT", "MR", "CR"…, or ""
	Number   int    // of the instance within the series
	Frame    int
	Frames   int // of the file
	Geometry Geometry
	Rows     int
	Columns  int
}

// Place tells where frame i belongs, without decoding it.
func Place(f *File, i int) Placement {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := Placement{Series: f.root.text(tagSeriesUID), Frame: i, Geometry: f.attributes(i).geometry()}
	p.Modality = f.root.text(tagModality)
	p.Number, p.Order = f.count(tagInstanceNumber), f.count(tagSeriesNumber)
	if f.pixels != nil {
		p.Frames = f.pixels.frames
		p.Rows, p.Columns = f.pixels.rows, f.pixels.columns
	}
	return p
}

// count is a whole number written as text, 0 where there is none.
func (f *File) count(tag Tag) int {
	n, _ := f.root.decimal(tag)
	return int(min(max(n, -1<<30), 1<<30))
}

package dicom

import "math"

// Placement is what sorting a folder needs to know of a frame.
type Placement struct {
	Series   string // identifier of the series; two frames with the same one belong together
	Order    int    // number of the series within the study
	Modality string // "CT", "MR", "CR"…, or ""
	Number   int    // of the instance within the series
	Frame    int
	Frames   int  // of the file
	Mosaic   bool // the frames were one picture: files of a series belong together
	Geometry Geometry
	Location float64 // along the patient as the file says, NaN where it does not (0020,1041)
	Rows     int
	Columns  int
	Traits   Traits
	Class    string // of the file (SOP), "" where it has none
	Instance string // identifier of the file, "" where it has none
	// Reference is the identifier of the frame of reference, "" where it has none: places of
	// two of them cannot be compared.
	Reference string
	Result    *Result // of our own maps, nil for all else
}

// Place tells where frame i belongs, without decoding it.
func Place(f *File, i int) Placement {
	f.mu.Lock()
	defer f.mu.Unlock()
	found := &findings{names: f.found.names, texts: f.found.texts}
	p := Placement{Series: f.root.text(tagSeriesUID), Frame: i, Geometry: f.geometry(i, found), Location: math.NaN()}
	p.Modality = f.root.kindOf()
	p.Class, p.Instance, p.Result = f.root.uid(tagSOPClass), f.root.uid(tagSOPInstance), f.result(i)
	p.Reference = f.root.uid(tagFrameOfReference)
	p.Number, p.Order = f.count(tagInstanceNumber), f.count(tagSeriesNumber)
	if n := f.root.number(tagSliceLocation); n.given && !n.broken && math.Abs(n.value) < 1e6 {
		p.Location = n.value
	}
	if f.pixels != nil {
		area := f.mosaic.area(i, f.pixels)
		p.Frames, p.Mosaic = f.frames(), f.mosaic != nil
		p.Rows, p.Columns = area.height, area.width
	}
	p.Traits = f.attributes(i / f.mosaic.count()).traits(found)
	return p
}

// geometry is where frame i lies.
func (f *File) geometry(i int, found *findings) Geometry {
	g := f.attributes(i / f.mosaic.count()).geometry(found)
	if f.pixels == nil {
		return g
	}
	if f.mosaic != nil {
		f.mosaic.place(&g, i, f.pixels)
	}
	switch {
	case f.root.dose():
		g.offset(f.root, i, f.pixels.frames, found)
	case f.mosaic == nil && i > 0 && f.attributes(i).group(tagPlanePosition) == f.root:
		g.Placed = false // the place is that of the first frame
	}
	g.Placed = g.Placed && !f.unplaced
	return g
}

// count is a whole number written as text, 0 where there is none.
func (f *File) count(tag Tag) int {
	n, _ := f.root.decimal(tag)
	return int(min(max(n, -1<<30), 1<<30))
}

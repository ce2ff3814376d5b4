package dicom

// streamOf is the first frame's compressed stream, nil where there is none.
func streamOf(f *File) []byte {
	if f.pixels == nil || len(f.pixels.coded) == 0 {
		return nil
	}
	return joined(f.pixels.coded[0])
}

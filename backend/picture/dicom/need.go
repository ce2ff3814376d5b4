package dicom

// Need is about how many bytes decoding a frame takes, beside those of the file:
// its samples as the decoder makes them, and the values made of them.
func (f *File) Need() int64 {
	if f.fault != nil {
		return 0
	}
	p := f.pixels
	each, channels := int64(0), int64(p.samples)
	if p.photometric == "PALETTE COLOR" {
		channels = 3
	}
	if p.native == nil {
		switch p.coding {
		case codingRLE, codingDeflate:
			each = int64(p.allocated+7) / 8
		case codingJPEG:
			each = 2 + 2 // planes, and the same interleaved
		case codingJPEG2000:
			each = 4 + 4 + 2 // coefficients, a tile, and samples
		default:
			each = 2
		}
	}
	if f.syntax.deflated { // of which the file is but a part
		each += int64(p.allocated+7) / 8
	}
	return int64(p.rows) * int64(p.columns) * (int64(p.samples)*each + 4*channels)
}

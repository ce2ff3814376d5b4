package picture

import (
	"context"

	"picasso/backend/picture/dicom"
)

// stored is the number of a frame in its file, counted from 1; 0 for a file of one, and
// for tiles of a mosaic.
func stored(at dicom.Placement) int {
	if at.Frames > 1 && !at.Mosaic {
		return at.Frame + 1
	}
	return 0
}

// maxOrigin is how large a file may be that is read again for what it says of
// itself.
const maxOrigin = 1 << 30

// Origin tells what the picture's DICOM file says of where it comes from, with
// patient and study where they are asked for; nothing for other files. The file
// is read again, and refused where it is not what the picture was made of.
// Errors are of type *[Error].
func (m *Image) Origin(ctx context.Context, patient bool) (dicom.Origin, error) {
	if m.Scan == nil || m.Path == "" {
		return dicom.Origin{}, nil
	}
	var out dicom.Origin
	_, err := guardScan(m.Path, func() (*Image, error) {
		f, err := openFile(m.Path)
		if err != nil {
			return nil, err
		}
		defer f.close()
		if !dicom.Sniff(f.head) {
			return nil, nil
		}
		sum, err := f.checksum(ctx)
		if err != nil {
			return nil, err
		}
		if sum != m.SHA256 {
			return nil, &Error{m.Path, "has changed since it was opened", "open it again", nil}
		}
		data, err := f.all(ctx, maxOrigin)
		if err != nil {
			return nil, err
		}
		d, err := dicom.Parse(data)
		if err == nil {
			out = d.Origin(m.Scan.Frame, patient)
		}
		return nil, err
	})
	return out, withhold(err)
}

package picture

import (
	"context"
	"slices"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/dicom/derived"
)

// Result is what slice i says of itself where it is a map that this program made,
// nil for all else.
func (s *Series) Result(i int) *dicom.Result { return s.slices[i].place.Result }

// MapIn finds in a series of maps that of slice i.
func (s *Series) MapIn(maps *Series, i int) (slice int, ok bool) {
	at := s.slices[i].place
	if at.Instance == "" {
		return 0, false
	}
	frame := 0
	if at.Frames > 1 && !at.Mosaic {
		frame = at.Frame + 1
	}
	replaced := derived.Replaced(at.Instance)
	for k := range maps.slices {
		r := maps.Result(k)
		if r != nil && slices.ContainsFunc(r.Sources, func(of dicom.Source) bool {
			return of.Frame == frame && (of.Instance == at.Instance || of.Instance == replaced)
		}) {
			return k, true
		}
	}
	return 0, false
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

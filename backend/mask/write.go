package mask

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"image/png"
	"math"
	"path/filepath"
	"strings"

	"picasso/backend/files"
	"picasso/backend/npy"
	"picasso/backend/picture/dicom"
)

// Write writes the regions of a picture. The ending of path says how: .png with
// the value of each pixel as the index of its colour, .npy with it as a number,
// .json for COCO, .txt for YOLO, .nii for a NIfTI volume of one slice, where the
// picture lies in a patient. The file appears whole or not at all.
func (r *Regions) Write(path string, on Picture) error {
	data, err := r.encode(strings.ToLower(filepath.Ext(path)), on)
	if err != nil {
		return err
	}
	return files.Write(path, data, files.Ordinary)
}

func (r *Regions) encode(ending string, on Picture) ([]byte, error) {
	var b bytes.Buffer
	switch ending {
	case ".png":
		err := png.Encode(&b, r.Image())
		return b.Bytes(), err
	case ".npy":
		err := npy.Write(&b, []int{r.Height, r.Width}, r.Values())
		return b.Bytes(), err
	case ".json":
		return r.COCO(on.Name)
	case ".txt":
		return r.YOLO()
	case ".nii":
		return r.nifti(on.Geometry)
	}
	return nil, fmt.Errorf("regions cannot be written as %q; choose a name that ends in .png, .npy, .json (COCO), .txt (YOLO) or .nii (NIfTI)", ending)
}

// nifti is a volume of one slice in the picture's own grid
// (https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h).
func (r *Regions) nifti(g dicom.Geometry) ([]byte, error) {
	if !g.Placed || g.Spacing[0] <= 0 || g.Spacing[1] <= 0 {
		return nil, errors.New("where the picture lies in a patient is not known, so its regions cannot be written as NIfTI; choose a name that ends in .png or .npy")
	}
	if r.Width > math.MaxInt16 || r.Height > math.MaxInt16 {
		return nil, fmt.Errorf("NIfTI holds %d pixels a row at most; choose a name that ends in .png or .npy", math.MaxInt16)
	}
	const size, voxels = 348, 352
	h := make([]byte, voxels, voxels+len(r.Pixels))
	short := func(at int, v int) { binary.LittleEndian.PutUint16(h[at:], uint16(v)) }
	float := func(at int, v float64) { binary.LittleEndian.PutUint32(h[at:], math.Float32bits(float32(v))) }
	binary.LittleEndian.PutUint32(h, size)
	for i, n := range []int{3, r.Width, r.Height, 1, 1, 1, 1, 1} {
		short(40+2*i, n)
	}
	short(70, 2) // bytes
	short(72, 8)
	thick := cmp.Or(g.Thickness, g.Between, 1)
	for i, v := range []float64{1, g.Spacing[1], g.Spacing[0], thick} {
		float(76+4*i, v)
	}
	float(108, voxels)
	h[123] = 2    // millimetres
	short(254, 1) // the place is that of the scanner
	normal := cross(g.Orientation[0], g.Orientation[1])
	for axis := range 3 {
		sign := -1.0 // NIfTI counts to the right and the front, DICOM to the left and the back
		if axis == 2 {
			sign = 1
		}
		row := []float64{g.Spacing[1] * g.Orientation[0][axis], g.Spacing[0] * g.Orientation[1][axis], thick * normal[axis], g.Position[axis]}
		for i, v := range row {
			float(280+16*axis+4*i, sign*v)
		}
	}
	copy(h[344:], "n+1\x00")
	return append(h, r.Pixels...), nil
}

package picture

import (
	"bytes"
	"image"
	"io"

	"golang.org/x/image/tiff"
)

// Tags of TIFF and their values for faxes.
const (
	tagCompression = 0x0103
	tagPhotometric = 0x0106

	compressionGroup3, compressionGroup4 = 3, 4
	blackIsZero                          = 1
)

// decodeTIFF decodes faxes as libtiff does: the white runs of their code are
// zeros, and the photometric tag says whether these are black. The package tiff
// shows white runs white whatever it says.
func decodeTIFF(r io.Reader) (image.Image, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	m, err := tiff.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	fax := tiffTag(data, tagCompression) == compressionGroup3 || tiffTag(data, tagCompression) == compressionGroup4
	if g, ok := m.(*image.Gray); ok && fax && tiffTag(data, tagPhotometric) == blackIsZero {
		for i, v := range g.Pix {
			g.Pix[i] = ^v
		}
	}
	return m, nil
}

package picture

import (
	"bytes"
	"context"
	"image/gif"
	"image/jpeg"
	"image/png"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/image/bmp"
	"golang.org/x/image/webp"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/metaimage"
	"picasso/backend/picture/mgh"
	"picasso/backend/picture/nifti"
	"picasso/backend/picture/nrrd"
	"picasso/backend/picture/tiff"
)

// kind is one kind of picture file.
type kind struct {
	name       string
	extensions []string
	match      func(head []byte) bool // of what is unpacked
	open       func(context.Context, *file, Options) (content, error)
	medical    bool // a scan, whatever it is called
	volume     bool // with a header of its own, and elements in any order
}

// kinds are all kinds that are read. DICOM comes first: its preamble may imitate
// other kinds. Analyze's header, which NIfTI shares, has no magic number.
func kinds() []kind {
	return []kind{
		{name: "DICOM file", extensions: []string{".dcm", ".dicom", ".dic", ".ima"}, match: dicom.Sniff, open: openDICOM, medical: true},
		ordinary(pictureKind{name: "PNG picture", config: png.DecodeConfig, decode: png.Decode, pixel: pngPixel, held: heldPNG, orientation: pngOrientation},
			prefix("\x89PNG\r\n\x1a\n"), ".png"),
		ordinary(pictureKind{name: "JPEG picture", config: jpeg.DecodeConfig, whole: decodeJPEG, pixel: jpegPixel, held: heldJPEG, orientation: jpegOrientation},
			prefix("\xff\xd8\xff"), ".jpg", ".jpeg", ".jpe", ".jfif"),
		ordinary(pictureKind{name: "GIF picture", config: gif.DecodeConfig, decode: gif.Decode, held: heldGIF, frames: gifFrames},
			prefix("GIF87a", "GIF89a"), ".gif"),
		ordinary(pictureKind{name: "BMP picture", config: bmp.DecodeConfig, decode: bmp.Decode, held: heldBMP}, isBMP, ".bmp", ".dib"),
		ordinary(pictureKind{name: "WebP picture", config: webp.DecodeConfig, decode: decodeWebP, orientation: webpOrientation}, isWebP, ".webp"),
		{name: "TIFF picture", extensions: []string{".tif", ".tiff"}, match: tiff.Sniff, open: openTIFF},
		solid("NRRD volume", nrrd.Sniff, nrrd.Header, ".nrrd", ".nhdr"),
		solid("MetaImage volume", metaimage.Sniff, metaimage.Header, ".mha", ".mhd"),
		solid("FreeSurfer volume", mgh.Sniff, mgh.Header, ".mgh", ".mgz"),
		solid("NIfTI or Analyze volume", nifti.Sniff, nifti.Header, ".nii", ".nii.gz", ".hdr"),
	}
}

func ordinary(k pictureKind, match func([]byte) bool, extensions ...string) kind {
	return kind{name: k.name, extensions: extensions, match: match, open: k.open}
}

func solid(name string, match func([]byte) bool, header volumeKind, extensions ...string) kind {
	return kind{name: name, extensions: extensions, match: match, open: header.open, medical: true, volume: true}
}

// sniff tells the kind of a file by its first bytes, unpacked.
func sniff(head []byte) (kind, bool) {
	for _, k := range kinds() {
		if k.match(head) {
			return k, true
		}
	}
	return kind{}, false
}

// Known reports whether the file's extension is that of a picture. Files
// without it can still be opened.
func Known(path string) bool {
	return slices.ContainsFunc(kinds(), func(k kind) bool { return k.names(path) }) || pixelsAlone(path)
}

// Ordinary tells whether a file has the name of a picture that is no scan and
// holds no more than one, so that it need not be read to know.
func Ordinary(path string) bool {
	return !pixelsAlone(path) && slices.ContainsFunc(kinds(), func(k kind) bool { return k.names(path) && !k.medical && k.name != "TIFF picture" })
}

// knownScan tells whether a file has the name of a medical picture.
func knownScan(path string) bool {
	return pixelsAlone(path) || slices.ContainsFunc(kinds(), func(k kind) bool { return k.medical && k.names(path) })
}

// calledDICOM tells whether a file has the name of a DICOM file.
func calledDICOM(path string) bool { return kinds()[0].names(path) }

// names tells whether a path has one of the kind's extensions, compressed or not.
func (k kind) names(path string) bool {
	path = strings.TrimSuffix(strings.ToLower(path), ".gz")
	return slices.ContainsFunc(k.extensions, func(e string) bool { return strings.HasSuffix(path, e) })
}

// pixelsAlone tells whether a path is called like the pixels of an Analyze or
// NIfTI pair.
func pixelsAlone(path string) bool {
	return filepath.Ext(strings.TrimSuffix(strings.ToLower(path), ".gz")) == ".img"
}

// MayBeScan tells whether a file that begins with head is likely a medical
// picture.
func MayBeScan(head []byte) bool {
	first, _ := unpacked(head)
	k, ok := sniff(first)
	return ok && k.medical
}

// Extensions are the extensions of all kinds of pictures, with the dot.
func Extensions() []string {
	var all []string
	for _, k := range kinds() {
		all = append(all, k.extensions...)
	}
	return append(all, ".img")
}

func prefix(magic ...string) func([]byte) bool {
	return func(data []byte) bool {
		for _, m := range magic {
			if bytes.HasPrefix(data, []byte(m)) {
				return true
			}
		}
		return false
	}
}

func isBMP(data []byte) bool {
	return len(data) >= 26 && data[0] == 'B' && data[1] == 'M'
}

func isWebP(data []byte) bool {
	return len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP"
}

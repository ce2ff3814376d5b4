package picture

import (
	"bytes"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"path/filepath"
	"strings"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/nifti"
)

// format is one kind of picture file.
type format struct {
	name        string
	extensions  []string
	match       func(data []byte) bool
	config      func(io.Reader) (image.Config, error)
	decode      func(io.Reader) (image.Image, error)
	orientation func(data []byte) int // EXIF orientation 1…8; nil where the format has none
	frames      func(data []byte) int // number of pictures; nil where there is one
}

func formats() []format {
	return []format{
		{"PNG picture", []string{".png"}, prefix("\x89PNG\r\n\x1a\n"), png.DecodeConfig, png.Decode, pngOrientation, nil},
		{"JPEG picture", []string{".jpg", ".jpeg", ".jpe", ".jfif"}, prefix("\xff\xd8\xff"), jpeg.DecodeConfig, decodeJPEG, jpegOrientation, nil},
		{"GIF picture", []string{".gif"}, prefix("GIF87a", "GIF89a"), gif.DecodeConfig, gif.Decode, nil, gifFrames},
		{"BMP picture", []string{".bmp", ".dib"}, isBMP, bmp.DecodeConfig, bmp.Decode, nil, nil},
		{"TIFF picture", []string{".tif", ".tiff"}, prefix("II*\x00", "MM\x00*"), tiff.DecodeConfig, decodeTIFF, tiffOrientation, tiffPages},
		{"WebP picture", []string{".webp"}, isWebP, webp.DecodeConfig, decodeWebP, webpOrientation, nil},
	}
}

// scanExtensions are those of medical pictures. Many have none.
var scanExtensions = []string{".dcm", ".dicom", ".dic", ".ima", ".nii", ".nii.gz"}

func sniff(data []byte) (format, bool) {
	if dicom.Sniff(data) { // its preamble may imitate other kinds
		return format{}, false
	}
	for _, f := range formats() {
		if f.match(data) {
			return f, true
		}
	}
	return format{}, false
}

// Known reports whether the file's extension is that of a picture. Files
// without it can still be opened.
func Known(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	for _, f := range formats() {
		for _, e := range f.extensions {
			if e == ext {
				return true
			}
		}
	}
	return knownScan(path)
}

// Ordinary tells whether a file has the name of a picture that is no scan, so
// that it need not be read to know.
func Ordinary(path string) bool { return Known(path) && !knownScan(path) }

func knownScan(path string) bool {
	path = strings.ToLower(path)
	for _, e := range scanExtensions {
		if strings.HasSuffix(path, e) {
			return true
		}
	}
	return false
}

// Recognized reports whether the beginning of a file, a kilobyte or more, is
// that of a picture. It is for files whose names do not tell.
func Recognized(head []byte) bool {
	_, ok := sniff(head)
	return ok || dicom.Sniff(head) || nifti.Sniff(head)
}

// Extensions are the extensions of all kinds of pictures, with the dot.
func Extensions() []string {
	var all []string
	for _, f := range formats() {
		all = append(all, f.extensions...)
	}
	return append(all, scanExtensions...)
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

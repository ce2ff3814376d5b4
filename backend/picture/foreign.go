package picture

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// foreign names a file that is no picture of a known kind.
func foreign(name string, data []byte) *Error {
	what, remedy := identify(data)
	return &Error{Path: name, Fault: what, Remedy: remedy}
}

// signatures of files that people take for pictures.
var signatures = []struct {
	at            int
	magic         string
	fault, remedy string
}{
	{4, "ftypavif", "is an AVIF picture, which is not supported", "save it as PNG or JPEG"},
	{4, "ftyphei", "is a HEIC picture, which is not supported", "save it as PNG or JPEG"},
	{4, "ftypmif1", "is a HEIF picture, which is not supported", "save it as PNG or JPEG"},
	{4, "ftyp", "is a video", "save one frame of it as PNG"},
	{0, "\xff\x0a", "is a JPEG XL picture, which is not supported", "save it as PNG or JPEG"},
	{0, "\x00\x00\x00\x0cJXL ", "is a JPEG XL picture, which is not supported", "save it as PNG or JPEG"},
	{0, "\x00\x00\x00\x0cjP  ", "is a JPEG 2000 picture, which is not supported", "save it as PNG or JPEG"},
	{0, "8BPS", "is a Photoshop document", "save it as PNG or TIFF"},
	{0, "%PDF", "is a PDF document", "save the picture in it as PNG"},
	{0, "PK\x03\x04", "is a zip archive (or an office document)", "unpack it and choose a picture in it"},
	{0, "\x1f\x8b", "is a gzip archive", "unpack it first"},
	{0, "\x89HDF", "is an HDF5 file", "save the picture in it as PNG"},
	{0, "\x93NUMPY", "is a NumPy array, not a picture", "give it the extension .npy to feed it to the model as it is"},
}

func identify(data []byte) (fault, remedy string) {
	if len(data) == 0 {
		return "is empty", "copy or download it again"
	}
	for _, s := range signatures {
		if len(data) >= s.at+len(s.magic) && string(data[s.at:s.at+len(s.magic)]) == s.magic {
			return s.fault, s.remedy
		}
	}
	if fault, remedy, ok := identifyText(data); ok {
		return fault, remedy
	}
	return "is not a picture of a known kind", "use PNG, JPEG, GIF, BMP, TIFF, WebP, DICOM or NIfTI"
}

func identifyText(data []byte) (fault, remedy string, ok bool) {
	head := data[:min(len(data), 1024)]
	text := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))))
	switch {
	case strings.Contains(text, "<svg"):
		return "is an SVG drawing, not a picture of pixels", "save it as PNG", true
	case strings.HasPrefix(text, "<!doctype html"), strings.Contains(text, "<html"):
		return "is a web page", "download the picture itself", true
	case strings.HasPrefix(text, "version https://git-lfs"):
		return "is a Git LFS pointer, not the picture itself", "run git lfs pull", true
	case strings.HasPrefix(text, "<?xml"):
		return "is an XML file", "choose a picture", true
	case utf8.Valid(bytes.TrimRight(head, "\x80\xff")) && !bytes.ContainsRune(head, 0):
		return "is a text file", "choose a picture", true
	}
	return "", "", false
}

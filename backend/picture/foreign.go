package picture

import (
	"bytes"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// foreign names a file that is no picture of a known kind by its first bytes,
// unpacked. zipped says that the file itself is compressed by gzip.
func foreign(name string, head []byte, zipped bool) *Error {
	what, remedy := identify(head)
	switch {
	case zipped && len(head) == 0:
		what, remedy = "is compressed by gzip and cannot be unpacked", "copy or download it again"
	case zipped:
		what, remedy = "is compressed by gzip; what it holds "+what, strings.ReplaceAll(remedy, "it again", "the file again")
	}
	if pixels := strings.ToLower(filepath.Ext(strings.TrimSuffix(name, ".gz"))); what == unknown && (pixels == ".img" || pixels == ".raw" || pixels == ".zraw") {
		what, remedy = "seems to hold pixels alone, without the header that describes them", "put the .hdr, .mhd or .nhdr file beside it and choose that"
	}
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
	{0, "\xff\x4f\xff\x51", "is a JPEG 2000 stream, which is not supported", "save it as PNG or JPEG"},
	{0, "II\xbc\x01", "is a JPEG XR picture, which is not supported", "save it as PNG or TIFF"},
	{0, "8BPS", "is a Photoshop document", "save it as PNG or TIFF"},
	{0, "\x76\x2f\x31\x01", "is an OpenEXR picture, which is not supported", "save it as TIFF with 32-bit floats"},
	{0, "SIMPLE  =", "is a FITS picture, which is not supported", "save it as TIFF with 32-bit floats"},
	{0, "#?RADIANCE", "is a Radiance picture, which is not supported", "save it as TIFF with 32-bit floats"},
	{0, "qoif", "is a QOI picture, which is not supported", "save it as PNG"},
	{0, "\x00\x00\x01\x00", "is an icon", "save it as PNG"},
	{0, "%PDF", "is a PDF document", "save the picture in it as PNG"},
	{0, "PK\x03\x04", "is a zip archive (or an office document)", "unpack it and choose a picture in it"},
	{257, "ustar", "is a tar archive", "unpack it and choose a picture in it"},
	{0, "\x1f\x8b", "is a gzip archive", "unpack it first"},
	{0, "BZh", "is a bzip2 archive", "unpack it first"},
	{0, "\xfd7zXZ", "is an xz archive", "unpack it first"},
	{0, "\x28\xb5\x2f\xfd", "is a Zstandard archive", "unpack it first"},
	{0, "7z\xbc\xaf\x27\x1c", "is a 7-Zip archive", "unpack it and choose a picture in it"},
	{0, "Rar!", "is a RAR archive", "unpack it and choose a picture in it"},
	{0, "\x89HDF", "is an HDF5 file (as of MINC 2, MATLAB or microscopes)", "convert a volume to NIfTI, a picture to TIFF"},
	{0, "CDF\x01", "is a MINC or netCDF volume, which is not supported", "convert it to NIfTI (mnc2nii)"},
	{0, "CDF\x02", "is a MINC or netCDF volume, which is not supported", "convert it to NIfTI (mnc2nii)"},
	{0, "MATLAB ", "is a MATLAB file", "save the array in it as .npy, NIfTI or TIFF"},
	{0, "MATRIX7", "is an ECAT 7 volume, which is not supported", "convert it to NIfTI or DICOM"},
	{252, "\xef\xff\xe9\xb0", "is a GIPL volume, which is not supported", "convert it to NIfTI"},
	{0, "# vtk DataFile", "is a VTK file, which is not supported", "save the volume as MetaImage or NRRD"},
	{0, "# === DATA DESCRIPTION FILE", "is a Philips PAR header, which is not supported", "convert it and its REC file to NIfTI (dcm2niix)"},
	{0, "\xff\xff\xfe", "is a brain surface of FreeSurfer, not a picture", "choose a volume (.mgz)"},
	{0, "\xff\xff\xff", "is a table of a brain surface of FreeSurfer, not a picture", "choose a volume (.mgz)"},
	{0, "\x93NUMPY", "is a NumPy array, not a picture", "give it the extension .npy to feed it to the model as it is"},
}

// unknown is the fault of what nothing is known about.
const unknown = "is not a picture of a known kind"

func identify(data []byte) (fault, remedy string) {
	if len(data) == 0 {
		return "is empty", "copy or download it again"
	}
	for _, s := range signatures {
		if len(data) >= s.at+len(s.magic) && string(data[s.at:s.at+len(s.magic)]) == s.magic {
			return s.fault, s.remedy
		}
	}
	if len(data) > 3 && data[0] == 'P' && data[1] >= '1' && data[1] <= '7' && data[2] <= ' ' {
		return "is a PNM picture (PBM, PGM, PPM or PAM), which is not supported", "save it as PNG"
	}
	if fault, remedy, ok := identifyText(data); ok {
		return fault, remedy
	}
	return unknown, "use PNG, JPEG, GIF, BMP, TIFF, WebP, DICOM, NIfTI, Analyze, NRRD, MetaImage or FreeSurfer's MGH"
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

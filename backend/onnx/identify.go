package onnx

import (
	"bytes"
	"unicode/utf8"
)

// headSize is how much of a file [Identify] wants to see.
const headSize = 512

// signature recognises a kind of file by bytes at a position.
type signature struct {
	at     int
	magic  string
	kind   string
	remedy string
}

const (
	toONNX   = "Convert it to ONNX and open the result."
	torch    = "Load it in PyTorch, export it with torch.onnx.export and open the result."
	keras    = "Convert it with tf2onnx (or keras' model.export to ONNX) and open the result."
	tflite   = "Convert the original model with tf2onnx and open the result."
	unzip    = "Unpack it and open the .onnx file inside."
	picture  = "Open it as a picture; choose an .onnx file as the model."
	download = "Download the file itself: on the web page, follow the link for the raw file or the download."
	other    = "Choose a file that was exported as ONNX."
)

// signatures are tried in order.
var signatures = [...]signature{
	{0, "version https://git-lfs", "a Git LFS pointer (the weights were not downloaded)", "Run git lfs pull, or download the file itself."},
	{4, "TFL3", "a TensorFlow Lite model", tflite},
	{4, "ORTM", "a model in ONNX Runtime's own ORT format", "Open the .onnx file it was made from."},
	{0, "\x89HDF\r\n\x1a\n", "an HDF5 file (Keras weights)", keras},
	{0, "\x89PNG\r\n\x1a\n", "a PNG picture", picture},
	{0, "\xff\xd8\xff", "a JPEG picture", picture},
	{0, "GIF8", "a GIF picture", picture},
	{0, "RIFF", "a RIFF file (a WebP picture or sound)", picture},
	{0, "II*\x00", "a TIFF picture", picture},
	{0, "MM\x00*", "a TIFF picture", picture},
	{0, "BM", "a BMP picture", picture},
	{128, "DICM", "a DICOM image", picture},
	{0, "\x93NUMPY", "a NumPy array", other},
	{0, "\x7fELF", "a program (ELF)", other},
	{0, "MZ", "a Windows program", other},
	{0, "%PDF", "a PDF document", other},
	{0, "GGUF", "a GGUF language model", other},
	{0, "\x1f\x8b", "a gzip archive", unzip},
	{0, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive", unzip},
	{0, "Rar!", "a RAR archive", unzip},
	{0, "BZh", "a bzip2 archive", unzip},
	{0, "\xfd7zXZ", "an xz archive", unzip},
	{0, "\x28\xb5\x2f\xfd", "a Zstandard archive", unzip},
	{257, "ustar", "a tar archive", unzip},
	{0, "\xbd\x04\x9e\x84", "a CNTK model", toONNX},
}

// Identify names the kind of a file from its first 512 bytes (or the whole of
// a shorter one), with a remedy for someone who took it for a model: "a web
// page", "a PyTorch checkpoint". Both are "" where the bytes may be ONNX or
// are of no known kind.
func Identify(head []byte) (kind, remedy string) {
	if len(head) == 0 {
		return "an empty file", "Download or export it again."
	}
	for _, s := range signatures {
		if len(head) > s.at && bytes.HasPrefix(head[s.at:], []byte(s.magic)) {
			return s.kind, s.remedy
		}
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return archive(head)
	case head[0] == 0x80 && len(head) > 1 && head[1] >= 2 && head[1] <= 5:
		return "a Python pickle (an old PyTorch checkpoint, for example)", torch
	case len(head) > 8 && head[8] == '{' && head[7] == 0 && head[6] == 0:
		return "a safetensors file (weights without a network)", torch
	}
	return text(head)
}

// archive tells the kinds of zip files apart by the first name inside.
func archive(head []byte) (kind, remedy string) {
	switch {
	case bytes.Contains(head, []byte("data.pkl")), bytes.Contains(head, []byte("archive/")), bytes.Contains(head, []byte("/byteorder")):
		return "a PyTorch checkpoint (zip)", torch
	case bytes.Contains(head, []byte("config.json")), bytes.Contains(head, []byte("metadata.json")):
		return "a Keras model (zip)", keras
	case bytes.Contains(head, []byte(".onnx")):
		return "a zip archive with an ONNX model inside", unzip
	}
	return "a zip archive (perhaps a PyTorch checkpoint)", "Unpack it if it contains an .onnx file. " + torch
}

// text names the kinds of text that are taken for models. A model is no text:
// its header holds control characters.
func text(head []byte) (kind, remedy string) {
	valid := head
	for cut := 0; cut < utf8.UTFMax-1 && !utf8.Valid(valid) && len(valid) > 0; cut++ {
		valid = valid[:len(valid)-1] // a character may be cut off at the end
	}
	if !utf8.Valid(valid) || bytes.ContainsFunc(valid, control) {
		return "", ""
	}
	plain := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(valid, []byte("\ufeff"))))
	switch {
	case len(plain) == 0:
		return "an empty text", "Download or export it again."
	case bytes.HasPrefix(plain, []byte("<svg")):
		return "an SVG picture", picture
	case bytes.HasPrefix(plain, []byte("<!doctype html")), bytes.Contains(plain, []byte("<html")), bytes.Contains(plain, []byte("<head")):
		return "a web page", download
	case bytes.HasPrefix(plain, []byte("<net")) || bytes.HasPrefix(plain, []byte("<?xml")):
		return "an XML file (an OpenVINO model, for example)", toONNX
	case bytes.HasPrefix(plain, []byte("ir_version")), bytes.HasPrefix(plain, []byte("<ir_version")):
		return "an ONNX model in text form", "Convert it to the binary form with onnx.save."
	case plain[0] == '{' || plain[0] == '[':
		return "a JSON file", other
	}
	return "a text file", other
}

func control(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' }

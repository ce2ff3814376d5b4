// Package nrrd reads the headers of "nearly raw raster data" (.nrrd, and .nhdr with
// its elements in other files): https://teem.sourceforge.net/nrrd/format.html
package nrrd

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"picasso/backend/picture/volume"
)

// maxHeader bounds the text before the elements, with a list of their files.
const maxHeader = 1 << 20

// Sniff reports whether unpacked data begin like NRRD, of any version.
func Sniff(head []byte) bool {
	return len(head) >= 9 && string(head[:4]) == "NRRD" && head[4] >= '0' && head[4] <= '9'
}

// fields are the lines of a header by their names, in small letters.
type fields map[string]string

// Header reads the header of a file. Errors are of type *[volume.Error].
func Header(s volume.Source) (*volume.Header, error) {
	head, err := s.Head(maxHeader)
	if err != nil {
		return nil, err
	}
	if !Sniff(head) {
		return nil, &volume.Error{Fault: "is not NRRD", Remedy: "choose a .nrrd or .nhdr file", Err: volume.ErrUnknown}
	}
	f, end, list := parse(head)
	h := &volume.Header{Kind: "NRRD", Volumes: 1, Samples: 1, Offset: int64(end)}
	if h.Type = typeOf(f["type"]); h.Type == volume.None {
		return nil, volume.Unsupported(fmt.Sprintf("has numbers of a kind that is not read (%.40s)", f["type"]), "save the volume with 16-bit or 32-bit numbers")
	}
	if err := f.encoding(h); err != nil {
		return nil, err
	}
	axes, err := f.axes()
	if err != nil {
		return nil, err
	}
	if err := axes.arrange(h); err != nil {
		return nil, err
	}
	if err := f.place(h, axes); err != nil {
		return nil, err
	}
	return h, f.data(h, list)
}

// parse reads lines up to the empty one that ends the header, or to a list of
// files, which ends the file.
func parse(head []byte) (f fields, end int, list []string) {
	f = fields{}
	rest := head
	for len(rest) > 0 {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		line = bytes.TrimRight(line, "\r")
		if len(line) == 0 {
			break
		}
		name, value, ok := strings.Cut(string(line), ":")
		if !ok || line[0] == '#' || strings.HasPrefix(value, "=") {
			continue // the magic, a comment, or a remark of the writer
		}
		name = strings.ToLower(strings.TrimSpace(name))
		f[name] = strings.TrimSpace(value)
		if (name == "data file" || name == "datafile") && strings.HasPrefix(f[name], "LIST") {
			for _, one := range strings.Split(string(rest), "\n") {
				if one = strings.TrimSpace(one); one != "" {
					list = append(list, one)
				}
			}
			return f, len(head), list
		}
	}
	return f, len(head) - len(rest), nil
}

func (f fields) encoding(h *volume.Header) error {
	encodings := map[string]volume.Encoding{
		"": -1, "raw": volume.Raw, "gzip": volume.Gzip, "gz": volume.Gzip, "bzip2": volume.Bzip2, "bz2": volume.Bzip2,
		"text": volume.Text, "txt": volume.Text, "ascii": volume.Text, "hex": volume.Hex,
	}
	e, ok := encodings[strings.ToLower(f["encoding"])]
	if !ok {
		return volume.Unsupported(fmt.Sprintf("is packed in a way that is not read (%.40s)", f["encoding"]), "save it with the encoding raw or gzip")
	}
	if e < 0 {
		return volume.Damaged("does not say how its numbers are written")
	}
	h.Encoding, h.Order = e, binary.LittleEndian
	switch strings.ToLower(f["endian"]) {
	case "big":
		h.Order = binary.BigEndian
	case "little":
	default:
		if h.Type.Size() > 1 && e != volume.Text {
			h.Warnings = append(h.Warnings, "the file does not tell the order of its bytes; little endian is assumed")
		}
	}
	return nil
}

// data reads where the elements are.
func (f fields) data(h *volume.Header, list []string) error {
	name, detached := f["data file"]
	if !detached {
		name, detached = f["datafile"]
	}
	switch words := strings.Fields(name); {
	case !detached:
	case len(list) > 0:
		h.Files, h.Offset = list, 0
	case len(words) >= 3 && strings.Contains(words[0], "%"):
		var err error
		if h.Files, err = volume.Numbered(words[:min(len(words), 4)]); err != nil {
			return err
		}
		h.Offset = 0
	case name == "" || strings.HasPrefix(name, "LIST"):
		return volume.Damaged("does not name the files with its pixels")
	default:
		h.Files, h.Offset = []string{name}, 0
	}
	if lines := f.first("line skip", "lineskip"); lines != "" && lines != "0" {
		return volume.Unsupported("skips lines before its pixels, which is not read", "save it without a line skip")
	}
	skip := f.first("byte skip", "byteskip")
	if skip == "" || skip == "0" {
		return nil
	}
	n, err := strconv.ParseInt(skip, 10, 64)
	switch {
	case err != nil || n < -1 || n > 1<<40:
		return volume.Damaged("skips %.20q bytes before its pixels", skip)
	case h.Encoding != volume.Raw:
		return volume.Unsupported("skips bytes before packed pixels, which is not read", "save it without a byte skip")
	case n < 0:
		h.AtEnd = true
	default:
		h.Offset += n
	}
	return nil
}

func (f fields) first(names ...string) string {
	for _, n := range names {
		if v, ok := f[n]; ok {
			return v
		}
	}
	return ""
}

func typeOf(name string) volume.Type {
	switch strings.ToLower(strings.Join(strings.Fields(name), " ")) {
	case "signed char", "int8", "int8_t":
		return volume.Int8
	case "uchar", "unsigned char", "uint8", "uint8_t":
		return volume.Uint8
	case "short", "short int", "signed short", "signed short int", "int16", "int16_t":
		return volume.Int16
	case "ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t":
		return volume.Uint16
	case "int", "signed int", "int32", "int32_t":
		return volume.Int32
	case "uint", "unsigned int", "uint32", "uint32_t":
		return volume.Uint32
	case "longlong", "long long", "long long int", "signed long long", "signed long long int", "int64", "int64_t":
		return volume.Int64
	case "ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t":
		return volume.Uint64
	case "float":
		return volume.Float32
	case "double":
		return volume.Float64
	}
	return volume.None
}

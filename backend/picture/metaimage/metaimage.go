// Package metaimage reads the headers of MetaImage volumes (.mha, and .mhd with its
// elements in other files): https://itk.org/Wiki/ITK/MetaIO/Documentation
package metaimage

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"

	"picasso/backend/picture/volume"
)

// maxHeader bounds the text before the elements, with a list of their files.
const maxHeader = 1 << 20

// Sniff reports whether unpacked data begin like a MetaImage: with one of the
// fields that come first, and its ObjectType or NDims among the next.
func Sniff(head []byte) bool {
	key, _, ok := bytes.Cut(head, []byte("="))
	if !ok || len(key) > 64 {
		return false
	}
	switch strings.TrimSpace(string(key)) {
	case "ObjectType", "NDims", "Comment", "ObjectSubType", "Name", "ID":
		return bytes.Contains(head, []byte("NDims"))
	}
	return false
}

// fields are the lines of a header by their keys.
type fields map[string]string

// Header reads the header of a file. Errors are of type *[volume.Error].
func Header(s volume.Source) (*volume.Header, error) {
	head, err := s.Head(maxHeader)
	if err != nil {
		return nil, err
	}
	f, rest, err := parse(head)
	if err != nil {
		return nil, err
	}
	if kind := f["ObjectType"]; kind != "" && !strings.EqualFold(kind, "Image") {
		return nil, volume.Unsupported(fmt.Sprintf("is a MetaIO object of the kind %.40q, not an image", kind), "choose an image")
	}
	h := &volume.Header{Kind: "MetaImage", Volumes: 1, Samples: 1, Order: binary.LittleEndian}
	if f.yes("ElementByteOrderMSB") || f.yes("BinaryDataByteOrderMSB") {
		h.Order = binary.BigEndian
	}
	if err := f.sizes(h); err != nil {
		return nil, err
	}
	if h.Type = typeOf(f["ElementType"]); h.Type == volume.None {
		return nil, volume.Unsupported(fmt.Sprintf("has numbers of a kind that is not read (%.40s)", f["ElementType"]), "save the volume with 16-bit or 32-bit numbers")
	}
	if err := f.samples(h); err != nil {
		return nil, err
	}
	if err := f.place(h); err != nil {
		return nil, err
	}
	return h, f.data(h, int64(len(head)-len(rest)), rest)
}

// parse reads lines up to the one that names the data; rest follows it.
func parse(head []byte) (f fields, rest []byte, err error) {
	f, rest = fields{}, head
	for len(rest) > 0 {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		key, value, ok := strings.Cut(string(line), "=")
		if !ok {
			if strings.TrimSpace(key) == "" {
				continue
			}
			break
		}
		f[strings.TrimSpace(key)] = strings.TrimSpace(value)
		if strings.TrimSpace(key) == "ElementDataFile" {
			return f, rest, nil
		}
	}
	return nil, nil, volume.Damaged("is a MetaImage header that does not say where its pixels are")
}

func (f fields) yes(key string) bool {
	v := strings.ToLower(f[key])
	return v == "true" || v == "1" || v == "yes"
}

// numbers reads the first of the keys that is there; nil where none is.
func (f fields) numbers(n int, keys ...string) ([]float64, error) {
	for _, key := range keys {
		text, ok := f[key]
		if !ok {
			continue
		}
		words := strings.Fields(text)
		if len(words) < n {
			return nil, volume.Damaged("has %d numbers as its %s, where %d belong", len(words), key, n)
		}
		out := make([]float64, n)
		for i := range out {
			v, err := strconv.ParseFloat(words[i], 64)
			if err != nil || v-v != 0 {
				return nil, volume.Damaged("has %.40q as its %s", words[i], key)
			}
			out[i] = v
		}
		return out, nil
	}
	return nil, nil
}

// sizes reads the dimensions: two or three of space, and further ones.
func (f fields) sizes(h *volume.Header) error {
	n, err := strconv.Atoi(f["NDims"])
	if err != nil || n < 2 || n > 8 {
		return volume.Damaged("declares %.40q dimensions", f["NDims"])
	}
	list, err := f.numbers(n, "DimSize")
	if err == nil && list == nil {
		err = volume.Damaged("does not tell its size")
	}
	if err != nil {
		return err
	}
	h.Size = [3]int{1, 1, 1}
	for i, v := range list {
		if v < 1 || v > 1<<24 || v != math.Trunc(v) {
			return volume.Damaged("declares %g as one of its sizes", v)
		}
		if i < 3 {
			h.Size[i] = int(v)
		} else {
			h.Volumes = min(h.Volumes*int(v), 1<<24)
		}
	}
	return nil
}

// samples reads how many numbers belong to a place: three or four bytes are a
// colour, others are volumes whose elements alternate.
func (f fields) samples(h *volume.Header) error {
	text, ok := f["ElementNumberOfChannels"]
	if !ok {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 1<<16 {
		return volume.Damaged("declares %.40q numbers for every place", text)
	}
	switch {
	case n == 1:
	case (n == 3 || n == 4) && h.Type == volume.Uint8:
		h.Samples = n
	case h.Volumes > 1:
		return volume.Unsupported("has several numbers in every place of several volumes", "save one of them as a volume of its own")
	default:
		h.Volumes = n
		h.Step[1] = int64(n)
		for axis, side := range h.Size {
			h.Step[axis+2] = h.Step[axis+1] * int64(side)
		}
		h.Step[0], h.Step[4] = 1, 1
	}
	return nil
}

// place reads where the volume lies; MetaImage counts to the left, back and head.
func (f fields) place(h *volume.Header) error {
	n, _ := strconv.Atoi(f["NDims"])
	spacing, err := f.numbers(n, "ElementSpacing", "ElementSize")
	if err != nil {
		return err
	}
	origin, err := f.numbers(n, "Offset", "Position", "Origin")
	if err != nil {
		return err
	}
	axes, err := f.numbers(n*n, "TransformMatrix", "Rotation", "Orientation")
	if err != nil {
		return err
	}
	h.Placed = n >= 3 && (origin != nil || axes != nil)
	for axis := range min(n, 3) {
		step := 1.0
		if spacing != nil {
			step = spacing[axis]
			h.Spacing[axis] = math.Abs(step)
		}
		for i := range min(n, 3) {
			switch {
			case axes != nil: // one axis after the other
				h.Affine[i][axis] = axes[axis*n+i] * step
			case axis == i:
				h.Affine[i][axis] = step
			}
			if origin != nil {
				h.Affine[i][3] = origin[i]
			}
		}
	}
	return nil
}

// data reads where the elements are, and how they are written.
func (f fields) data(h *volume.Header, end int64, rest []byte) error {
	if v, ok := f["BinaryData"]; ok && !f.yes("BinaryData") && v != "" {
		h.Encoding = volume.Text
	}
	if f.yes("CompressedData") {
		h.Encoding = volume.Zlib
	}
	skip, err := f.numbers(1, "HeaderSize")
	if err != nil {
		return err
	}
	if skip != nil {
		h.AtEnd = skip[0] == -1 && h.Encoding == volume.Raw
		h.Offset = int64(max(skip[0], 0))
	}
	switch name := f["ElementDataFile"]; {
	case strings.EqualFold(name, "LOCAL"):
		h.Offset, h.AtEnd = end, false
	case name == "LIST" || strings.HasPrefix(name, "LIST "):
		for _, line := range strings.Split(string(rest), "\n") {
			if line = strings.TrimSpace(line); line != "" {
				h.Files = append(h.Files, line)
			}
		}
		if len(h.Files) == 0 || len(rest) >= maxHeader/2 {
			return volume.Damaged("has no list of the files with its pixels")
		}
	case strings.Contains(name, "%"):
		h.Files, err = volume.Numbered(strings.Fields(name))
		return err
	case name == "":
		return volume.Damaged("does not say where its pixels are")
	default:
		h.Files = []string{name}
	}
	return nil
}

func typeOf(name string) volume.Type {
	return map[string]volume.Type{
		"MET_CHAR": volume.Int8, "MET_UCHAR": volume.Uint8, "MET_SHORT": volume.Int16, "MET_USHORT": volume.Uint16,
		"MET_INT": volume.Int32, "MET_UINT": volume.Uint32, "MET_LONG": volume.Int32, "MET_ULONG": volume.Uint32,
		"MET_LONG_LONG": volume.Int64, "MET_ULONG_LONG": volume.Uint64, "MET_FLOAT": volume.Float32, "MET_DOUBLE": volume.Float64,
	}[name]
}

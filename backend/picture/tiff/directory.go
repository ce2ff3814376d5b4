package tiff

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
)

// Bounds of a file's directories.
const (
	maxPages  = 1 << 16
	maxFields = 1 << 12
	maxValues = 1 << 24 // bytes of a field that is read
)

// Tags.
const (
	tagSubfile        = 254
	tagWidth          = 256
	tagHeight         = 257
	tagBits           = 258
	tagCompression    = 259
	tagPhotometric    = 262
	tagFillOrder      = 266
	tagStripOffsets   = 273
	tagOrientation    = 274
	tagSamples        = 277
	tagRowsPerStrip   = 278
	tagStripCounts    = 279
	tagPlanar         = 284
	tagGroup3Options  = 292
	tagPredictor      = 317
	tagColorMap       = 320
	tagTileWidth      = 322
	tagTileHeight     = 323
	tagTileOffsets    = 324
	tagTileCounts     = 325
	tagInkSet         = 332
	tagExtraSamples   = 338
	tagSampleFormat   = 339
	tagJPEGTables     = 347
	tagYCbCrSubsample = 530
)

// File is a parsed file. Its pages are decoded on demand.
type File struct {
	Pages []*Page // in their order, without smaller copies of others

	r     io.ReaderAt
	size  int64
	order binary.ByteOrder
	big   bool // BigTIFF: 64-bit places
}

// Sniff reports whether data begin like TIFF or BigTIFF.
func Sniff(head []byte) bool {
	_, _, ok := start(head)
	return ok
}

func start(head []byte) (order binary.ByteOrder, big, ok bool) {
	if len(head) < 8 {
		return nil, false, false
	}
	switch string(head[:4]) {
	case "II*\x00":
		return binary.LittleEndian, false, true
	case "MM\x00*":
		return binary.BigEndian, false, true
	case "II+\x00":
		return binary.LittleEndian, true, true
	case "MM\x00+":
		return binary.BigEndian, true, true
	}
	return nil, false, false
}

// Parse reads the directories of a file. Errors are of type *[Error].
func Parse(r io.ReaderAt, size int64) (*File, error) {
	f := &File{r: r, size: size}
	head, err := f.bytes(0, min(16, max(size, 0)))
	if err != nil {
		return nil, err
	}
	var ok bool
	if f.order, f.big, ok = start(head); !ok {
		return nil, damaged("it does not begin like one")
	}
	next := int64(f.order.Uint32(head[4:]))
	if f.big {
		if len(head) < 16 || f.order.Uint16(head[4:]) != 8 {
			return nil, damaged("its places have a size that is unknown")
		}
		next = int64(f.order.Uint64(head[8:]))
	}
	seen := map[int64]bool{}
	for next != 0 && !seen[next] && len(f.Pages) < maxPages {
		seen[next] = true
		d, following, err := f.directory(next)
		if err != nil {
			if len(f.Pages) > 0 {
				break // what can be shown is shown
			}
			return nil, err
		}
		next = following
		p, err := newPage(d)
		if err != nil {
			if len(f.Pages) > 0 {
				continue
			}
			return nil, err
		}
		if len(f.Pages) == 0 || !p.reduced {
			f.Pages = append(f.Pages, p)
		}
	}
	if len(f.Pages) == 0 {
		return nil, damaged("it holds no picture")
	}
	return f, nil
}

// Alike are the pages of the first one's size and type, which make a stack.
func (f *File) Alike() []int {
	var out []int
	first := f.Pages[0]
	for i, p := range f.Pages {
		if p.Width == first.Width && p.Height == first.Height && p.Samples == first.Samples && p.Bits == first.Bits && p.Format == first.Format {
			out = append(out, i)
		}
	}
	return out
}

// bytes reads a part of the file.
func (f *File) bytes(at, n int64) ([]byte, error) {
	if at < 0 || n < 0 || at > f.size || n > f.size-at {
		return nil, short()
	}
	data := make([]byte, n)
	if _, err := f.r.ReadAt(data, at); err != nil && !errors.Is(err, io.EOF) {
		return nil, &Error{"cannot be read", "check the disk it is on", err}
	}
	return data, nil
}

// directory reads the fields of one page, and where the next one is.
func (f *File) directory(at int64) (d directory, next int64, err error) {
	countSize, fieldSize, wordSize := int64(2), int64(12), int64(4)
	if f.big {
		countSize, fieldSize, wordSize = 8, 20, 8
	}
	b, err := f.bytes(at, countSize)
	if err != nil {
		return nil, 0, err
	}
	count := uint64(f.order.Uint16(b))
	if f.big {
		count = f.order.Uint64(b)
	}
	if count > maxFields {
		return nil, 0, damaged("a page has %d fields", count)
	}
	if b, err = f.bytes(at+countSize, int64(count)*fieldSize); err != nil {
		return nil, 0, err
	}
	d = directory{}
	for ; len(b) >= int(fieldSize); b = b[fieldSize:] {
		if err := f.field(d, b[:fieldSize]); err != nil {
			return nil, 0, err
		}
	}
	// A file may end with its last directory, without the zero behind it.
	if b, err = f.bytes(at+countSize+int64(count)*fieldSize, wordSize); err == nil {
		next = int64(f.order.Uint32(b))
		if f.big {
			next = int64(f.order.Uint64(b))
		}
	}
	return d, next, nil
}

// directory is the fields of a page that mean something here.
type directory map[uint16]field

// field is the numbers of a field, or its bytes.
type field struct {
	numbers []uint64
	bytes   []byte
}

// sizes of the types of fields, by their numbers.
var sizes = [...]int64{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}

// field reads a field of the directory, unless nothing is done with it.
func (f *File) field(d directory, b []byte) error {
	tag, kind := f.order.Uint16(b), int(f.order.Uint16(b[2:]))
	count, value := uint64(f.order.Uint32(b[4:])), b[8:12]
	if f.big {
		count, value = f.order.Uint64(b[4:]), b[12:20]
	}
	if !used(tag) || kind >= len(sizes) || sizes[kind] == 0 {
		return nil
	}
	if count == 0 || count > maxValues/uint64(sizes[kind]) {
		return damaged("a field has %d values", count)
	}
	if n := int64(count) * sizes[kind]; n > int64(len(value)) {
		at := int64(f.order.Uint32(value))
		if f.big {
			at = int64(f.order.Uint64(value))
		}
		var err error
		if value, err = f.bytes(at, n); err != nil {
			return err
		}
	}
	if tag == tagJPEGTables {
		d[tag] = field{bytes: value[:count*uint64(sizes[kind])]}
		return nil
	}
	out := make([]uint64, count)
	for i := range out {
		switch sizes[kind] {
		case 1:
			out[i] = uint64(value[i])
		case 2:
			out[i] = uint64(f.order.Uint16(value[2*i:]))
		case 4:
			out[i] = uint64(f.order.Uint32(value[4*i:]))
		default:
			out[i] = f.order.Uint64(value[8*i:])
		}
	}
	d[tag] = field{numbers: out}
	return nil
}

func used(tag uint16) bool {
	switch tag {
	case tagSubfile, tagWidth, tagHeight, tagBits, tagCompression, tagPhotometric, tagFillOrder, tagStripOffsets, tagOrientation,
		tagSamples, tagRowsPerStrip, tagStripCounts, tagPlanar, tagGroup3Options, tagPredictor, tagColorMap, tagTileWidth, tagTileHeight,
		tagTileOffsets, tagTileCounts, tagInkSet, tagExtraSamples, tagSampleFormat, tagJPEGTables, tagYCbCrSubsample:
		return true
	}
	return false
}

// number is the first number of a field, or what stands in its place.
func (d directory) number(tag uint16, otherwise int) int {
	f, ok := d[tag]
	if !ok || len(f.numbers) == 0 {
		return otherwise
	}
	return int(min(f.numbers[0], math.MaxInt32))
}

// same is a number that a field repeats for every sample; ok is false where they
// differ.
func (d directory) same(tag uint16, otherwise int) (n int, ok bool) {
	for _, v := range d[tag].numbers {
		if v != d[tag].numbers[0] {
			return 0, false
		}
	}
	return d.number(tag, otherwise), true
}

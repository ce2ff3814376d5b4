package dicom

import (
	"slices"
	"strings"
)

// pixels is a file's image pixel module (PS3.3 C.7.6.3), checked.
type pixels struct {
	rows, columns int
	samples       int
	allocated     int // bits of a sample in the file
	stored, high  int
	signed        bool
	planar        bool
	photometric   string
	frames        int
	float         bool       // floating point samples
	native        []byte     // all frames, uncompressed
	coded         [][][]byte // fragments by frame, compressed
	coding        coding
	syntax        syntax
}

// describe checks what the file says about its pixels.
func (f *File) describe() (*pixels, error) {
	e, float := f.pixelElement()
	if e == nil {
		return nil, f.noPicture()
	}
	p := &pixels{float: float}
	if err := f.shape(p); err != nil {
		return nil, err
	}
	if err := f.depth(p); err != nil {
		return nil, err
	}
	if err := f.meaning(p); err != nil {
		return nil, err
	}
	if err := f.locate(p, e); err != nil {
		return nil, err
	}
	if p.frames > maxFrames {
		f.found.warn("the file has %d frames; the first %d are used", p.frames, maxFrames)
		p.frames = maxFrames
	}
	return p, nil
}

func (f *File) pixelElement() (e *element, float bool) {
	if e = f.root.find(tagPixelData); e != nil {
		return e, false
	}
	if e = f.root.find(tagFloatPixels); e != nil {
		return e, true
	}
	e = f.root.find(tagDoublePixels)
	return e, e != nil
}

// noPicture says what a file without pixels is.
func (f *File) noPicture() error {
	const noPicture = "is a DICOM file that holds no picture"
	what := noPicture
	switch f.root.kindOf() {
	case "SR", "KO":
		what = "is a report and holds no picture"
	case "PR":
		what = "is a presentation state and holds no picture"
	case "RTPLAN", "RTSTRUCT", "RTRECORD", "PLAN":
		what = "is a radiotherapy object and holds no picture"
	case "DOC":
		what = "is a document and holds no picture"
	}
	if what == noPicture && slices.Contains(f.found.warnings, warnCut) {
		return damaged("ends before its picture")
	}
	if f.root.find(tagDirectoryRecord) != nil {
		return &Error{"is a DICOM directory and holds no picture itself", "open the folder it lies in", ErrNoPicture}
	}
	return &Error{what, "choose a file with pixels, of CT, MR or X-ray for instance", ErrNoPicture}
}

// shape reads rows, columns, samples and frames.
func (f *File) shape(p *pixels) error {
	var ok bool
	if p.rows, ok = f.root.integer(tagRows); !ok || p.rows < 1 {
		return damaged("does not say how many rows its picture has")
	}
	if p.columns, ok = f.root.integer(tagColumns); !ok || p.columns < 1 {
		return damaged("does not say how many columns its picture has")
	}
	if p.columns > MaxPixels/p.rows {
		return tooLarge("declares %d×%d pixels, more than the program takes", p.columns, p.rows)
	}
	if p.samples, ok = f.root.integer(tagSamples); !ok {
		p.samples = 1
		if strings.HasPrefix(f.root.text(tagPhotometric), "RGB") || strings.HasPrefix(f.root.text(tagPhotometric), "YBR") {
			p.samples = 3
		}
		f.found.warn("the file does not say how many samples a pixel has; %d assumed", p.samples)
	}
	if p.samples != 1 && p.samples != 3 {
		return damaged("has %d samples per pixel, neither 1 nor 3", p.samples)
	}
	p.frames = 1
	if n := f.root.number(tagFrames); n.broken {
		f.found.warn("the number of frames%s cannot be read; the first one is used", f.found.quote(n.written))
	} else if n.value > 1 {
		p.frames = int(min(n.value, 1<<30))
	}
	return nil
}

// depth reads the number and place of the bits.
func (f *File) depth(p *pixels) error {
	var ok bool
	if p.allocated, ok = f.root.integer(tagAllocated); !ok {
		return damaged("does not say how many bits a pixel has")
	}
	switch {
	case p.float && (p.allocated == 32 || p.allocated == 64):
		p.stored, p.high = p.allocated, p.allocated-1
		return nil
	case p.float:
		return damaged("has floating point pixels of %d bits, which are none", p.allocated)
	case p.allocated != 1 && p.allocated != 8 && p.allocated != 16 && p.allocated != 32:
		return damaged("has %d bits allocated per pixel, which no picture has", p.allocated)
	}
	if p.stored, ok = f.root.integer(tagStored); !ok {
		p.stored = p.allocated
		f.found.warn("the file does not say how many bits are stored; %d assumed", p.stored)
	}
	if p.stored < 1 || p.stored > p.allocated {
		return damaged("says that %d of %d bits per pixel are used", p.stored, p.allocated)
	}
	if p.high, ok = f.root.integer(tagHighBit); !ok || p.high < p.stored-1 || p.high >= p.allocated {
		p.high = p.stored - 1
		if ok {
			f.found.warn("the file misplaces its highest bit; %d assumed", p.high)
		}
	}
	sign, _ := f.root.integer(tagSigned)
	p.signed = sign == 1
	return nil
}

// meaning reads what the samples stand for.
func (f *File) meaning(p *pixels) error {
	p.photometric = strings.ToUpper(f.root.text(tagPhotometric))
	colour := true
	switch p.photometric {
	case "MONOCHROME1", "MONOCHROME2", "PALETTE COLOR":
		colour = false
	case "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422", "YBR_PARTIAL_420", "YBR_ICT", "YBR_RCT":
	case "":
		if !p.float {
			return damaged("does not say whether its pixels are grey or colour")
		}
		p.photometric, colour = "MONOCHROME2", false
	default:
		return damaged("has pixels of a kind that is not shown (photometric interpretation%s)", f.found.quote(p.photometric))
	}
	if colour != (p.samples == 3) {
		return damaged("has %d samples per pixel where%s needs another number", p.samples, f.found.quote(p.photometric))
	}
	if colour && p.allocated == 1 {
		return damaged("has colours of one bit")
	}
	planar, _ := f.root.integer(tagPlanar)
	p.planar = planar == 1 && colour
	return nil
}

// subsampled reports whether the file stores chroma for every second pixel
// only, as uncompressed 4:2:2 does.
func (p *pixels) subsampled() bool {
	return p.coding == codingNative && p.allocated == 8 && (p.photometric == "YBR_FULL_422" || p.photometric == "YBR_PARTIAL_422")
}

// frameBits is the size of an uncompressed frame in the file.
func (p *pixels) frameBits() int {
	if p.subsampled() {
		return p.rows * (p.columns + p.columns%2) * 16
	}
	return p.rows * p.columns * p.samples * p.allocated
}

// locate finds the pixels' bytes and how many frames there are.
func (f *File) locate(p *pixels, e *element) error {
	if e.parts != nil && e.parts.fragments != nil {
		p.coding = f.syntax.coding
		return f.locateCoded(p, e)
	}
	p.native = e.value
	if p.photometric == "YBR_FULL_422" || p.photometric == "YBR_PARTIAL_422" {
		if len(e.value) >= p.frames*p.rows*p.columns*3 { // some writers keep full resolution
			p.photometric = p.photometric[:len(p.photometric)-len("_422")]
			f.found.warn("the colours are stored at full resolution though the file says otherwise")
		}
	}
	bits := p.frameBits()
	switch there := len(p.native) * 8; {
	case there < bits/4 || there == 0:
		return damaged("ends before its picture: %d of %d bytes are there", len(p.native), (bits+7)/8)
	case there < bits:
		f.found.warn("the picture is cut off; %d %% of it are there", there*100/bits)
		p.frames = 1
	case there/bits < p.frames:
		f.found.warn("the file declares %d frames and holds %d", p.frames, there/bits)
		p.frames = there / bits
	}
	return nil
}

// locateCoded sorts the compressed fragments into frames.
func (f *File) locateCoded(p *pixels, e *element) error {
	var extended []byte
	if t := f.root.find(tagExtendedOffsets); t != nil {
		extended = t.value
	}
	p.coded = streams(e.parts.fragments, extended, p.frames, f.root.order)
	if len(p.coded) == 0 {
		return damaged("ends before its picture")
	}
	if c, ok := recognize(p.coded[0][0]); ok && p.coding != codingOther {
		if c != p.coding {
			f.found.warn("the pixels are not compressed in the way the file names")
		}
		p.coding = c
	}
	if p.coding == codingNative && runLength(p.coded[0][0], p.samples*p.allocated/8) {
		p.coding = codingRLE
	}
	if p.coding == codingNative { // uncompressed pixels wrapped as if compressed
		p.native, p.coded = joinAll(p.coded), nil
		return f.locate(p, &element{value: p.native})
	}
	p.syntax = f.syntax
	if p.coding == codingOther {
		return p.refused()
	}
	if len(p.coded) < p.frames {
		f.found.warn("the file declares %d frames and holds %d", p.frames, len(p.coded))
	}
	p.frames = min(p.frames, len(p.coded))
	return nil
}

func joinAll(frames [][][]byte) []byte {
	var out []byte
	for _, parts := range frames {
		out = append(out, joined(parts)...)
	}
	return out
}

// refused says that a transfer syntax is not decoded.
func (p *pixels) refused() error {
	name := p.syntax.name
	if strings.Trim(p.syntax.uid, "0123456789.") == "" {
		name += " (" + p.syntax.uid + ")"
	}
	return &Error{
		"is compressed as " + name + ", which is not decoded here",
		"export it uncompressed, or as JPEG lossless or JPEG-LS",
		ErrSyntax,
	}
}

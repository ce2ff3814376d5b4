package tiff

import "fmt"

// Format is what the bits of a sample mean.
type Format int

// The formats.
const (
	Unsigned Format = 1
	Signed   Format = 2
	Float    Format = 3
)

// Photometric is what the samples of a pixel mean.
type Photometric int

// The meanings that are read.
const (
	WhiteIsZero Photometric = 0
	BlackIsZero Photometric = 1
	RGB         Photometric = 2
	Palette     Photometric = 3
	mask        Photometric = 4
	CMYK        Photometric = 5
	YCbCr       Photometric = 6
)

// Page is one picture of a file.
type Page struct {
	Width, Height int
	Samples       int // of a pixel, with alpha and others
	Bits          int // of a sample
	Format        Format
	Photometric   Photometric
	Orientation   int // as of EXIF, 1…8

	reduced     bool // a smaller copy of another page
	compression int
	predictor   int
	planar      bool // one plane for each sample
	reversed    bool // bits of a byte from the right
	alpha       int  // of the first extra sample: 1 premultiplied, 2 not, 0 something else
	palette     []uint64
	tables      []byte // of JPEG
	group3      int    // options of T.4
	tiled       bool
	blockWidth  int
	blockHeight int
	offsets     []uint64
	counts      []uint64
}

const maxSide = 1 << 20

// newPage makes sense of a directory.
func newPage(d directory) (*Page, error) {
	p := &Page{
		Width: d.number(tagWidth, 0), Height: d.number(tagHeight, 0),
		Samples: d.number(tagSamples, 1), Photometric: Photometric(d.number(tagPhotometric, int(BlackIsZero))),
		Orientation: d.number(tagOrientation, 1),
		reduced:     d.number(tagSubfile, 0)&1 != 0,
		compression: d.number(tagCompression, 1), predictor: d.number(tagPredictor, 1),
		reversed: d.number(tagFillOrder, 1) == 2,
		palette:  d[tagColorMap].numbers, tables: d[tagJPEGTables].bytes, group3: d.number(tagGroup3Options, 0),
	}
	if p.Width < 1 || p.Height < 1 || p.Width > maxSide || p.Height > maxSide {
		return nil, damaged("a page of %d×%d pixels", p.Width, p.Height)
	}
	if p.Samples < 1 || p.Samples > 1<<12 {
		return nil, damaged("a page with %d samples for every pixel", p.Samples)
	}
	p.planar = p.Samples > 1 && d.number(tagPlanar, 1) == 2
	var ok bool
	if p.Bits, ok = d.same(tagBits, 1); !ok {
		return nil, unsupported("whose samples have different numbers of bits, which is not read", "save it with the same number for all")
	}
	format, ok := d.same(tagSampleFormat, int(Unsigned))
	if !ok {
		return nil, unsupported("whose samples are of different types, which is not read", "save it with the same type for all")
	}
	if format == 4 { // "undefined"
		format = int(Unsigned)
	}
	p.Format = Format(format)
	p.alpha = d.number(tagExtraSamples, 0)
	p.layout(d)
	return p, p.check(d)
}

// layout reads where strips or tiles are.
func (p *Page) layout(d directory) {
	if _, p.tiled = d[tagTileWidth]; p.tiled {
		p.blockWidth, p.blockHeight = d.number(tagTileWidth, 0), d.number(tagTileHeight, 0)
		p.offsets, p.counts = d[tagTileOffsets].numbers, d[tagTileCounts].numbers
		if p.offsets == nil { // some writers use the tags of strips
			p.offsets, p.counts = d[tagStripOffsets].numbers, d[tagStripCounts].numbers
		}
		return
	}
	p.blockWidth, p.blockHeight = p.Width, min(d.number(tagRowsPerStrip, p.Height), p.Height)
	p.offsets, p.counts = d[tagStripOffsets].numbers, d[tagStripCounts].numbers
}

// check refuses what is not read, in words, and what contradicts itself.
func (p *Page) check(d directory) error {
	for _, err := range []error{p.checkCompression(), p.checkSamples(), p.checkColors(d)} {
		if err != nil {
			return err
		}
	}
	if p.blockWidth < 1 || p.blockHeight < 1 || p.blockWidth > maxSide || p.blockHeight > maxSide {
		return damaged("its parts are %d×%d pixels large", p.blockWidth, p.blockHeight)
	}
	if n := p.blocks(); len(p.offsets) < n {
		return damaged("%d of its %d parts are missing", n-len(p.offsets), n)
	}
	return nil
}

// names of ways of compression that are known and not read.
var unread = map[int]string{
	2: "CCITT RLE", 6: "old-style JPEG", 9: "JBIG", 10: "JBIG", 34661: "JBIG", 34676: "SGI LogLuv", 34677: "SGI LogLuv",
	34712: "JPEG 2000", 33003: "JPEG 2000", 33005: "JPEG 2000", 34887: "LERC", 34892: "lossy JPEG", 34925: "LZMA",
	50000: "Zstandard", 34926: "Zstandard", 34927: "WebP", 50001: "WebP", 50002: "JPEG XL", 52546: "JPEG XL", 32809: "ThunderScan",
	34934: "JPEG XR", 22610: "JPEG XR",
}

func (p *Page) checkCompression() error {
	switch p.compression {
	case compressionNone, compressionGroup3, compressionGroup4, compressionLZW, compressionJPEG, compressionDeflate, compressionDeflateOld, compressionPackBits:
	default:
		name, ok := unread[p.compression]
		if !ok {
			name = fmt.Sprintf("a way that is unknown (number %d)", p.compression)
		}
		return unsupported("compressed by "+name+", which is not read", "save it uncompressed, or compressed by LZW or Deflate")
	}
	if p.fax() && (p.Bits != 1 || p.Samples != 1) {
		return damaged("it is compressed like a fax and is none")
	}
	if p.compression == compressionGroup3 && p.group3&1 != 0 {
		return unsupported("compressed by two-dimensional CCITT Group 3, which is not read", "save it uncompressed, or compressed by LZW or Deflate")
	}
	if p.predictor > 3 || p.predictor < 1 {
		return unsupported(fmt.Sprintf("with the predictor %d, which is unknown", p.predictor), "save it without a predictor")
	}
	return nil
}

func (p *Page) checkSamples() error {
	ok := false
	switch p.Format {
	case Unsigned:
		ok = p.Bits >= 1 && p.Bits <= 16 || p.Bits == 32 || p.Bits == 64
	case Signed:
		ok = p.Bits == 8 || p.Bits == 16 || p.Bits == 32 || p.Bits == 64
	case Float:
		ok = p.Bits == 16 || p.Bits == 32 || p.Bits == 64
	case 5, 6:
		return unsupported("of complex numbers, which are not read", "save real and imaginary part, or the magnitude, as pictures of their own")
	}
	if !ok {
		return unsupported(fmt.Sprintf("of samples that are not read (%d bits, format %d)", p.Bits, p.Format), "save it with 8, 16 or 32 bits")
	}
	if p.predictor == 2 && p.Bits%8 != 0 || p.predictor == 3 && p.Format != Float {
		return damaged("its predictor does not fit its samples")
	}
	if p.compression == compressionJPEG && (p.Bits != 8 || p.Format != Unsigned) {
		return unsupported(fmt.Sprintf("compressed by JPEG with %d bits, which is not read", p.Bits), "save it uncompressed, or compressed by LZW or Deflate")
	}
	return nil
}

func (p *Page) checkColors(d directory) error {
	least := 1
	switch p.Photometric {
	case WhiteIsZero, BlackIsZero, mask:
	case RGB:
		least = 3
	case Palette:
		if p.Bits > 8 || p.Format != Unsigned || p.Samples != 1 || len(p.palette) < 3<<p.Bits {
			return damaged("its palette does not fit its pixels")
		}
	case CMYK:
		least = 4
		if p.planar {
			return unsupported("with inks in planes of their own, which is not read", "save it as RGB")
		}
		if d.number(tagInkSet, 1) != 1 || p.Bits != 8 && p.Bits != 16 || p.Format != Unsigned {
			return unsupported("of inks other than cyan, magenta, yellow and black, which is not read", "save it as RGB")
		}
	case YCbCr:
		least = 3
		if p.compression != compressionJPEG || p.planar {
			return unsupported("of luma and chroma (YCbCr) that are not one JPEG stream, which is not read", "save it as RGB")
		}
	default:
		name, ok := map[Photometric]string{8: "CIE L*a*b*", 9: "ICC L*a*b*", 10: "ITU L*a*b*", 32803: "a colour filter array (raw camera data)",
			34892: "raw camera data", 32844: "LogL", 32845: "LogLuv"}[p.Photometric]
		if !ok {
			name = fmt.Sprintf("an unknown colour space (number %d)", p.Photometric)
		}
		return unsupported("in "+name+", which is not read", "save it as RGB")
	}
	if p.Samples < least {
		return damaged("it has %d samples for every pixel where %d belong", p.Samples, least)
	}
	return nil
}

// fax tells whether the page is compressed as faxes are.
func (p *Page) fax() bool {
	return p.compression == compressionGroup3 || p.compression == compressionGroup4
}

// across and down are the numbers of strips or tiles.
func (p *Page) across() int { return (p.Width + p.blockWidth - 1) / p.blockWidth }
func (p *Page) down() int   { return (p.Height + p.blockHeight - 1) / p.blockHeight }

// blocks is the number of strips or tiles of all planes.
func (p *Page) blocks() int {
	n := p.across() * p.down()
	if p.planar {
		n *= p.Samples
	}
	return n
}

// together is the number of samples of a pixel that lie side by side.
func (p *Page) together() int {
	if p.planar {
		return 1
	}
	return p.Samples
}

// rowBytes is the length of a row of a strip or tile.
func (p *Page) rowBytes() int { return (p.blockWidth*p.together()*p.Bits + 7) / 8 }

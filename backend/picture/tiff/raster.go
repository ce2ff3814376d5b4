package tiff

import (
	"context"
	"fmt"
	"math"
	"runtime"
)

// Raster is the pixels of a page: one channel (grey), three (red, green, blue), or
// four (and alpha), interleaved. Exactly one of the slices is used: 8 bits for
// samples of up to 8 bits, stretched to 0…255; 16 bits likewise, to 0…65535; floats
// for all others, which are the numbers of the file.
type Raster struct {
	Width, Height int
	Channels      int
	U8            []uint8
	U16           []uint16
	F32           []float32
	Premultiplied bool     // colours of four channels are
	Inverted      bool     // small numbers are white; of floats, which are left as they are
	Notes         []string // what was done and left out, in words
}

// Channels are the channels that a page has to choose from: more than one where
// its samples are neither colours nor grey with alpha.
func (p *Page) Channels() int {
	if p.grey() && p.Samples > 1 && !(p.Samples == 2 && p.alpha > 0) {
		return p.Samples
	}
	return 1
}

func (p *Page) grey() bool {
	return p.Photometric == WhiteIsZero || p.Photometric == BlackIsZero || p.Photometric == mask
}

// wide tells that samples are kept as floats.
func (p *Page) wide() bool { return p.Format != Unsigned || p.Bits > 16 }

// kept is the number of channels of a page's raster.
func (p *Page) kept() int {
	switch {
	case p.grey(), p.Photometric == Palette && p.greyPalette():
		return 1
	case p.Photometric == RGB && p.Samples > 3 && (p.alpha == 1 || p.alpha == 2) && !p.wide():
		return 4
	}
	return 3
}

// greyPalette tells whether all colours of the palette are grey.
func (p *Page) greyPalette() bool {
	n := len(p.palette) / 3
	for i := range 1 << p.Bits {
		if p.palette[i]>>8 != p.palette[i+n]>>8 || p.palette[i]>>8 != p.palette[i+2*n]>>8 {
			return false
		}
	}
	return true
}

// Bytes is the size of a page's raster.
func (p *Page) Bytes() int64 {
	size := int64(1)
	switch {
	case p.wide():
		size = 4
	case p.Bits > 8:
		size = 2
	}
	return int64(p.Width) * int64(p.Height) * int64(p.kept()) * size
}

// Need is how many bytes decoding the page takes: its raster, a row of a part, and
// of JPEG the planes of a whole part, 16 bits each.
func (p *Page) Need() int64 {
	need := p.Bytes() + 16*int64(p.rowBytes())
	if p.compression == compressionJPEG {
		need += 3 * int64(p.rowBytes()) * int64(p.blockHeight)
	}
	return need
}

// Decode reads page i, counted from 0, and of several channels (see
// [Page.Channels]) the one asked for. It takes limit bytes at most. Errors are of
// type *[Error], or ctx's.
func (f *File) Decode(ctx context.Context, i, channel int, limit int64) (*Raster, error) {
	if i < 0 || i >= len(f.Pages) {
		return nil, &Error{fmt.Sprintf("has no page %d", i), fmt.Sprintf("choose one of 0 to %d; the first page is 0", len(f.Pages)-1), nil}
	}
	p := f.Pages[i]
	if channel < 0 || channel >= p.Channels() {
		return nil, &Error{fmt.Sprintf("has no channel %d", channel), fmt.Sprintf("choose one of 0 to %d; the first channel is 0", p.Channels()-1), nil}
	}
	if need := p.Need(); need > limit {
		return nil, &Error{fmt.Sprintf("is a TIFF picture of %d×%d pixels, which takes %d MB where %d are allowed", p.Width, p.Height, need>>20, limit>>20),
			"use a smaller copy of it, or allow more memory", ErrTooLarge}
	}
	if err := f.present(p); err != nil {
		return nil, err
	}
	m := &Raster{Width: p.Width, Height: p.Height, Channels: p.kept()}
	n := p.Width * p.Height * m.Channels
	switch {
	case p.wide():
		m.F32 = make([]float32, n)
	case p.Bits > 8:
		m.U16 = make([]uint16, n)
	default:
		m.U8 = make([]uint8, n)
	}
	m.describe(p)
	d := &drawing{file: f, page: p, raster: m, channel: channel}
	return m, d.blocks(ctx)
}

// present refuses a page whose parts are not in the file or cannot hold it,
// before anything is allocated for it.
func (f *File) present(p *Page) error {
	if p.compression == compressionNone { // each part tells
		return nil
	}
	var there int64
	for i := range p.blocks() {
		if i < len(p.counts) && p.counts[i] > 0 {
			there += int64(min(p.counts[i], 1<<40))
		} else {
			there += f.size
		}
	}
	want := int64(p.rowBytes()) * int64(p.Height) * int64(p.across())
	if p.planar {
		want *= int64(p.Samples)
	}
	if p.most(min(there, f.size*int64(p.blocks()))) < want {
		return damaged("its bytes cannot hold %d×%d pixels", p.Width, p.Height)
	}
	return nil
}

// describe says what is left out.
func (m *Raster) describe(p *Page) {
	m.Premultiplied = m.Channels == 4 && p.alpha == 1
	m.Inverted = p.Photometric == WhiteIsZero && p.wide()
	used := m.Channels
	if p.Photometric == CMYK {
		used = 4
		m.Notes = append(m.Notes, "inks are converted to colours without a profile")
	}
	switch {
	case p.Photometric == Palette || p.Channels() > 1:
	case p.Samples == used+1:
		m.Notes = append(m.Notes, "a further channel of the file is left out")
	case p.Samples > used:
		m.Notes = append(m.Notes, fmt.Sprintf("%d further channels of the file are left out", p.Samples-used))
	}
	if p.wide() && (p.Bits == 64 || p.Bits == 32 && p.Format != Float) {
		m.Notes = append(m.Notes, "numbers are rounded to 24 bits")
	}
}

// drawing puts strips and tiles where they belong.
type drawing struct {
	file    *File
	page    *Page
	raster  *Raster
	channel int
	samples []float64 // of a row
	garbage int64     // bytes of decoders that are done with, about
}

// Decoders leave something behind for every part. It is collected before it adds
// up to another picture, which the runtime would allow.
const (
	perDecoder = 64 << 10
	maxGarbage = 32 << 20
)

// collect counts what the decoder of a part leaves.
func (d *drawing) collect() {
	d.garbage += perDecoder
	if p := d.page; p.compression == compressionJPEG {
		d.garbage += 3 * int64(p.rowBytes()) * int64(p.blockHeight)
	}
	if d.garbage > maxGarbage {
		runtime.GC()
		d.garbage = 0
	}
}

func (d *drawing) blocks(ctx context.Context) error {
	p := d.page
	across, down := p.across(), p.down()
	d.samples = make([]float64, p.blockWidth*p.together())
	planes := 1
	if p.planar {
		planes = p.Samples
	}
	for plane := range planes {
		if !d.wanted(plane) {
			continue
		}
		for i := range across * down {
			left, top := i%across*p.blockWidth, i/across*p.blockHeight
			rows := p.blockHeight
			if !p.tiled {
				rows = min(rows, p.Height-top)
			}
			next, err := d.file.open(p, plane*across*down+i, rows)
			if err == nil {
				err = d.block(ctx, next, left, top, min(rows, p.Height-top), plane)
			}
			if err != nil {
				return err
			}
			d.collect()
		}
	}
	return nil
}

// wanted tells whether a plane is part of the raster.
func (d *drawing) wanted(plane int) bool {
	switch {
	case !d.page.planar:
		return true
	case d.page.grey():
		return plane == d.channel
	}
	return plane < d.raster.Channels
}

// block puts the rows of one strip or tile at their place; what lies outside is
// cut off.
func (d *drawing) block(ctx context.Context, next rows, left, top, n, plane int) error {
	p, m := d.page, d.raster
	columns := min(p.blockWidth, p.Width-left)
	row := make([]byte, p.rowBytes())
	for y := range n {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := next(row); err != nil {
			return err
		}
		at := ((top+y)*m.Width + left) * m.Channels
		if d.plain() {
			d.undo(row)
			copy(m.U8[at:at+columns*m.Channels], row)
			continue
		}
		d.read(row)
		for x := range columns {
			if p.planar {
				d.put(at+x*m.Channels+plane%m.Channels, d.samples[x])
			} else {
				d.pixel(at+x*m.Channels, d.samples[x*p.Samples:(x+1)*p.Samples])
			}
		}
	}
	return nil
}

// plain tells that a row of the file is one of the raster.
func (d *drawing) plain() bool {
	p, m := d.page, d.raster
	return m.U8 != nil && p.Bits == 8 && !p.planar && p.Samples == m.Channels && p.Photometric != WhiteIsZero && p.Photometric != Palette
}

// pixel puts one interleaved pixel.
func (d *drawing) pixel(at int, samples []float64) {
	p, m := d.page, d.raster
	switch {
	case p.grey():
		d.put(at, samples[d.channel])
	case p.Photometric == Palette:
		colors := len(p.palette) / 3
		for c := range m.Channels {
			m.U8[at+c] = uint8(p.palette[min(int(samples[0]), colors-1)+c*colors] >> 8)
		}
	case p.Photometric == CMYK:
		d.ink(at, samples)
	default:
		for c := range m.Channels {
			d.put(at+c, samples[c])
		}
	}
}

// ink turns cyan, magenta, yellow and black to a colour as [color.CMYKToRGB]
// does: what is left of white after both.
func (d *drawing) ink(at int, samples []float64) {
	top := math.Ldexp(1, d.page.Bits) - 1
	for c := range 3 {
		v := math.Floor((top-samples[c])*(top-samples[3])/top + 0.5)
		if d.raster.U16 != nil {
			d.raster.U16[at+c] = uint16(v)
		} else {
			d.raster.U8[at+c] = uint8(v)
		}
	}
}

// put writes one sample, stretched to the range of its type.
func (d *drawing) put(i int, v float64) {
	p, m := d.page, d.raster
	if m.F32 != nil {
		m.F32[i] = float32(v)
		return
	}
	top := math.Ldexp(1, p.Bits) - 1
	if p.Photometric == WhiteIsZero {
		v = top - v
	}
	if m.U16 != nil {
		if p.Bits < 16 {
			v = math.Round(v * 65535 / top)
		}
		m.U16[i] = uint16(v)
		return
	}
	if p.Bits < 8 {
		v = math.Round(v * 255 / top)
	}
	m.U8[i] = uint8(v)
}

package picture

import (
	"context"
	"image"
	"math"
	"path/filepath"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/tiff"
)

// tiffFile is the pages of a TIFF file that make a stack: those of the first one's
// size and type. Samples that are neither colours nor alpha are volumes.
type tiffFile struct {
	file   *file
	data   []byte // unpacked, of a compressed file; nil: it is read from where it is
	parsed *tiff.File
	pages  []int
	memory int64
}

func openTIFF(ctx context.Context, f *file, o Options) (content, error) {
	t := &tiffFile{file: f, memory: o.memory()}
	if f.zipped {
		data, err := f.all(ctx, o.memory())
		if err != nil {
			return nil, err
		}
		t.data = data
	}
	return t, t.with(f, func(g *file) (err error) {
		if t.parsed, err = tiff.Parse(g.at, g.size); err == nil {
			t.pages = t.parsed.Alike()
		}
		return err
	})
}

// with lends the file, opened again where it may have been closed.
func (t *tiffFile) with(f *file, use func(*file) error) error {
	if t.data != nil {
		return use(inMemory(f.name, t.data))
	}
	return use(f)
}

func (t *tiffFile) first() *tiff.Page { return t.parsed.Pages[t.pages[0]] }

func (t *tiffFile) unit() string { return "page" }

// places are those of the pages, once for each channel; nil for one picture.
func (t *tiffFile) places(context.Context) ([]slice, error) {
	channels := t.first().Channels()
	frames := len(t.pages) * channels
	if frames < 2 {
		return nil, nil
	}
	all := make([]slice, 0, frames)
	for k := range channels {
		for i := range t.pages {
			p := dicom.Placement{Series: t.file.name, Frame: len(all), Frames: frames, Number: i, Location: math.NaN(), Rows: t.first().Height, Columns: t.first().Width}
			all = append(all, slice{path: t.file.path, place: volumePlace(p, k, channels)})
		}
	}
	return all, nil
}

func (t *tiffFile) picture(ctx context.Context, i int) (*Image, error) {
	slices, volumes := len(t.pages), t.first().Channels()
	var raster *tiff.Raster
	read := func(g *file) error {
		parsed, err := tiff.Parse(g.at, g.size)
		if err == nil {
			raster, err = parsed.Decode(ctx, t.pages[i%slices], i/slices, t.memory-int64(len(t.data)))
		}
		return err
	}
	f := t.file
	if t.data == nil && f.path != "" { // it may have been closed since
		again, err := openFile(f.path)
		if err != nil {
			return nil, err
		}
		defer again.close()
		f = again
	}
	if err := t.with(f, read); err != nil {
		return nil, err
	}
	m, err := fromRaster(filepath.Base(f.name), raster)
	if err != nil {
		return nil, err
	}
	m = m.turn(t.parsed.Pages[t.pages[i%slices]].Orientation)
	if slices*volumes > 1 || raster.F32 != nil {
		m.Scan = &Scan{Volumes: 1, Inverted: raster.Inverted, Frame: i, Frames: slices * volumes, Slice: i}
		m.Scan.Geometry.Aspect = 1
		m.look()
	}
	if more := len(t.parsed.Pages) - slices; more > 0 {
		m.Notes = append(m.Notes, "pages of another size or type are left out")
	}
	return m, nil
}

// fromRaster makes the pixels of a page an image, without a copy where they have
// no transparency.
func fromRaster(name string, r *tiff.Raster) (*Image, error) {
	m := blank(name, r.Width, r.Height, r.Channels)
	switch {
	case r.F32 != nil:
		m = NewFloat(name, r.Width, r.Height, r.Channels, r.F32)
		m.noteNumbers()
	case r.Channels == colorsAlpha:
		var err error
		if m, err = convert(name, clearRaster(r)); err != nil {
			return nil, err
		}
	default:
		m.px = storage{u8: r.U8, u16: r.U16}
	}
	m.noteBits()
	m.Notes = append(m.Notes, r.Notes...)
	return m, nil
}

// clearRaster is a page with transparency as Go's own kinds of image.
func clearRaster(r *tiff.Raster) image.Image {
	box := image.Rect(0, 0, r.Width, r.Height)
	if r.U8 != nil {
		if r.Premultiplied {
			return &image.RGBA{Pix: r.U8, Stride: 4 * r.Width, Rect: box}
		}
		return &image.NRGBA{Pix: r.U8, Stride: 4 * r.Width, Rect: box}
	}
	pix := make([]uint8, 2*len(r.U16))
	for i, v := range r.U16 {
		pix[2*i], pix[2*i+1] = uint8(v>>8), uint8(v)
	}
	if r.Premultiplied {
		return &image.RGBA64{Pix: pix, Stride: 8 * r.Width, Rect: box}
	}
	return &image.NRGBA64{Pix: pix, Stride: 8 * r.Width, Rect: box}
}

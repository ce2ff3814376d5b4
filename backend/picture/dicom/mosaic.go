package dicom

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"
)

// maxTiles bounds the slices of a mosaic.
const maxTiles = 1 << 12

// mosaic is how Siemens puts the slices of a volume into one picture: in rows
// of a square, from the upper left. It is nil for all other files.
type mosaic struct {
	tiles, across int
	columns, rows int     // of a tile
	distance      float64 // between slices, millimetres; 0 where not known
	reversed      bool    // slices run against the normal of the picture
}

// area is the part of the stored picture that a frame is.
type area struct{ x, y, width, height int }

func (m *mosaic) count() int {
	if m == nil {
		return 1
	}
	return m.tiles
}

// area is where frame i lies in the picture stored.
func (m *mosaic) area(i int, p *pixels) area {
	if m == nil {
		return area{0, 0, p.columns, p.rows}
	}
	i %= m.tiles
	return area{i % m.across * m.columns, i / m.across * m.rows, m.columns, m.rows}
}

// unpacked finds out whether the file is a mosaic and how it is made.
func (f *File) unpacked(p *pixels) *mosaic {
	types := f.root.texts(tagImageType)
	if !slices.Contains(types, "MOSAIC") || p.samples != 1 || p.photometric == "PALETTE COLOR" {
		return nil
	}
	header := f.root.csa()
	m := &mosaic{tiles: f.tiles(header)}
	if m.tiles > 0 {
		m.across = int(math.Ceil(math.Sqrt(float64(m.tiles))))
	} else if side := f.acquired(); side > 0 && p.columns%side == 0 {
		m.across = p.columns / side
		m.tiles = m.across * m.across
		f.found.warn("the file does not say how many slices its mosaic has; those at the end may be empty")
	}
	if m.tiles < 2 || m.tiles > maxTiles || p.columns%m.across != 0 || p.rows%m.across != 0 {
		f.found.warn("the picture is a mosaic of slices that cannot be taken apart; places and distances in it are not those in the patient")
		f.unplaced = true
		return nil
	}
	m.columns, m.rows = p.columns/m.across, p.rows/m.across
	for _, tag := range []Tag{tagSpacingBetween, tagSliceThickness} {
		if n := f.root.number(tag); m.distance == 0 && n.given && !n.broken {
			m.distance = math.Abs(n.value)
		}
	}
	m.reversed = f.against(header["SliceNormalVector"])
	return m
}

// tiles is the number of slices: from the maker's element, else its header.
func (f *File) tiles(header map[string][]string) int {
	if n, ok := f.root.integer(f.root.private(0x0019, "SIEMENS MR HEADER", 0x0a)); ok && n > 0 {
		return n
	}
	if v := header["NumberOfImagesInMosaic"]; len(v) > 0 {
		n, _ := strconv.Atoi(strings.TrimSpace(v[0]))
		return n
	}
	return 0
}

// acquired is the side of a square slice as it was measured, 0 where it is not
// square or not known.
func (f *File) acquired() int {
	side := 0
	for _, v := range f.root.words(tagAcquisitionMatrix) {
		if n := int(v); n > 0 && side > 0 && n != side {
			return 0
		} else if n > 0 {
			side = n
		}
	}
	return side
}

// against reports whether slices follow each other against the normal of the
// picture: the maker's header has the direction.
func (f *File) against(vector []string) bool {
	g := f.attributes(0).geometry(&findings{})
	if len(vector) < 3 || !g.Placed {
		return false
	}
	n, dot := g.Normal(), 0.0
	for i := range 3 {
		v, _ := parseDecimal(strings.TrimSpace(vector[i]))
		dot += v * n[i]
	}
	return dot < 0
}

// place moves the geometry of the whole mosaic, whose centre is that of the
// slices, to slice i.
func (m *mosaic) place(g *Geometry, i int, p *pixels) {
	if !g.Placed || m.distance == 0 || g.Spacing[0] == 0 {
		g.Placed = false
		return
	}
	g.Position = g.At(float64(p.columns-m.columns)/2, float64(p.rows-m.rows)/2)
	step := float64(i%m.tiles) * m.distance
	if m.reversed {
		step = -step
	}
	for k, n := range g.Normal() {
		g.Position[k] += step * n
	}
	g.Between = m.distance
}

// csa reads the texts of Siemens' image header (0029,xx10) in its second form,
// "SV10": a list of names, each with a list of values.
func (d *dataset) csa() map[string][]string {
	e := d.find(d.private(0x0029, "SIEMENS CSA HEADER", 0x10))
	if e == nil || len(e.value) < 16 || string(e.value[:4]) != "SV10" {
		return nil
	}
	const head, item = 84, 16
	b, out := e.value, map[string][]string{}
	count, at := int(binary.LittleEndian.Uint32(b[8:])), 16
	for n := 0; n < min(count, 1024) && at+head <= len(b); n++ {
		name, _, _ := strings.Cut(string(b[at:at+64]), "\x00")
		items := int(binary.LittleEndian.Uint32(b[at+76:]))
		at += head
		for range min(items, 1024) {
			if at+item > len(b) {
				return out
			}
			size := int(binary.LittleEndian.Uint32(b[at+4:]))
			if at += item; size < 0 || size > len(b)-at {
				return out
			}
			if text, _, _ := strings.Cut(string(b[at:at+size]), "\x00"); text != "" {
				out[name] = append(out[name], text)
			}
			at += (size + 3) &^ 3
		}
	}
	return out
}

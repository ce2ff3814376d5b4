package derived

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"picasso/backend/picture/dicom/part10"
)

// Segment is a region in the slices of the source.
type Segment struct {
	Label string
	// Inside tells of the pixels of a slice, columns×rows, whether they belong to it.
	Inside func(slice int) ([]bool, error)
	// Method is how a program found the region; "" for one that a person drew or
	// gave.
	Method string
}

// Bounds of an object: its segments, and the bits of all frames.
const (
	maxSegments = 1 << 10
	maxBits     = 1 << 31
)

// Segmentation is a Segmentation (PS3.3 A.51) of regions as bits: for each of them a
// frame on every slice of the source where it has pixels, and one if it has none.
func Segmentation(w io.Writer, a About, columns, rows int, segments []Segment) error {
	if err := cmp.Or(a.placeable(), sized(columns, rows)); err != nil {
		return err
	}
	if len(segments) == 0 || len(segments) > maxSegments {
		return fmt.Errorf("%d regions cannot be written as DICOM; give 1 to %d", len(segments), maxSegments)
	}
	f := regionFrames{about: a, columns: columns, rows: rows}
	var described []part10.Set
	for k, s := range segments {
		described = append(described, s.described(k+1))
		if err := f.add(s, k+1); err != nil {
			return err
		}
	}
	set := a.placed([]dimension{{tagOfSegment, segmentIdentity.tag, "segment"}, byPlace}, nil, f.groups)
	set = append(set,
		modality.is("SEG"), imageType.is(`DERIVED\PRIMARY`), contentLabel.is("REGION"), segmentationType.is("BINARY"), segmentSequence.holds(described...),
		part10.Short(tagSamples, 1), photometric.is("MONOCHROME2"), part10.Short(tagRows, uint16(rows)), part10.Short(tagColumns, uint16(columns)),
		part10.Short(tagAllocated, 1), part10.Short(tagStored, 1), part10.Short(tagHighBit, 0), part10.Short(tagSigned, 0),
	)
	p, sum := inMemory(f.bits)
	return a.write(w, segmentation, set, p, sum)
}

// regionFrames collects the frames of segments: their groups, and their pixels as bits
// that follow each other across frames.
type regionFrames struct {
	about         About
	columns, rows int
	groups        []part10.Set
	bits          []byte
	n             int // bits
}

// add puts the frames of segment number k.
func (f *regionFrames) add(s Segment, k int) error {
	all, met := f.about.slices(), false
	for i := range all {
		in, err := s.Inside(i)
		if err == nil {
			err = filled(f.columns, f.rows, len(in))
		}
		if err != nil {
			return err
		}
		if last := i == len(all)-1; !slices.Contains(in, true) && (met || !last) {
			continue
		}
		met = true
		if err := f.put(in, all[i], k, i+1); err != nil {
			return err
		}
	}
	return nil
}

// put appends the frame of segment k on a slice, the one of a number from 1.
func (f *regionFrames) put(in []bool, s Slice, k, number int) error {
	if f.n > maxBits-len(in) {
		return fmt.Errorf("regions of more than %d pixels in all are more than a file takes; write fewer slices or regions", maxBits)
	}
	f.bits = append(f.bits, make([]byte, (f.n+len(in)+7)/8-len(f.bits))...)
	for i, inside := range in {
		if at := f.n + i; inside {
			f.bits[at/8] |= 1 << (at % 8)
		}
	}
	f.n += len(in)
	f.groups = append(f.groups, append(f.about.frame(s, segmented, uint32(k), uint32(number)),
		segmentIdentity.holds(part10.Set{part10.Short(tagOfSegment, uint16(k))})))
	return nil
}

// segmented is how a region comes out of a picture.
var segmented = Code{"113076", "DCM", "Segmentation"}

// described is the description of segment number n: a region, and of what is not
// claimed.
func (s Segment) described(n int) part10.Set {
	set := part10.Set{
		part10.Short(tagSegmentNumber, uint16(n)), segmentLabel.is(words(s.Label, 64)), segmentAlgorithm.is("MANUAL"),
		segmentCategory.holds(Code{"309825002", "SCT", "Spatial and Relational Concept"}.item()),
		segmentProperty.holds(Code{"111030", "DCM", "Image Region"}.item()),
	}
	if s.Method != "" {
		set = append(set, segmentAlgorithm.is("AUTOMATIC"), segmentMethod.is(words(s.Method, 64)))
	}
	return set
}

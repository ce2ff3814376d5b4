package derived

import (
	"fmt"
	"strconv"

	"picasso/backend/picture/dicom/part10"
)

// Segment is a region of the source's pixels.
type Segment struct {
	Label  string
	Inside []bool // columns×rows
	// Method is how a program found the region; "" for one that a person drew or
	// gave.
	Method string
}

// maxSegments bounds those of an object.
const maxSegments = 1 << 10

// Segmentation is a Segmentation (PS3.3 A.51) of regions as bits, a frame for
// each.
func Segmentation(a About, columns, rows int, segments []Segment) ([]byte, error) {
	if err := Placeable(a.Origin.Modality, a.Geometry); err != nil {
		return nil, err
	}
	if len(segments) == 0 || len(segments) > maxSegments {
		return nil, fmt.Errorf("%d regions cannot be written as DICOM; give 1 to %d", len(segments), maxSegments)
	}
	if columns > 0 && rows > 0 && len(segments) > maxPixels/columns/rows {
		return nil, fmt.Errorf("%d regions of %d×%d pixels are more than a file takes; write fewer", len(segments), columns, rows)
	}
	bits := make([]byte, (columns*rows*len(segments)+7)/8)
	var described, perFrame []part10.Set
	for k, s := range segments {
		if err := sized(columns, rows, 1, len(s.Inside)); err != nil {
			return nil, err
		}
		for i, in := range s.Inside {
			if at := k*columns*rows + i; in {
				bits[at/8] |= 1 << (at % 8)
			}
		}
		described = append(described, s.described(k+1))
		perFrame = append(perFrame, append(a.frame(segmented, uint32(k+1), 1),
			segmentIdentity.holds(part10.Set{part10.Short(tagOfSegment, uint16(k+1))})))
	}
	set := a.placed(strconv.Itoa(len(segments)), []dimension{{tagOfSegment, segmentIdentity.tag, "segment"}, byPlace}, nil, perFrame)
	set = append(set,
		modality.is("SEG"), imageType.is(`DERIVED\PRIMARY`), contentLabel.is("REGION"), segmentationType.is("BINARY"), segmentSequence.holds(described...),
		part10.Short(tagSamples, 1), photometric.is("MONOCHROME2"), part10.Short(tagRows, uint16(rows)), part10.Short(tagColumns, uint16(columns)),
		part10.Short(tagAllocated, 1), part10.Short(tagStored, 1), part10.Short(tagHighBit, 0), part10.Short(tagSigned, 0),
		part10.Bytes(tagPixels, "OB", bits),
	)
	return a.encode(segmentation, set)
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

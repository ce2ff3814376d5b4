package derived

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"io"
	"math"

	"picasso/backend/picture/dicom/part10"
)

// Map is the values of a map on the pixels of its source.
type Map struct {
	Columns, Rows int
	// Values are those on a slice of the source, columns×rows; NaN where nothing is
	// known. They are asked for twice, slice after slice, and not kept.
	Values    func(slice int) ([]float32, error)
	Unit      string // of the values, in words
	Quantity  Code
	Low, High float64 // values that are shown as black and as white
}

// Quantities of maps (PS3.16 CID 217).
var (
	Saliency                = Code{"130404", "DCM", "Saliency"}
	ClassActivation         = Code{"130402", "DCM", "Class activation"}
	GradientClassActivation = Code{"130403", "DCM", "Gradient-weighted class activation"}
)

// padding stands for pixels of which nothing is known: viewers need a number.
const padding = -math.MaxFloat32

// Parametric is a Parametric Map (PS3.3 A.75) of a frame for each slice of the source,
// as 32-bit floating point numbers: what is stored is the value. Pixels of which nothing
// is known hold the element Float Pixel Padding Value.
func Parametric(w io.Writer, a About, m Map) error {
	if err := cmp.Or(a.placeable(), sized(m.Columns, m.Rows)); err != nil {
		return err
	}
	all := a.slices()
	bytes := 4 * int64(m.Columns) * int64(m.Rows) * int64(len(all))
	if bytes > maxLength {
		return fmt.Errorf("a map of %d slices of %d×%d pixels takes %d bytes, more than a DICOM file may hold; write fewer slices", len(all), m.Columns, m.Rows, bytes)
	}
	sum := survey{sum: sha256.New()}
	if err := m.each(len(all), sum.frame); err != nil {
		return err
	}
	var perFrame []part10.Set
	for i, s := range all {
		perFrame = append(perFrame, a.frame(s, processed, uint32(i+1)))
	}
	set := append(a.placed([]dimension{byPlace}, m.shared(sum), perFrame), m.attributes(a)...)
	if sum.unknown {
		set = append(set, part10.Floats(tagFloatPadding, "FL", padding), part10.Floats(tagFloatPaddingLimit, "FL", padding))
	}
	return a.write(w, parametric, set, part10.Pixels{Tag: tagFloatPixels, VR: "OF", Length: bytes, Write: func(w io.Writer) error {
		return m.each(len(all), func(values []float32, raw []byte) error {
			_, err := w.Write(raw)
			return err
		})
	}}, sum.sum.Sum(nil))
}

// flavour is the kind of image that maps are.
const flavour = `DERIVED\PRIMARY\VOLUME\QUANTITY`

// shared are the groups that hold for all frames, besides those of their place.
func (m Map) shared(s survey) part10.Set {
	low, high := m.Low, m.High
	if !(high > low) {
		low, high = float64(s.first), float64(s.first)+1
	}
	return part10.Set{
		mapFrameType.holds(part10.Set{frameType.is(flavour)}),
		frameVOI.holds(part10.Set{
			part10.Decimals(tagWindowCenter, (low+high)/2), part10.Decimals(tagWindowWidth, high-low), windowFunction.is("LINEAR_EXACT"),
		}),
		pixelTransform.holds(part10.Set{part10.Decimals(tagIntercept, 0), part10.Decimals(tagSlope, 1), rescaleType.is("US")}),
		realWorld.holds(part10.Set{
			part10.Doubles(tagFirstMapped, float64(s.first)), part10.Doubles(tagLastMapped, float64(s.last)),
			part10.Doubles(tagMapIntercept, 0), part10.Doubles(tagMapSlope, 1),
			lutLabel.is("values"), lutExplanation.is(words(m.Unit, 64)),
			measurementUnits.holds(Code{"1", "UCUM", "no units"}.item()),
			quantityDefinition.holds(part10.Set{
				valueType.is("CODE"), conceptName.holds(Code{"246205007", "SCT", "Quantity"}.item()), conceptCode.holds(m.Quantity.item()),
			}),
		}),
	}
}

// attributes are those of the image as a whole.
func (m Map) attributes(a About) part10.Set {
	return part10.Set{
		acquisitionContext.holds(), presentation.is("MONOCHROME"),
		modality.is(a.kindOf()), laterality.is(""), imageType.is(flavour), qualification.is("RESEARCH"), contentLabel.is("MAP"),
		part10.Short(tagSamples, 1), photometric.is("MONOCHROME2"), part10.Short(tagRows, uint16(m.Rows)), part10.Short(tagColumns, uint16(m.Columns)),
		part10.Short(tagAllocated, 32), presentationShape.is("IDENTITY"), burnedIn.is("NO"), recognizable.is("NO"),
	}
}

// each hands over the values of every slice, what is no finite number replaced by the
// padding, and their bytes. Both are overwritten by the next ones.
func (m Map) each(slices int, do func(values []float32, raw []byte) error) error {
	known, raw := make([]float32, m.Columns*m.Rows), make([]byte, 0, 4*m.Columns*m.Rows)
	for i := range slices {
		values, err := m.Values(i)
		if err == nil {
			err = filled(m.Columns, m.Rows, len(values))
		}
		if err != nil {
			return err
		}
		raw = raw[:0]
		for k, v := range values {
			if v-v != 0 {
				v = padding
			}
			known[k] = v
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
		}
		if err := do(known, raw); err != nil {
			return err
		}
	}
	return nil
}

// survey is what has to be known of all values before the first one is written.
type survey struct {
	sum         hash.Hash
	first, last float32 // smallest and largest value that is no padding; zeros where there is none
	met         bool    // there is one
	unknown     bool    // of some pixels nothing is known
}

func (s *survey) frame(values []float32, raw []byte) error {
	s.sum.Write(raw) // never fails
	for _, v := range values {
		switch {
		case v == padding:
			s.unknown = true
		case !s.met:
			s.first, s.last, s.met = v, v, true
		default:
			s.first, s.last = min(s.first, v), max(s.last, v)
		}
	}
	return nil
}

var byPlace = dimension{tagPosition, planePosition.tag, "position in the patient"}

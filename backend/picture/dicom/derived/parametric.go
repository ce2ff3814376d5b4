package derived

import (
	"math"

	"picasso/backend/picture/dicom/part10"
)

// Map is the values of a map on the pixels of its source.
type Map struct {
	Columns, Rows int
	Values        []float32 // Columns×Rows; NaN where nothing is known
	Unit          string    // of the values, in words
	Quantity      Code
	Low, High     float64 // values that are shown as black and as white
}

// Quantities of maps (PS3.16 CID 217).
var (
	Saliency                = Code{"130404", "DCM", "Saliency"}
	ClassActivation         = Code{"130402", "DCM", "Class activation"}
	GradientClassActivation = Code{"130403", "DCM", "Gradient-weighted class activation"}
)

// padding stands for pixels of which nothing is known: viewers need a number.
const padding = -math.MaxFloat32

// Parametric is a Parametric Map (PS3.3 A.75) of one frame, as 32-bit floating
// point numbers: what is stored is the value. Pixels of which nothing is known
// hold the element Float Pixel Padding Value.
func Parametric(a About, m Map) ([]byte, error) {
	if err := sized(m.Columns, m.Rows, 1, len(m.Values)); err != nil {
		return nil, err
	}
	if err := Placeable(a.Origin.Modality, a.Geometry); err != nil {
		return nil, err
	}
	values, unknown := known(m.Values)
	first, last := span(values)
	low, high := m.Low, m.High
	if !(high > low) {
		low, high = float64(first), float64(first)+1
	}
	const flavour = `DERIVED\PRIMARY\VOLUME\QUANTITY`
	shared := part10.Set{
		mapFrameType.holds(part10.Set{frameType.is(flavour)}),
		frameVOI.holds(part10.Set{
			part10.Decimals(tagWindowCenter, (low+high)/2), part10.Decimals(tagWindowWidth, high-low), windowFunction.is("LINEAR_EXACT"),
		}),
		pixelTransform.holds(part10.Set{part10.Decimals(tagIntercept, 0), part10.Decimals(tagSlope, 1), rescaleType.is("US")}),
		realWorld.holds(part10.Set{
			part10.Doubles(tagFirstMapped, float64(first)), part10.Doubles(tagLastMapped, float64(last)),
			part10.Doubles(tagMapIntercept, 0), part10.Doubles(tagMapSlope, 1),
			lutLabel.is("values"), lutExplanation.is(words(m.Unit, 64)),
			measurementUnits.holds(Code{"1", "UCUM", "no units"}.item()),
			quantityDefinition.holds(part10.Set{
				valueType.is("CODE"), conceptName.holds(Code{"246205007", "SCT", "Quantity"}.item()), conceptCode.holds(m.Quantity.item()),
			}),
		}),
	}
	set := a.placed("1", []dimension{byPlace}, shared, []part10.Set{a.frame(processed, 1)})
	set = append(set,
		acquisitionContext.holds(), presentation.is("MONOCHROME"),
		modality.is(a.kindOf()), laterality.is(""), imageType.is(flavour), qualification.is("RESEARCH"), contentLabel.is("MAP"),
		part10.Short(tagSamples, 1), photometric.is("MONOCHROME2"), part10.Short(tagRows, uint16(m.Rows)), part10.Short(tagColumns, uint16(m.Columns)),
		part10.Short(tagAllocated, 32), presentationShape.is("IDENTITY"), burnedIn.is("NO"), recognizable.is("NO"),
		part10.Floats(tagFloatPixels, "OF", values...),
	)
	if unknown {
		set = append(set, part10.Floats(tagFloatPadding, "FL", padding), part10.Floats(tagFloatPaddingLimit, "FL", padding))
	}
	return a.encode(parametric, set)
}

var byPlace = dimension{tagPosition, planePosition.tag, "position in the patient"}

// known replaces what is no finite number by the padding.
func known(values []float32) (out []float32, unknown bool) {
	out = make([]float32, len(values))
	for i, v := range values {
		if v-v != 0 {
			v, unknown = padding, true
		}
		out[i] = v
	}
	return out, unknown
}

// span is the smallest and the largest value that is no padding; zeros where
// there is none.
func span(values []float32) (first, last float32) {
	met := false
	for _, v := range values {
		switch {
		case v == padding:
		case !met:
			first, last, met = v, v, true
		default:
			first, last = min(first, v), max(last, v)
		}
	}
	return first, last
}

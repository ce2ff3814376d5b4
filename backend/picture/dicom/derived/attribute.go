package derived

import (
	"strings"
	"unicode"

	"picasso/backend/picture/dicom/part10"
)

// attribute is one of the standard's (PS3.6) by tag and value representation.
type attribute struct {
	tag uint32
	vr  string
}

// is the attribute with a text.
func (a attribute) is(text string) part10.Element { return part10.Text(a.tag, a.vr, text) }

// holds is the attribute with items.
func (a attribute) holds(items ...part10.Set) part10.Element { return part10.Sequence(a.tag, items...) }

var (
	characterSet       = attribute{0x00080005, "CS"}
	imageType          = attribute{0x00080008, "CS"}
	sopClass           = attribute{0x00080016, "UI"}
	sopInstance        = attribute{0x00080018, "UI"}
	studyDate          = attribute{0x00080020, "DA"}
	contentDate        = attribute{0x00080023, "DA"}
	studyTime          = attribute{0x00080030, "TM"}
	contentTime        = attribute{0x00080033, "TM"}
	accession          = attribute{0x00080050, "SH"}
	modality           = attribute{0x00080060, "CS"}
	conversion         = attribute{0x00080064, "CS"}
	manufacturer       = attribute{0x00080070, "LO"}
	referring          = attribute{0x00080090, "PN"}
	codeValue          = attribute{0x00080100, "SH"}
	codeScheme         = attribute{0x00080102, "SH"}
	codeMeaning        = attribute{0x00080104, "LO"}
	seriesDescription  = attribute{0x0008103e, "LO"}
	modelName          = attribute{0x00081090, "LO"}
	referencedSeries   = attribute{0x00081115, "SQ"}
	referencedInstance = attribute{0x0008114a, "SQ"}
	referencedClass    = attribute{0x00081150, "UI"}
	referencedUID      = attribute{0x00081155, "UI"}
	referencedFrame    = attribute{0x00081160, "IS"}
	derivation         = attribute{0x00082111, "ST"}
	sourceImage        = attribute{0x00082112, "SQ"}
	frameType          = attribute{0x00089007, "CS"}
	derivationImage    = attribute{0x00089124, "SQ"}
	presentation       = attribute{0x00089205, "CS"}
	derivationCode     = attribute{0x00089215, "SQ"}
	patientName        = attribute{0x00100010, "PN"}
	patientID          = attribute{0x00100020, "LO"}
	birthDate          = attribute{0x00100030, "DA"}
	sex                = attribute{0x00100040, "CS"}
	identityRemoved    = attribute{0x00120062, "CS"}
	deidentification   = attribute{0x00120063, "LO"}
	deidentifiedBy     = attribute{0x00120064, "SQ"}
	serialNumber       = attribute{0x00181000, "LO"}
	softwareVersions   = attribute{0x00181020, "LO"}
	qualification      = attribute{0x00189004, "CS"}
	studyUID           = attribute{0x0020000d, "UI"}
	seriesUID          = attribute{0x0020000e, "UI"}
	studyID            = attribute{0x00200010, "SH"}
	seriesNumber       = attribute{0x00200011, "IS"}
	instanceNumber     = attribute{0x00200013, "IS"}
	patientOrientation = attribute{0x00200020, "CS"}
	frameOfReference   = attribute{0x00200052, "UI"}
	laterality         = attribute{0x00200060, "CS"}
	positionReference  = attribute{0x00201040, "LO"}
	frameContent       = attribute{0x00209111, "SQ"}
	planePosition      = attribute{0x00209113, "SQ"}
	planeOrientation   = attribute{0x00209116, "SQ"}
	organization       = attribute{0x00209221, "SQ"}
	organizationUID    = attribute{0x00209164, "UI"}
	dimensionIndex     = attribute{0x00209222, "SQ"}
	dimensionLabel     = attribute{0x00209421, "LO"}
	photometric        = attribute{0x00280004, "CS"}
	frames             = attribute{0x00280008, "IS"}
	burnedIn           = attribute{0x00280301, "CS"}
	recognizable       = attribute{0x00280302, "CS"}
	windowFunction     = attribute{0x00281056, "CS"}
	rescaleType        = attribute{0x00281054, "LO"}
	lossy              = attribute{0x00282110, "CS"}
	lossyRatio         = attribute{0x00282112, "DS"}
	lossyMethod        = attribute{0x00282114, "CS"}
	lutExplanation     = attribute{0x00283003, "LO"}
	spatialPreserved   = attribute{0x0028135a, "CS"}
	pixelMeasures      = attribute{0x00289110, "SQ"}
	frameVOI           = attribute{0x00289132, "SQ"}
	pixelTransform     = attribute{0x00289145, "SQ"}
	acquisitionContext = attribute{0x00400555, "SQ"}
	measurementUnits   = attribute{0x004008ea, "SQ"}
	mapFrameType       = attribute{0x00409092, "SQ"}
	realWorld          = attribute{0x00409096, "SQ"}
	lutLabel           = attribute{0x00409210, "SH"}
	quantityDefinition = attribute{0x00409220, "SQ"}
	valueType          = attribute{0x0040a040, "CS"}
	conceptName        = attribute{0x0040a043, "SQ"}
	conceptCode        = attribute{0x0040a168, "SQ"}
	purpose            = attribute{0x0040a170, "SQ"}
	segmentationType   = attribute{0x00620001, "CS"}
	segmentSequence    = attribute{0x00620002, "SQ"}
	segmentCategory    = attribute{0x00620003, "SQ"}
	segmentLabel       = attribute{0x00620005, "LO"}
	segmentAlgorithm   = attribute{0x00620008, "CS"}
	segmentMethod      = attribute{0x00620009, "LO"}
	segmentIdentity    = attribute{0x0062000a, "SQ"}
	segmentProperty    = attribute{0x0062000f, "SQ"}
	contentLabel       = attribute{0x00700080, "CS"}
	contentDescription = attribute{0x00700081, "LO"}
	contentCreator     = attribute{0x00700084, "PN"}
	presentationShape  = attribute{0x20500020, "CS"}
)

// Tags of elements that hold numbers.
const (
	tagPosition          = 0x00200032
	tagOrientation       = 0x00200037
	tagDimensionOf       = 0x00209165
	tagDimensionGroup    = 0x00209167
	tagDimensionIndex    = 0x00209157
	tagSliceThickness    = 0x00180050
	tagBetween           = 0x00180088
	tagSamples           = 0x00280002
	tagPlanar            = 0x00280006
	tagRows              = 0x00280010
	tagColumns           = 0x00280011
	tagSpacing           = 0x00280030
	tagAllocated         = 0x00280100
	tagStored            = 0x00280101
	tagHighBit           = 0x00280102
	tagSigned            = 0x00280103
	tagFloatPadding      = 0x00280122
	tagFloatPaddingLimit = 0x00280124
	tagWindowCenter      = 0x00281050
	tagWindowWidth       = 0x00281051
	tagIntercept         = 0x00281052
	tagSlope             = 0x00281053
	tagLastMapped        = 0x00409213
	tagFirstMapped       = 0x00409214
	tagMapIntercept      = 0x00409224
	tagMapSlope          = 0x00409225
	tagSegmentNumber     = 0x00620004
	tagOfSegment         = 0x0062000b
	tagFloatPixels       = 0x7fe00008
	tagPixels            = 0x7fe00010
)

// Code is a concept of a terminology.
type Code struct{ Value, Scheme, Meaning string }

func (c Code) item() part10.Set {
	return part10.Set{codeValue.is(c.Value), codeScheme.is(c.Scheme), codeMeaning.is(c.Meaning)}
}

// words makes a text of at most so many characters fit for an element: without
// control characters, and without the backslash, which parts values.
func words(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\\':
			return '/'
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	if r := []rune(text); len(r) > most {
		text = string(r[:most-1]) + "…"
	}
	return strings.TrimSpace(text)
}

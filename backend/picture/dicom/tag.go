package dicom

import "fmt"

// Tag is an element's number: group in the upper, element in the lower half.
type Tag uint32

func (t Tag) group() uint16 { return uint16(t >> 16) }

func (t Tag) String() string { return fmt.Sprintf("(%04X,%04X)", uint32(t)>>16, uint32(t)&0xffff) }

// Elements that are read.
const (
	tagTransferSyntax      Tag = 0x00020010
	tagDirectoryRecord     Tag = 0x00041220
	tagReferencedFile      Tag = 0x00041500
	tagImageType           Tag = 0x00080008
	tagSOPClass            Tag = 0x00080016
	tagSOPInstance         Tag = 0x00080018
	tagContentDate         Tag = 0x00080023
	tagAcquisitionDateTime Tag = 0x0008002a
	tagAccession           Tag = 0x00080050
	tagModality            Tag = 0x00080060
	tagManufacturer        Tag = 0x00080070

	tagSliceThickness     Tag = 0x00180050
	tagSpacingBetween     Tag = 0x00180088
	tagImagerPixelSpacing Tag = 0x00181164
	tagAcquisitionMatrix  Tag = 0x00181310

	tagStudyUID           Tag = 0x0020000d
	tagSeriesUID          Tag = 0x0020000e
	tagStudyID            Tag = 0x00200010
	tagSeriesNumber       Tag = 0x00200011
	tagInstanceNumber     Tag = 0x00200013
	tagPatientOrientation Tag = 0x00200020
	tagPosition           Tag = 0x00200032
	tagOrientation        Tag = 0x00200037
	tagFrameOfReference   Tag = 0x00200052
	tagSliceLocation      Tag = 0x00201041
	tagPlanePosition      Tag = 0x00209113
	tagPlaneOrientation   Tag = 0x00209116

	tagSamples           Tag = 0x00280002
	tagPhotometric       Tag = 0x00280004
	tagPlanar            Tag = 0x00280006
	tagFrames            Tag = 0x00280008
	tagRows              Tag = 0x00280010
	tagColumns           Tag = 0x00280011
	tagPixelSpacing      Tag = 0x00280030
	tagAspectRatio       Tag = 0x00280034
	tagAllocated         Tag = 0x00280100
	tagStored            Tag = 0x00280101
	tagHighBit           Tag = 0x00280102
	tagSigned            Tag = 0x00280103
	tagPadding           Tag = 0x00280120
	tagPaddingLimit      Tag = 0x00280121
	tagWindowCenter      Tag = 0x00281050
	tagWindowWidth       Tag = 0x00281051
	tagRescaleIntercept  Tag = 0x00281052
	tagRescaleSlope      Tag = 0x00281053
	tagRescaleType       Tag = 0x00281054
	tagWindowName        Tag = 0x00281055
	tagWindowFunction    Tag = 0x00281056
	tagShape             Tag = 0x20500020 // of the presentation LUT
	tagPaletteDescriptor Tag = 0x00281101 // red; green and blue follow
	tagPaletteData       Tag = 0x00281201 // red; green and blue follow
	tagPaletteSegmented  Tag = 0x00281221 // red; green and blue follow
	tagLossy             Tag = 0x00282110
	tagFloatPadding      Tag = 0x00280122
	tagDoublePadding     Tag = 0x00280123
	tagFloatPaddingLimit Tag = 0x00280124
	tagDoublePaddingTo   Tag = 0x00280125
	tagModalityLUT       Tag = 0x00283000
	tagLUTDescriptor     Tag = 0x00283002
	tagLUTName           Tag = 0x00283003
	tagModalityLUTType   Tag = 0x00283004
	tagLUTData           Tag = 0x00283006
	tagVOILUT            Tag = 0x00283010
	tagPixelMeasures     Tag = 0x00289110
	tagFrameVOILUT       Tag = 0x00289132
	tagPixelTransform    Tag = 0x00289145

	tagSharedGroups   Tag = 0x52009229
	tagPerFrameGroups Tag = 0x52009230

	tagExtendedOffsets Tag = 0x7fe00001
	tagFloatPixels     Tag = 0x7fe00008
	tagDoublePixels    Tag = 0x7fe00009
	tagPixelData       Tag = 0x7fe00010

	tagItem        Tag = 0xfffee000
	tagItemEnd     Tag = 0xfffee00d
	tagSequenceEnd Tag = 0xfffee0dd
)

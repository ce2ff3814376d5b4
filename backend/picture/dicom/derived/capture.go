package derived

import (
	"image"
	"io"

	"picasso/backend/picture/dicom/part10"
)

// Capture is a Secondary Capture Image (PS3.3 A.8) of a picture for people, in
// true colour. What is transparent is black.
func Capture(w io.Writer, a About, m *image.RGBA) error {
	size := m.Rect.Size()
	if err := sized(size.X, size.Y); err != nil {
		return err
	}
	pixels := make([]byte, 0, 3*size.X*size.Y)
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
		row := m.Pix[m.PixOffset(m.Rect.Min.X, y):]
		for x := range size.X {
			pixels = append(pixels, row[4*x:4*x+3]...)
		}
	}
	set := part10.Set{
		modality.is(a.kindOf()), laterality.is(""), conversion.is("WSD"), imageType.is(`DERIVED\SECONDARY`), patientOrientation.is(""),
		derivation.is(words(a.Says, 1024)), derivationCode.holds(processed.item()),
		part10.Short(tagSamples, 3), photometric.is("RGB"), part10.Short(tagPlanar, 0),
		part10.Short(tagRows, uint16(size.Y)), part10.Short(tagColumns, uint16(size.X)),
		part10.Short(tagAllocated, 8), part10.Short(tagStored, 8), part10.Short(tagHighBit, 7), part10.Short(tagSigned, 0),
	}
	if sources := a.sources(a.slices()[0]); sources != nil {
		set = append(set, sourceImage.holds(sources...))
	}
	if a.Origin.BurnedIn != "" {
		set = append(set, burnedIn.is(a.Origin.BurnedIn)) // our own letters tell nothing of the patient
	}
	if a.Origin.Lossy {
		set = append(set, a.loss()...)
	}
	p, sum := inMemory(pixels)
	return a.write(w, capture, set, p, sum)
}

// processed is how objects are derived that are no plainer thing.
var processed = Code{"110001", "DCM", "Image Processing"}

package picture

import (
	"context"
	"errors"
	"image"
	"path/filepath"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/tiff"
	"picasso/backend/picture/volume"
)

// Scan is what a medical picture knows beyond its values. It names no patient.
type Scan struct {
	Modality string         // "CT", "MR", "CR"…, or ""
	Windows  []dicom.Window // the file's own, best first; empty for colours
	Auto     dicom.Window   // smallest to largest finite value without padding
	Window   dicom.Window   // the one Image.Range shows at first
	Inverted bool           // small values are white
	Geometry dicom.Geometry
	Lossy    bool // was compressed with loss at some time
	Frame    int  // in its file, counted from 0
	Frames   int  // of the file
	Slice    int  // in the order shown, of the series or the file, counted from 0
	// Volume is the number of its volume in the series, counted from 0, of
	// Volumes; VolumeName says what sets it apart, "" for the only one.
	Volume, Volumes int
	VolumeName      string
	Distance        float64    // between the slices of the volume, millimetres; 0 where unknown
	SUV             *dicom.SUV // of PET: how to get uptake values; nil for all else
	// Named says that the file's path tells who the patient is: keep it out of
	// what leaves the program.
	Named bool

	frame *dicom.Frame
}

// fromDICOM makes frame i of a file an image.
func fromDICOM(name string, f *dicom.File, i int) (*Image, error) {
	d, err := f.Frame(i)
	if err != nil {
		return nil, err
	}
	m := fromFrame(filepath.Base(name), d)
	m.Notes = append(m.Notes, d.Warnings...)
	if d.Lossy {
		m.Notes = append(m.Notes, "the picture was compressed with loss")
	}
	m.Scan.Frame, m.Scan.Frames, m.Scan.Slice, m.Scan.Named = i, f.Frames(), i, f.Mentions(name)
	return m, nil
}

// fromFrame makes a frame an image.
func fromFrame(name string, d *dicom.Frame) *Image {
	m := &Image{Name: name, Width: d.Width, Height: d.Height, Channels: d.Channels, Unit: d.Unit, px: storage{f32: d.Values}}
	w := d.Window()
	m.Scan = &Scan{
		Modality: d.Modality, Windows: d.Windows, Auto: d.Auto(), Window: w,
		Inverted: d.Inverted, Geometry: d.Geometry, Lossy: d.Lossy, frame: d,
		Volumes: 1, Distance: d.Geometry.Between, SUV: d.SUV,
	}
	if d.Channels == 3 {
		m.Range = [2]float32{0, 255}
		if d.Bits <= 8 {
			m.px, d.Values = storage{u8: d.Render(w)}, nil
		}
		return m
	}
	m.Range = m.Scan.ends()
	return m
}

// ends are the values that the window shows as black and as white.
func (s *Scan) ends() [2]float32 {
	lo, hi := s.Window.Ends()
	if s.Inverted {
		lo, hi = hi, lo
	}
	return [2]float32{float32(lo), float32(hi)}
}

// look chooses the window of a picture that brings none: all its values but the
// outermost 0.1 % at either end.
func (m *Image) look() {
	s, full := m.Scan, m.Range
	if m.Channels != 1 {
		s.Auto = exactWindow("full range", full)
		s.Window = s.Auto
		return
	}
	s.Auto, s.Window = exactWindow("auto", full), exactWindow("full range", full)
	values := m.floats()
	var empty []bool
	for i, v := range values {
		if v-v != 0 {
			if empty == nil {
				empty = make([]bool, len(values))
			}
			empty[i] = true
		}
	}
	if lo, hi := dicom.Tails(values, empty, full); lo != full[0] || hi != full[1] {
		s.Window = exactWindow("without 0.1 % tails", [2]float32{lo, hi})
	}
	m.Range = s.ends()
}

func exactWindow(name string, r [2]float32) dicom.Window {
	return dicom.Window{
		Name: name, Function: dicom.LinearExact,
		Center: (float64(r[0]) + float64(r[1])) / 2, Width: max(float64(r[1])-float64(r[0]), 1e-6),
	}
}

// guardScan gives the errors of medical pictures their file, and turns a
// decoder's panic into one.
func guardScan(name string, f func() (*Image, error)) (*Image, error) {
	m, err := guard(f)
	var d *dicom.Error
	var v *volume.Error
	var t *tiff.Error
	var own *Error
	switch {
	case err == nil:
		return m, nil
	case errors.As(err, &d):
		return nil, &Error{name, d.Fault, d.Remedy, err}
	case errors.As(err, &v):
		return nil, &Error{name, v.Fault, v.Remedy, err}
	case errors.As(err, &t):
		return nil, &Error{name, t.Fault, t.Remedy, err}
	case errors.As(err, &own), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return nil, err
	default:
		return nil, &Error{name, "cannot be decoded", "export the picture again from the archive", err}
	}
}

// Choices are the windows to offer for the image: the file's own or else the
// one it is shown through at first, one of all its values, and for Hounsfield units the presets. None for colours and for
// ordinary pictures.
func (m *Image) Choices(presets []dicom.Window) []dicom.Window {
	if m.Scan == nil || m.Channels == 3 {
		return nil
	}
	out := append([]dicom.Window(nil), m.Scan.Windows...)
	if len(out) == 0 && m.Scan.Window.Width < m.Scan.Auto.Width {
		out = append(out, m.Scan.Window) // the first look, without tails
	}
	out = append(out, m.Scan.Auto)
	if m.Unit == "HU" {
		out = append(out, presets...)
	}
	return out
}

// Windowed is the image for display with another window. Colours are as they
// are. Images without [Image.Scan] are shown as by [Image.RGBA].
func (m *Image) Windowed(w dicom.Window) *image.RGBA { return m.Through(w, false) }

// Through is [Image.Windowed], with black and white swapped on request.
func (m *Image) Through(w dicom.Window, invert bool) *image.RGBA {
	if m.Scan == nil || m.Channels == 3 {
		return m.RGBA()
	}
	grey := m.render(w, m.Scan.Inverted != invert)
	out := image.NewRGBA(image.Rect(0, 0, m.Width, m.Height))
	for i, v := range grey {
		p := out.Pix[4*i : 4*i+4]
		p[0], p[1], p[2], p[3] = v, v, v, 255
	}
	return out
}

// render is [dicom.Render] of the image; what is no number is black.
func (m *Image) render(w dicom.Window, inverted bool) []uint8 {
	values := m.floats()
	grey := dicom.Render(values, w, inverted)
	for i, v := range values {
		if v != v {
			grey[i] = 0
		}
	}
	return grey
}

// Shown is the image as it is displayed: 8-bit values through its window. It is
// for models made of ordinary pictures; others are fed the raw values. Images
// of 0…255 are given back as they are.
func (m *Image) Shown() *Image {
	if m.Scan == nil || m.Channels == 3 {
		return m
	}
	out := m.like(m.Width, m.Height, 1)
	out.Unit, out.Range = "", [2]float32{0, 255}
	out.px.u8 = m.render(m.Scan.Window, m.Scan.Inverted)
	return out
}

// Samples are the picture's numbers for other programs, Width×Height×channels
// interleaved. Of a DICOM file they are the stored samples after the modality
// LUT of the frame, NaN included, in the colour space of the file, as pydicom
// gives them; of other pictures the raw values. They must not be changed.
func (m *Image) Samples() (channels int, values []float32) {
	if m.Scan != nil && m.Scan.frame != nil {
		return m.Scan.frame.Samples()
	}
	values = make([]float32, m.Width*m.Height*m.Channels)
	n := m.Width * m.Channels
	for y := range m.Height {
		m.Row(y, values[y*n:(y+1)*n])
	}
	return m.Channels, values
}

// Depth are the raw values of the darkest and the brightest sample that the
// file's bits can hold, whatever is in the picture: 0 and 255 for ordinary
// pictures, less for those that use fewer bits than their file has ([Image.Bits]).
// Where a medical file does not tell, they are those in it.
func (m *Image) Depth() [2]float32 {
	if m.Scan == nil || m.Channels != 1 {
		return [2]float32{0, m.top()}
	}
	lo, hi := m.Scan.Auto.Ends()
	d := [2]float32{float32(lo), float32(hi)}
	if m.px.f32 == nil { // a page of a stack
		d = [2]float32{0, m.top()}
	}
	if f := m.Scan.frame; f != nil && f.Depth[0] != f.Depth[1] {
		d = f.Depth
	}
	if m.Scan.Inverted {
		d[0], d[1] = d[1], d[0]
	}
	return d
}

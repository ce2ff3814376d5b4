package preprocess

import (
	"fmt"
	"slices"
	"strings"

	"picasso/backend/picture"
)

// Missing says in words what a picture lacks of what the model is given, and
// where the two do not fit: modality, Hounsfield units, colours, orientation.
// img is nil for an array, of which nothing is known.
func (p Preprocess) Missing(img *picture.Image, in Input) []string {
	if img == nil {
		return nil
	}
	var out []string
	for _, text := range []string{
		p.lacksNeighbours(img, in), p.otherModality(img), p.noHounsfield(img), p.otherColors(img, in), p.notOriented(img), p.filledWith(img),
	} {
		if text != "" {
			out = append(out, text)
		}
	}
	return out
}

func (p Preprocess) lacksNeighbours(img *picture.Image, in Input) string {
	if img.Neighbours != nil || !slices.ContainsFunc(p.channels(in.Channels), func(m channelMap) bool { return m.at.slice != 0 }) {
		return ""
	}
	return "The model takes neighbouring slices of a series as channels (" + ListChannels(p.Channels) +
		"), but there is only one picture, which is used for its neighbours too. Open the whole series."
}

// kindsOfScan are the terms of DICOM (PS3.3 C.7.3.1.1.1) for what models are
// made for, with how else they are written. Terms of one line stand for each
// other.
var kindsOfScan = [][]string{
	{"CT", "computed tomography"}, {"MR", "MRI", "magnetic resonance"}, {"PT", "PET"}, {"US", "ultrasound"}, {"MG", "mammography"},
	{"CR", "DX", "RG", "RF", "XR", "x-ray", "xray", "radiography"}, {"NM"}, {"XA"}, {"OP", "OPT", "fundus"}, {"OCT"},
	{"ES", "endoscopy"}, {"SM", "GM", "histology", "pathology"}, {"XC", "photo"},
}

// FindModality is DICOM's term for what a text calls a modality, "" for none
// that is known.
func FindModality(text string) string {
	for _, terms := range kindsOfScan {
		if slices.ContainsFunc(terms, func(t string) bool { return strings.EqualFold(t, strings.TrimSpace(text)) }) {
			return terms[0]
		}
	}
	return ""
}

// otherModality compares what the model is said to take with what the file is.
func (p Preprocess) otherModality(img *picture.Image) string {
	want := FindModality(p.Modality)
	switch {
	case want == "" || want == "XC" && img.Scan == nil:
		return ""
	case img.Scan == nil && img.Unit == "" && !slices.Contains([]string{"CT", "MR", "PT"}, want):
		return "" // X-rays and others come as ordinary pictures too
	case img.Scan == nil:
		return fmt.Sprintf("The model was made for %s, but the picture is an ordinary one and no scan.", want)
	}
	is := FindModality(img.Scan.Modality)
	if is == "" || is == want {
		return ""
	}
	return fmt.Sprintf("The model was made for %s, but the file is %s.", want, img.Scan.Modality)
}

// noHounsfield tells where values are mapped that ordinary pictures cannot have:
// Hounsfield units reach far below 0.
func (p Preprocess) noHounsfield(img *picture.Image) string {
	if img.Scan != nil || img.Unit != "" {
		return ""
	}
	low, high, ok := p.lowest()
	if !ok || low >= 0 {
		return ""
	}
	return fmt.Sprintf("The model's input is made of values from %g to %g, as CT has them in Hounsfield units, but the values of the picture are 0 to 255. Open the scan itself.", low, high)
}

// lowest are the ends of the lowest window or range that raw values are mapped by.
func (p Preprocess) lowest() (low, high float64, ok bool) {
	all := []Intensity{p.Intensity}
	for _, c := range p.Channels {
		all = append(all, c.Intensity)
	}
	for _, i := range all {
		from, to := i.rawEnds()
		if from < to && (!ok || from < low) {
			low, high, ok = from, to, true
		}
	}
	return low, high, ok
}

// rawEnds are the raw values that become 0 and 1 by a window or range; equal where
// there is neither.
func (i Intensity) rawEnds() (from, to float64) {
	switch {
	case i.Window != nil:
		return i.Window.Center - i.Window.Width/2, i.Window.Center + i.Window.Width/2
	case len(i.Range) == 2:
		return i.Range[0], i.Range[1]
	}
	return 0, 0
}

// colored is how far apart the parts of a pixel are, in raw values, that has a
// colour: JPEG makes small differences of grey.
const colored = 24

// otherColors compares the colours of the picture with those of the model. Scans
// have none, and are given to models of colours on purpose.
func (p Preprocess) otherColors(img *picture.Image, in Input) string {
	grey := onlyGrey(p.channels(in.Channels))
	switch {
	case grey && hasColors(img):
		return "The model takes grey pictures, but this one has colours: it is given their brightness."
	case !grey && img.Scan == nil && len(p.Channels) == 0 && in.Channels == 3 && !hasColors(img):
		return "The model takes colours, but the picture is grey: all of its channels get the same."
	}
	return ""
}

// hasColors tells whether some pixels of a sample are no shade of grey.
func hasColors(m *picture.Image) bool {
	if m.Channels < 3 {
		return false
	}
	count, all := 0, 0
	for y := 0; y < m.Height; y += max(1, m.Height/64) {
		for x := 0; x < m.Width; x += max(1, m.Width/64) {
			r, g, b := m.At(x, y, 0), m.At(x, y, 1), m.At(x, y, 2)
			if all++; max(r, g, b)-min(r, g, b) > colored {
				count++
			}
		}
	}
	return 100*count > all // more than a speck
}

// notOriented tells where an orientation is asked for that the picture does not
// know of.
func (p Preprocess) notOriented(img *picture.Image) string {
	if p.Orientation == "" || img.Orientable() {
		return ""
	}
	return fmt.Sprintf("The model takes slices in the orientation %s, but the picture does not tell how it lies in the patient: it is given as it is shown.", p.Orientation)
}

// filledWith tells what stands for values that are no numbers.
func (p Preprocess) filledWith(img *picture.Image) string {
	switch {
	case img.NonFinite() == 0:
		return ""
	case p.Fill != nil:
		return fmt.Sprintf("Where the picture has no finite numbers the model gets %g, as preprocess.fill says.", *p.Fill)
	}
	return fmt.Sprintf("Where the picture has no finite numbers the model gets %g, its smallest value. Set preprocess.fill in the sidecar for another.", img.Least())
}

// Oriented is the picture as the model takes it: along the axes of the patient
// that [Preprocess.Orientation] names, where there is one and the picture tells
// how it lies; else the picture itself.
func (p Preprocess) Oriented(img *picture.Image) *picture.Image {
	if p.Orientation == "" || img == nil {
		return img
	}
	return img.Oriented(p.Orientation)
}

// checkScan checks what concerns scans alone.
func (p Preprocess) checkScan() error {
	if p.Modality != "" && FindModality(p.Modality) == "" {
		return NewKeyError("modality", fmt.Sprintf("%q is unknown, allowed: CT, MR, PT, US, MG, CR, DX, NM, XA, OP, OCT, ES, SM, XC", p.Modality))
	}
	if p.Fill != nil {
		if err := Finite("fill", []float64{*p.Fill}); err != nil {
			return err
		}
	}
	return checkOrientation(p.Orientation)
}

// checkOrientation wants one letter for each of the three axes of the patient.
func checkOrientation(codes string) error {
	if codes == "" {
		return nil
	}
	left := []string{"LR", "PA", "SI"}
	for _, letter := range codes {
		i := slices.IndexFunc(left, func(pair string) bool { return strings.ContainsRune(pair, letter) })
		if i < 0 {
			return NewKeyError("orientation", fmt.Sprintf("%q is none; write one of L and R, one of P and A and one of S and I, for example \"RAS\"", codes))
		}
		left = slices.Delete(left, i, i+1)
	}
	if len(left) > 0 {
		return NewKeyError("orientation", fmt.Sprintf("%q names %d of three axes; write for example \"RAS\"", codes, 3-len(left)))
	}
	return nil
}

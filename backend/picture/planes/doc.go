// Package planes cuts axial, coronal and sagittal planes out of the slices of a
// scan (multiplanar reformation).
//
// Planes follow the slices, not the axes of the patient: of slices that lie
// obliquely one plane is that of the slices, the others are square to it, and each
// is called after the plane of the patient that it is closest to. Places are in
// millimetres along the patient's axes as DICOM counts them: to the left, to the
// back, to the head; along the axis that a plane is square to. Every slice counts
// where it says that it lies, so that slices behind gaps, and those of a tilted
// gantry, are at their true places.
//
// Values are interpolated when a plane is drawn, and nowhere else: those in memory
// are the ones of the slices. Nothing here reads files.
package planes

import (
	"fmt"
	"math"
	"strings"
)

// Plane is one of the three planes of the patient.
type Plane int

// Planes, by the axis of the patient that they are square to: the axial one is
// square to the way to the head, the coronal one to that to the back, the sagittal one
// to that to the left.
const (
	Axial Plane = iota
	Coronal
	Sagittal
)

// All are the planes in the order in which they are shown.
func All() []Plane { return []Plane{Axial, Coronal, Sagittal} }

func (p Plane) String() string { return [...]string{"axial", "coronal", "sagittal"}[p] }

// Title is the name as a heading.
func (p Plane) Title() string { return [...]string{"Axial", "Coronal", "Sagittal"}[p] }

// Parse reads the name of a plane.
func Parse(text string) (Plane, error) {
	for _, p := range All() {
		if strings.EqualFold(strings.TrimSpace(text), p.String()) {
			return p, nil
		}
	}
	return 0, fmt.Errorf("%q is no plane; choose axial, coronal or sagittal", text)
}

// axis is the axis of the patient that the plane is square to: 0 to the left, 1 to
// the back, 2 to the head.
func (p Plane) axis() int { return 2 - int(p) }

// Toward is where places of the plane count to.
func (p Plane) Toward() string { return [...]string{"head", "back", "left"}[p] }

// layout are the axes of the patient along the rows and down the columns of a
// plane as it is shown, and whether they are followed the way they count: the
// patient's right is at the left of axial and coronal planes, the front at the left of
// sagittal ones, the head above.
func (p Plane) layout() (along, down heading) {
	switch p {
	case Axial:
		return heading{0, 1}, heading{1, 1}
	case Coronal:
		return heading{0, 1}, heading{2, -1}
	}
	return heading{1, 1}, heading{2, -1}
}

// heading is an axis of the patient, followed the way it counts (1) or the other
// (−1).
type heading struct {
	axis int
	sign float64
}

// Place writes a place of the plane: "12.5 mm to the back".
func (p Plane) Place(mm float64) string {
	names := [...][2]string{{"head", "feet"}, {"back", "front"}, {"left", "right"}}[p]
	name := names[0]
	if mm < 0 {
		name = names[1]
	}
	if mm = math.Abs(math.Round(10*mm) / 10); mm == 0 {
		name = names[0]
	}
	return fmt.Sprintf("%.1f mm to the %s", mm, name)
}

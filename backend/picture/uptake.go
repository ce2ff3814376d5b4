package picture

import (
	"slices"
	"strings"

	"picasso/backend/picture/dicom"
)

// HasUptake reports whether the picture is a PET image whose file has all that
// [Image.Uptake] needs.
func (m *Image) HasUptake() bool { return m.Scan != nil && m.Scan.SUV != nil && m.Scan.SUV.Factor > 0 }

// Uptake is a PET image with its values as standardized uptake values by body
// weight, instead of Bq/ml or counts. Neighbours are so too. The error, of type *[Error],
// says what the file lacks.
func (m *Image) Uptake() (*Image, error) {
	switch {
	case m.Scan == nil || m.Scan.SUV == nil || m.Scan.frame == nil:
		return nil, &Error{m.Name, "is no PET image that uptake values can be computed for", "use it with the values it has", nil}
	case !m.HasUptake():
		return nil, &Error{m.Name, "does not allow uptake values: the file lacks " + dicom.List(m.Scan.SUV.Missing), "use its values in " + m.Unit, nil}
	}
	d := m.Scan.frame.Uptake()
	out := fromFrame(m.Name, d)
	own := *m.Scan
	own.frame, own.SUV, own.Windows, own.Auto, own.Window = d, nil, out.Scan.Windows, out.Scan.Auto, out.Scan.Window
	out.Path, out.SHA256, out.Scan = m.Path, m.SHA256, &own
	out.Notes = slices.DeleteFunc(slices.Clone(m.Notes), func(s string) bool { return strings.Contains(s, "first window") })
	if m.Neighbours != nil {
		out.Neighbours = uptake{m.Neighbours}
	}
	return out, nil
}

// uptake gives neighbours with uptake values.
type uptake struct{ Neighbours }

// Neighbour implements [Neighbours].
func (u uptake) Neighbour(offset int) (*Image, error) {
	n, err := u.Neighbours.Neighbour(offset)
	if err != nil {
		return nil, err
	}
	return n.Uptake()
}

package phantom

import "picasso/backend/picture/dicom"

// Encode writes slice z as a DICOM file of a series, to be shown through a
// lung window. root begins the series' identifiers, such as "2.25.1". There is
// no patient in it.
func (p *Phantom) Encode(z int, root string) []byte {
	const corner = -Spacing * Side / 2
	s := dicom.Slice{
		Rows: Side, Columns: Side, Values: p.Slices[z],
		Spacing: Spacing, Thickness: Thickness,
		Position: [3]float64{corner, corner, Thickness * float64(z)},
		Number:   Depth - z, Root: root, Center: -600, Width: 1500,
	}
	return s.Encode()
}

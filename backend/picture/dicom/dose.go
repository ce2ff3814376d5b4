package dicom

import "math"

// Attributes of RT Dose (PS3.3 C.8.8.3).
const (
	tagDoseUnits   Tag = 0x30040002
	tagOffsets     Tag = 0x3004000c // of the frames along the normal
	tagDoseScaling Tag = 0x3004000e
)

// rtDose is the SOP class of dose grids.
const rtDose = "1.2.840.10008.5.1.4.1.1.481.2"

// dose reports whether the file is a dose grid.
func (d *dataset) dose() bool { return d.text(tagSOPClass) == rtDose || d.kindOf() == "RTDOSE" }

// doses is what turns stored values into doses: the scaling of the grid.
func (d *dataset) doses(signed bool, found *findings) modality {
	raw := modality{slope: 1, below: signed}
	n := d.number(tagDoseScaling)
	switch {
	case !n.given:
		found.warn("the dose grid has no scaling; its values are stored numbers and no doses")
		return raw
	case n.broken || n.value <= 0 || n.value > maxRescale:
		found.warn("the dose grid scaling%s cannot be read; values are stored numbers and no doses", found.quote(n.written))
		return raw
	}
	raw.slope, raw.unit = n.value, unitOf(d.text(tagDoseUnits))
	if raw.unit != "Gy" && raw.unit != "relative dose" {
		found.warn("the dose grid does not name a unit of dose")
		raw.unit = ""
	}
	return raw
}

// offset moves a frame of a dose grid to its place (PS3.3 C.8.8.3.2): offsets
// from the first frame along the normal where the first one is 0, else heights
// in the patient, of axial grids.
func (g *Geometry) offset(d *dataset, frame, frames int, found *findings) {
	offsets := d.decimals(tagOffsets)
	if len(offsets) == 0 || !g.Placed {
		return
	}
	sound := len(offsets) >= frames
	for _, v := range offsets {
		sound = sound && math.Abs(v) < 1e9
	}
	n := g.Normal()
	axial := math.Abs(n[2]) > 0.999
	switch {
	case !sound:
		found.warn("the offsets of the dose grid's frames cannot be read; their places are not known")
		g.Placed = false
	case offsets[0] == 0:
		for i := range g.Position {
			g.Position[i] += offsets[frame] * n[i]
		}
	case axial && math.Abs(offsets[0]-g.Position[2]) < 0.01:
		g.Position[2] = offsets[frame]
	default:
		found.warn("the offsets of the dose grid's frames begin neither with 0 nor at the grid's place; their places are not known")
		g.Placed = false
	}
}

package render

// Style is how a field is drawn. None of it needs the model again.
type Style struct {
	Colors    string  // name of a colour map; "" or unknown = the first of Names(Signed)
	Opacity   float64 // 0 (nothing drawn) … 1
	Alpha     Alpha   // constant, or growing with the magnitude
	Threshold float64 // share of the range's largest magnitude below which nothing is drawn, 0…1
	Sign      Sign    // which values are drawn
	Range     *Range  // a locked range; nil follows the field
	Robust    float64 // share of extreme values left out of an automatic range, 0…0.5
	Signed    bool    // zero is a meaningful middle
	Cells     bool    // draw separate cells; otherwise bilinear between cell centres
}

// Scale is the colour map and range that a field is really drawn with: what a
// colour bar beside it must show.
type Scale struct {
	Colors ColorMap
	Range  Range
}

// Scale resolves the style for a field.
func (s Style) Scale(f Field) Scale { return Scale{} }

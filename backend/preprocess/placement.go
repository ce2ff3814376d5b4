package preprocess

// Placement maps model pixels to picture pixels: picture = model·Scale + Offset
// on both axes, in pixel-edge coordinates (0 is the left or upper edge).
type Placement struct {
	ScaleX, ScaleY   float64
	OffsetX, OffsetY float64
}

// Picture maps a point of the model's input to the picture.
func (p Placement) Picture(x, y float64) (px, py float64) {
	return x*p.ScaleX + p.OffsetX, y*p.ScaleY + p.OffsetY
}

// Input maps a point of the picture to the model's input.
func (p Placement) Input(px, py float64) (x, y float64) {
	return (px - p.OffsetX) / p.ScaleX, (py - p.OffsetY) / p.ScaleY
}

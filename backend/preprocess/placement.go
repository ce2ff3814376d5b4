package preprocess

// Placement maps model pixels to picture pixels: picture = model·Scale + Offset
// on both axes, in pixel-edge coordinates (0 is the left or upper edge).
type Placement struct {
	ScaleX, ScaleY   float64
	OffsetX, OffsetY float64
}

// Input maps a point of the picture to the model's input.
func (p Placement) Input(px, py float64) (x, y float64) {
	return (px - p.OffsetX) / p.ScaleX, (py - p.OffsetY) / p.ScaleY
}

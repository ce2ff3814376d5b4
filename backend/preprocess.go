package backend

// Preprocess says, as data, how a picture becomes the model's input: colour,
// geometry, scale, mean and deviation. Layout and element type belong to the
// model's input port and are applied at the session's boundary.
//
// Steps in order: colour → resize (and crop or pad) → scale → clip →
// (x − mean) / std.
type Preprocess struct {
	Color  string    `json:"color"`           // "rgb", "bgr", "grey"
	Resize Resize    `json:"resize"`          //
	Scale  [2]float64 `json:"scale"`          // y = x·Scale[0] + Scale[1] on raw values
	Mean   []float64 `json:"mean,omitempty"`  // per channel, after the scale; empty is 0
	Std    []float64 `json:"std,omitempty"`   // per channel; empty is 1
}

// Resize says how a picture of any size becomes one of the model's size.
type Resize struct {
	Mode   string  `json:"mode"`             // "stretch", "crop", "letterbox"
	Filter string  `json:"filter"`           // "nearest", "bilinear", "bicubic", "lanczos", with antialias
	Edge   int     `json:"edge,omitempty"`   // crop: shortest side before the crop; 0 is the model's own size
	Pad    float64 `json:"pad,omitempty"`    // letterbox: raw value of the bars
}

// Placement maps model pixels to picture pixels: picture = model·Scale + Offset
// on both axes, in pixel-edge coordinates (0 is the left or upper edge).
type Placement struct {
	ScaleX, ScaleY   float64
	OffsetX, OffsetY float64
}

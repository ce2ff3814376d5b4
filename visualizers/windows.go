package visualizers

import (
	"image"

	"picasso/backend"
)

// Windows is the evidence of a perturbation method: what every covered region
// did to every class. Maps of any class come from it without the model.
type Windows struct {
	Height, Width int         // of the model's input
	Size, Stride  image.Point // X across, Y down, in model pixels
	Base          backend.Scores
	Rects         []image.Rectangle // regions covered, in model pixels, cut at the border
	Scores        []backend.Scores  // the model's answer with that region covered
}

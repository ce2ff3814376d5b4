package layers

import (
	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

func init() { visualizers.Register(hiResCAM) }

// hiResCAM is Σ_c g·A cell by cell (Draelos and Carin 2020): unlike Grad-CAM
// it only shows cells that the score really used.
var hiResCAM = cam{
	info: visualizers.Info{
		ID: "hires-cam", Title: "HiResCAM", Group: visualizers.Layers, Order: 53, Volumes: true, Score: score.Logit,
		About: "Gradient times activation, cell by cell: shows only regions that the model really used for the class.",
		Link:  "https://arxiv.org/abs/2011.08891",
	},
	plane: func(a, g infer.Tensor) []float64 {
		return local(a, g, func(gradient float64) float64 { return gradient })
	},
}

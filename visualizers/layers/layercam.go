package layers

import (
	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

func init() { visualizers.Register(layerCAM) }

// layerCAM weighs every cell by its own positive gradient (Jiang et al. 2021):
// Σ_c max(0, g)·A. It stays sharp in early layers.
var layerCAM = cam{
	info: visualizers.Info{
		ID: "layer-cam", Title: "LayerCAM", Group: visualizers.Layers, Order: 52, Volumes: true, Score: score.Logit,
		About: "Weights each cell of the layer separately, so that earlier, finer layers can be used too.",
		Link:  "https://ieeexplore.ieee.org/document/9462463",
	},
	plane: func(a, g infer.Tensor) []float64 {
		return local(a, g, func(gradient float64) float64 { return max(0, gradient) })
	},
}

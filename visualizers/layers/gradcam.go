package layers

import (
	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

func init() { visualizers.Register(gradCAM) }

// gradCAM weighs every channel by the mean of its gradient (Selvaraju et al.
// 2017): Σ_c mean(g_c)·A_c.
var gradCAM = cam{
	info: visualizers.Info{
		ID: "grad-cam", Title: "Grad-CAM", Group: visualizers.Layers, Order: 50, Volumes: true, Score: score.Logit,
		About: "Where the last spatial layer sees evidence for the class. Coarse, but about the class rather than about edges.",
		Link:  "https://arxiv.org/abs/1610.02391",
	},
	plane: func(a, g infer.Tensor) []float64 {
		return weighted(a, func(c int) float64 { return visualizers.MeanOf(g.Slice(c).Data) })
	},
}

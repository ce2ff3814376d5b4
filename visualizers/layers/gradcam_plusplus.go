package layers

import (
	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/visualizers"
)

func init() { visualizers.Register(gradCAMPlusPlus) }

// gradCAMPlusPlus weighs positive gradients by
// α = g² / (2g² + Σ A·g³) (Chattopadhay et al. 2018, equation 19), which finds
// several instances of a class better than the plain mean.
var gradCAMPlusPlus = cam{
	info: visualizers.Info{
		ID: "grad-cam++", Title: "Grad-CAM++", Group: visualizers.Layers, Order: 51, Volumes: true, Score: score.Logit,
		About: "Grad-CAM with weights that show several objects of the class at once.",
		Link:  "https://arxiv.org/abs/1710.11063",
	},
	plane: func(a, g infer.Tensor) []float64 {
		return weighted(a, func(c int) float64 { return plusPlusWeight(a.Slice(c).Data, g.Slice(c).Data) })
	},
}

func plusPlusWeight(a, g []float32) float64 {
	var sum float64
	for _, v := range a {
		sum += float64(v)
	}
	var weight float64
	for _, v := range g {
		x := float64(v)
		if x <= 0 {
			continue
		}
		if below := 2*x*x + sum*x*x*x; below != 0 {
			weight += x * x / below * x
		}
	}
	return weight
}

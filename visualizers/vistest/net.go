// Package vistest holds the laws that every visualizer obeys and the small
// models they are tried on, whose answers can be worked out by hand.
package vistest

import (
	"context"
	"fmt"
	"math"

	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/visualizers"
)

// Net is a convolutional network so small that its maps can be worked by hand:
//
//	features[k] = relu(Σ_c Mix[k][c] · x[c])        one value per pixel
//	logits[j]   = Bias[j] + Σ_k,y,x Read[j][k][y][x] · features[k][y][x]
//	P           = softmax(logits)
//
// It is exact in float64 and gives gradients of all kinds. Nothing in it
// changes, so it may be used by several goroutines.
type Net struct {
	Channels, Height, Width int
	Mix                     [][]float64
	Read                    [][]float64 // per class; features×height×width, in that order
	Bias                    []float64
	Names                   []string
	BatchSize               int
	// Before, if given, is asked before each image is scored or differentiated;
	// its error ends the call. Tests use it to fail, to cancel and to count.
	Before func(ctx context.Context) error
}

// Layer is the name of the net's only inner activation.
const Layer = "features"

// Linear is a net whose logits are Σ weights[j]·x + bias[j] wherever the input
// is not negative; weights are channels×height×width for each class.
func Linear(channels, height, width int, weights [][]float64, bias []float64) *Net {
	n := &Net{Channels: channels, Height: height, Width: width, Read: weights, Bias: bias, BatchSize: 4}
	for c := range channels {
		row := make([]float64, channels)
		row[c] = 1
		n.Mix = append(n.Mix, row)
	}
	for j := range bias {
		n.Names = append(n.Names, fmt.Sprintf("class %d", j))
	}
	return n
}

// Corner is a net with two classes that looks only at the upper left square of
// a given side: the brighter it is, the surer is class 0.
func Corner(channels, height, width, side int) *Net {
	weights := make([]float64, channels*height*width)
	for c := range channels {
		for y := range side {
			for x := range side {
				weights[(c*height+y)*width+x] = 1 / float64(channels*side*side)
			}
		}
	}
	n := Linear(channels, height, width, [][]float64{weights, make([]float64, len(weights))}, []float64{0, 0})
	n.Names = []string{"bright corner", "dark corner"}
	return n
}

// Shape is the input.
func (n *Net) Shape() (channels, height, width int) { return n.Channels, n.Height, n.Width }

// Batch is BatchSize.
func (n *Net) Batch() int { return n.BatchSize }

// Classes is the number of biases.
func (n *Net) Classes() int { return len(n.Bias) }

// ClassName is the class's name.
func (n *Net) ClassName(class int) string { return n.Names[class] }

// HasLogits is true.
func (n *Net) HasLogits() bool { return true }

// Prepare stretches the picture to the input and divides by 255.
func (n *Net) Prepare(img *picture.Image) (infer.Tensor, error) {
	small := img.Resize(n.Width, n.Height, picture.Bilinear, true)
	t := infer.NewTensor(n.Channels, n.Height, n.Width)
	for c := range n.Channels {
		for y := range n.Height {
			for x := range n.Width {
				t.Data[(c*n.Height+y)*n.Width+x] = small.At(x, y, min(c, small.Channels-1)) / 255
			}
		}
	}
	return t, nil
}

// Encoder divides by 255.
func (n *Net) Encoder(*picture.Image) func(raw []float32) []float32 {
	return func(raw []float32) []float32 {
		out := make([]float32, len(raw))
		for i, v := range raw {
			out[i] = v / 255
		}
		return out
	}
}

// Decoder multiplies by 255.
func (n *Net) Decoder(img *picture.Image) preprocess.Decoder {
	color := preprocess.RGB
	if n.Channels == 1 {
		color = preprocess.Grey
	}
	return preprocess.Preprocess{Color: color, Scale: [2]float64{1. / 255, 0}}.Decoder(img, preprocess.Input{Channels: n.Channels})
}

// Predict scores each tensor.
func (n *Net) Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	out := make([]score.Scores, len(batch))
	for i, x := range batch {
		if err := n.enter(ctx, x); err != nil {
			return nil, err
		}
		out[i] = n.scores(n.features(x))
	}
	return out, nil
}

func (n *Net) enter(ctx context.Context, x infer.Tensor) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(x.Data) != n.Channels*n.Height*n.Width || len(x.Shape) != 3 {
		return fmt.Errorf("input of shape %v, want [%d %d %d]", x.Shape, n.Channels, n.Height, n.Width)
	}
	if n.Before != nil {
		return n.Before(ctx)
	}
	return nil
}

// sums are the features before the rectifier.
func (n *Net) sums(x infer.Tensor) []float64 {
	plane := n.Height * n.Width
	out := make([]float64, len(n.Mix)*plane)
	for k, row := range n.Mix {
		for c, w := range row {
			for i := range plane {
				out[k*plane+i] += w * float64(x.Data[c*plane+i])
			}
		}
	}
	return out
}

func (n *Net) features(x infer.Tensor) []float64 {
	out := n.sums(x)
	for i, v := range out {
		out[i] = max(v, 0)
	}
	return out
}

func (n *Net) scores(features []float64) score.Scores {
	logits := make([]float64, len(n.Bias))
	high := math.Inf(-1)
	for j, weights := range n.Read {
		logits[j] = n.Bias[j]
		for i, w := range weights {
			logits[j] += w * features[i]
		}
		high = max(high, logits[j])
	}
	var s score.Scores
	var sum float64
	for _, z := range logits {
		sum += math.Exp(z - high)
	}
	for _, z := range logits {
		s.Logits = append(s.Logits, float32(z))
		s.Probabilities = append(s.Probabilities, float32(math.Exp(z-high)/sum))
	}
	return s
}

// The net is everything a subject can be.
var (
	_ visualizers.Decoded             = (*Net)(nil)
	_ visualizers.Differentiable      = (*Net)(nil)
	_ visualizers.LayerDifferentiable = (*Net)(nil)
	_ visualizers.UnitDifferentiable  = (*Net)(nil)
	_ visualizers.Rectified           = (*Net)(nil)
)

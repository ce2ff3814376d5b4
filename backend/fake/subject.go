// Package fake holds models so simple that every answer can be worked out by
// hand: real implementations, without a runtime, of what the rest of the
// program asks of a model. They serve tests and nothing else.
package fake

import (
	"context"
	"fmt"
	"sync/atomic"

	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/backend/score"
)

// Subject is a model given by a function. It serves visualizers: the tensor of
// a picture is the picture stretched to Width×Height, values as they are
// (grey for one channel).
type Subject struct {
	Channels, Height, Width int
	// Score computes one logit per class from a C×H×W tensor.
	Score func(x infer.Tensor) []float32
	// Probability turns logits into probabilities; nil is the softmax.
	Probability func(logits []float32) []float32
	// Before, where not nil, runs ahead of every batch; its error ends Predict.
	Before func(ctx context.Context, batch []infer.Tensor) error
	Names  []string // of the classes; their number is that of the classes
	Size   int      // batch size, 0 is 4
	Silent bool     // no logits, only probabilities

	runs, images atomic.Int64
}

// Linear is a model with logit k = Σ weights[k]·x and probabilities equal to
// the logits, so that maps can be worked out by hand. Every weights[k] has one
// value per element of the C×H×W tensor.
func Linear(channels, height, width int, weights ...[]float32) *Subject {
	s := &Subject{Channels: channels, Height: height, Width: width, Probability: same}
	for k := range weights {
		s.Names = append(s.Names, fmt.Sprintf("class %d", k))
	}
	s.Score = func(x infer.Tensor) []float32 {
		out := make([]float32, len(weights))
		for k, w := range weights {
			out[k] = dot(w, x.Data)
		}
		return out
	}
	return s
}

func same(logits []float32) []float32 { return append([]float32(nil), logits...) }

func dot(a, b []float32) float32 {
	sum := 0.0
	for i, v := range a {
		sum += float64(v) * float64(b[i])
	}
	return float32(sum)
}

// Corner is a model of two classes that looks at one pixel each: class 0 at
// the upper left, class 1 at the lower right, summed over the channels.
// Anything that confuses x and y, or rows and columns, shows on it.
func Corner(channels, height, width int) *Subject {
	first, last := make([]float32, channels*height*width), make([]float32, channels*height*width)
	for c := range channels {
		first[c*height*width] = 1
		last[(c+1)*height*width-1] = 1
	}
	s := Linear(channels, height, width, first, last)
	s.Names = []string{"upper left", "lower right"}
	return s
}

// Shape is C×H×W.
func (s *Subject) Shape() (channels, height, width int) { return s.Channels, s.Height, s.Width }

// Batch is the batch size.
func (s *Subject) Batch() int {
	if s.Size > 0 {
		return s.Size
	}
	return 4
}

// Classes is the number of names.
func (s *Subject) Classes() int { return len(s.Names) }

// ClassName is the name of a class.
func (s *Subject) ClassName(class int) string { return s.Names[class] }

// HasLogits is false for a silent subject.
func (s *Subject) HasLogits() bool { return !s.Silent }

// Runs is the number of Predict calls so far, Images that of tensors in them.
func (s *Subject) Runs() int { return int(s.runs.Load()) }

// Images is the number of tensors predicted so far.
func (s *Subject) Images() int { return int(s.images.Load()) }

// Predict computes Score for every tensor.
func (s *Subject) Predict(ctx context.Context, batch []infer.Tensor) ([]score.Scores, error) {
	s.runs.Add(1)
	s.images.Add(int64(len(batch)))
	if s.Before != nil {
		if err := s.Before(ctx, batch); err != nil {
			return nil, err
		}
	}
	out := make([]score.Scores, len(batch))
	for i, x := range batch {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := x.Check(); err != nil {
			return nil, err
		}
		if len(x.Data) != s.Channels*s.Height*s.Width {
			return nil, fmt.Errorf("tensor %d has the shape %v, the model takes %d×%d×%d", i, x.Shape, s.Channels, s.Height, s.Width)
		}
		out[i] = s.scores(x)
	}
	return out, nil
}

func (s *Subject) scores(x infer.Tensor) score.Scores {
	logits := s.Score(x)
	probability := s.Probability
	if probability == nil {
		probability = score.SoftmaxOf
	}
	out := score.Scores{Probabilities: probability(logits)}
	if !s.Silent {
		out.Logits = logits
	}
	return out
}

// Prepare stretches the picture to the model's size.
func (s *Subject) Prepare(img *picture.Image) (infer.Tensor, error) {
	if s.Channels == 1 {
		img = img.Grey()
	}
	img = img.Resize(s.Width, s.Height, picture.Bilinear, true)
	x := infer.NewTensor(s.Channels, s.Height, s.Width)
	for c := range s.Channels {
		for y := range s.Height {
			for col := range s.Width {
				x.Data[(c*s.Height+y)*s.Width+col] = img.At(col, y, min(c, img.Channels-1))
			}
		}
	}
	return x, nil
}

// Encoder keeps the raw values.
func (s *Subject) Encoder(*picture.Image) func(raw []float32) []float32 {
	return func(raw []float32) []float32 {
		out := make([]float32, s.Channels)
		for c := range out {
			out[c] = raw[min(c, len(raw)-1)]
		}
		return out
	}
}

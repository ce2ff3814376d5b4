package vistest

import (
	"context"
	"fmt"
	"image"
	"math/rand/v2"

	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/visualizers"
)

// Random is a net of three classes with random weights.
func Random(channels, height, width int) *Net {
	const features, classes = 4, 3
	random := rand.New(rand.NewPCG(uint64(height), uint64(width)))
	n := &Net{Channels: channels, Height: height, Width: width, BatchSize: 4, Names: []string{"tank", "no tank", "cat"}}
	for range features {
		n.Mix = append(n.Mix, normal(random, channels, 1))
	}
	for range classes {
		n.Read = append(n.Read, normal(random, features*height*width, 4/float64(height*width)))
	}
	n.Bias = normal(random, classes, 0.1)
	return n
}

func normal(random *rand.Rand, n int, scale float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = scale * random.NormFloat64()
	}
	return out
}

// Picture is a random picture in colour.
func Picture(width, height int) *picture.Image {
	random := rand.New(rand.NewPCG(7, uint64(width*height)))
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range m.Pix {
		m.Pix[i] = uint8(random.UintN(256))
		if i%4 == 3 {
			m.Pix[i] = 255
		}
	}
	return picture.FromImage("random.png", m)
}

// plain hides everything of a subject that not every model has.
type plain struct{ visualizers.Subject }

// ask makes the input of a visualizer for a net: a picture, prepared and
// answered, two targets of which one is a contrast, default settings.
func ask(n *Net, v visualizers.Visualizer) (visualizers.Input, error) {
	img := Picture(n.Width+5, n.Height+3)
	x, err := n.Prepare(img)
	if err != nil {
		return visualizers.Input{}, fmt.Errorf("preparing: %w", err)
	}
	in := visualizers.Input{
		Subject: n, Image: img, Tensor: x,
		Base: n.scores(n.features(x)),
		Targets: []score.Target{
			score.ClassTarget(1, v.Info().Score),
			{Class: 2, Against: 0, Score: v.Info().Score},
		},
		Values: visualizers.Defaults(v, n),
	}
	return in, nil
}

// counted lets a net run up to a number of images and then does what is asked.
func counted(n *Net, after int, then func(context.Context) error) *Net {
	c := *n
	left := make(chan struct{}, after)
	for range after {
		left <- struct{}{}
	}
	c.Before = func(ctx context.Context) error {
		select {
		case <-left:
			return nil
		default:
			return then(ctx)
		}
	}
	return &c
}

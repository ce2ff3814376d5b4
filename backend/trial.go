package backend

import (
	"context"
	"errors"
	"fmt"
	"time"

	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
)

// trialSides are tried in turn for a model that leaves its size open: the
// usual ones first, then smaller and larger ones.
func trialSides() []int {
	return []int{metadata.DefaultSide, 299, 128, 64, 32, 28, 256, 384, 448, 512, 640}
}

// trial runs the model once on a test pattern. Where the file leaves size or
// channels open, it settles on the first that the model takes.
func (m *Model) trial(ctx context.Context, found *metadata.Facts) ([]infer.Tensor, error) {
	if m.Input.Channels == 0 {
		m.Input.Channels = 3
		m.Warn("The file does not state the number of channels of a picture, so 3 (colour) are used.")
	}
	if !m.Input.Dynamic {
		return m.runPattern(ctx)
	}
	height, width := m.Input.Height, m.Input.Width
	if found.Size != [2]int{} {
		out, err := m.trialSize(ctx, found, metadata.OrElse(height, found.Size[0]), metadata.OrElse(width, found.Size[1]))
		if err == nil || ctx.Err() != nil || found.ByUser(found.Origin["size"]) {
			return out, err
		}
		m.Warn(fmt.Sprintf("The size of %s is not used: %v.", found.Origin["size"], err))
	}
	var first error
	for _, side := range trialSides() {
		m.Input.Height, m.Input.Width = metadata.OrElse(height, side), metadata.OrElse(width, side)
		out, err := m.runPattern(ctx)
		if err == nil {
			m.Say("size", "guess: the file does not fix the size")
			m.Warn(fmt.Sprintf("The file does not fix the size of the picture, so %d×%d is used. To change this, set \"size\" in the sidecar.", m.Input.Width, m.Input.Height))
			return out, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var stuck *onnx.FileError
		if errors.As(err, &stuck) {
			return nil, err
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// trialSize runs the model at the size that a source states.
func (m *Model) trialSize(ctx context.Context, found *metadata.Facts, height, width int) ([]infer.Tensor, error) {
	if height*width > picture.MaxPixels/preprocess.MaxChannels {
		return nil, fmt.Errorf("%d×%d pixels are too many; choose a smaller \"size\"", width, height)
	}
	m.Input.Height, m.Input.Width = height, width
	m.Say("size", found.Origin["size"])
	return m.runPattern(ctx)
}

// trialTime bounds the trial run. Large classifiers take seconds for a picture
// on a slow machine; a loop inside a hostile file takes for ever.
const trialTime = 30 * time.Second

func (m *Model) runPattern(ctx context.Context) ([]infer.Tensor, error) {
	in, err := m.Input.Feed([]infer.Tensor{m.Input.Pattern()})
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	out, err := m.forward().Session.Run(limited, []infer.Tensor{in})
	if limited.Err() != nil && ctx.Err() == nil && err != nil {
		return nil, metadata.ModelError(m.Path, fmt.Sprintf("gives no answer for a picture within %v", trialTime), "It may contain an endless loop: choose another model.")
	}
	return out, err
}

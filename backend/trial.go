package backend

import (
	"context"
	"errors"
	"fmt"
	"strings"
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
	if m.Input.Channels > 0 {
		out, err := m.settleSize(ctx, found)
		m.tried = out
		return out, err
	}
	var first error
	asked := m.Input
	usual := []int{3, 1, 4}
	if asked.Depth != 0 {
		usual = []int{1, 3, 4}
	}
	for _, n := range usual {
		m.Input = asked
		m.Input.Channels = n
		out, err := m.settleSize(ctx, found)
		if err == nil {
			m.Warn(stating(n, asked.Depth != 0))
			m.tried = out
			return out, nil
		}
		if ctx.Err() != nil {
			return nil, err
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// stating says which number of channels is tried where the file leaves it open.
func stating(n int, volumes bool) string {
	if volumes {
		return fmt.Sprintf("The file does not state the number of channels of a volume, so %d is used.", n)
	}
	return fmt.Sprintf("The file does not state the number of channels of a picture, so %d (%s) are used.", n, map[int]string{1: "grey", 3: "colour", 4: "colour and alpha"}[n])
}

// settleSize settles the size for the number of channels in use.
func (m *Model) settleSize(ctx context.Context, found *metadata.Facts) ([]infer.Tensor, error) {
	if !m.Input.Dynamic {
		out, err := m.runPattern(ctx)
		if err != nil {
			err = m.misfit(ctx, err, "Export it again, and run the exported file once.")
		}
		return out, err
	}
	if m.Input.Depth != 0 {
		return m.settleVolume(ctx, found)
	}
	height, width := m.Input.Height, m.Input.Width
	if found.Size != [2]int{} {
		own := m.Input.OwnSize
		m.Input.OwnSize = false
		out, err := m.trialSize(ctx, found, metadata.OrElse(height, found.Size[0]), metadata.OrElse(width, found.Size[1]))
		if err == nil || ctx.Err() != nil {
			return out, err
		}
		if found.ByUser(found.Origin["size"]) {
			return nil, m.misfitSize(ctx, err, preprocess.Input{Height: height, Width: width})
		}
		m.Input.OwnSize = own
		m.Warn(fmt.Sprintf("The size of %s is not used: %v.", found.Origin["size"], err))
	}
	var first error
	for _, side := range trialSides() {
		m.Input.Height, m.Input.Width = metadata.OrElse(height, side), metadata.OrElse(width, side)
		out, err := m.runPattern(ctx)
		if err == nil && m.Input.OwnSize {
			m.Say("size", "graph: the model resizes pictures itself, so it gets each one in its own size")
			return out, nil
		}
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
	m.Input.Height, m.Input.Width = metadata.OrElse(height, trialSides()[0]), metadata.OrElse(width, trialSides()[0])
	return nil, m.misfit(ctx, first, fmt.Sprintf("The file leaves the size open, and none of the usual sides fits (%s): give the one that the model was made for, %s.", listed(trialSides()), sizing(m.Input)))
}

// listed writes numbers in a sentence.
func listed(n []int) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(n), "[]"), " ", ", ")
}

// usualChannels bounds the size of pictures of few channels.
const usualChannels = 16

// trialSize runs the model at the size that a source states.
func (m *Model) trialSize(ctx context.Context, found *metadata.Facts, height, width int) ([]infer.Tensor, error) {
	if height*width > picture.MaxPixels/max(m.Input.Channels, usualChannels) {
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
	session := m.forward().Session
	if m.Provider() == "CPU" {
		if out := m.trying.Answer(in, session.Outputs()); out != nil {
			return out, nil
		}
	}
	limited, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	out, err := session.Run(limited, []infer.Tensor{in})
	if limited.Err() != nil && ctx.Err() == nil && err != nil {
		return nil, metadata.ModelError(m.Path, fmt.Sprintf("gives no answer for a picture within %v", trialTime), "It may contain an endless loop: choose another model.")
	}
	return out, err
}

// volumeSides are tried in turn for a model of volumes that leaves its size open:
// what networks are usually trained on.
func volumeSides() []int { return []int{96, 64, 128, 32, 48, 80, 112, 160} }

// settleVolume settles the size of volumes that the file leaves open: the one that
// is stated, else the first usual one that the model takes.
func (m *Model) settleVolume(ctx context.Context, found *metadata.Facts) ([]infer.Tensor, error) {
	open := m.Input
	sized := func(depth, height, width int) error {
		m.Input.Depth = metadata.OrElse(max(open.Depth, 0), depth)
		m.Input.Height, m.Input.Width = metadata.OrElse(open.Height, height), metadata.OrElse(open.Width, width)
		if n := float64(m.Input.Depth) * float64(m.Input.Height) * float64(m.Input.Width) * float64(m.Input.Channels); n > metadata.MaxVoxels {
			return fmt.Errorf("%v voxels are too many; choose a smaller \"size\"", m.Input)
		}
		return nil
	}
	if found.Size != [2]int{} {
		depth := metadata.OrElse(found.Depth, min(found.Size[0], found.Size[1]))
		if found.Depth == 0 && open.Depth <= 0 {
			m.Warn(fmt.Sprintf("The size of %s has no depth, so %d slices are used. To change this, give %s.", found.Origin["size"], depth, sizing(open)))
		}
		err := sized(depth, found.Size[0], found.Size[1])
		var out []infer.Tensor
		if err == nil {
			m.Say("size", found.Origin["size"])
			out, err = m.runPattern(ctx)
		}
		if err == nil || ctx.Err() != nil {
			return out, err
		}
		if found.ByUser(found.Origin["size"]) {
			return nil, m.misfitSize(ctx, err, open)
		}
		m.Warn(fmt.Sprintf("The size of %s is not used: %v.", found.Origin["size"], err))
	}
	var first error
	for _, side := range volumeSides() {
		err := sized(side, side, side)
		var out []infer.Tensor
		if err == nil {
			out, err = m.runPattern(ctx)
		}
		if err == nil {
			m.Say("size", "guess: the file does not fix the size")
			m.Warn(fmt.Sprintf("The file does not fix the size of the volume, so %d×%d×%d voxels are used. To change this, set \"size\": [depth, height, width] in the sidecar.", m.Input.Depth, m.Input.Height, m.Input.Width))
			return out, nil
		}
		var stuck *onnx.FileError
		if ctx.Err() != nil || errors.As(err, &stuck) {
			return nil, err
		}
		if first == nil {
			first = err
		}
	}
	return nil, m.misfit(ctx, first, fmt.Sprintf("The file leaves the size open, and none of the usual sides fits (%s): give the one that the model was made for, %s.", listed(volumeSides()), sizing(m.Input)))
}

package backend

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/onnx"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
)

// pictureInputs are the other inputs that get pictures. The pictures are
// prepared again when the preparation changes. Guarded by [Model].mu, but for
// list, which stays as it was when the model was opened.
type pictureInputs struct {
	list  []*pictureInput
	fresh bool // the constants in use belong to the preparation in use
	turn  int  // counts the preparations
}

// filled reports whether the pictures that are constants are up to date.
func (m *Model) filled() bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return len(m.slots.list) == 0 || m.slots.fresh
}

// outdated asks for the constants again. The model's mu is held.
func (s *pictureInputs) outdated() {
	s.fresh = false
	s.turn++
}

// pictureInput is an input other than the main one that gets a picture.
type pictureInput struct {
	name  string
	given metadata.GivenInput
	spec  preprocess.Input
	flat  bool // the input is H×W, without channels
	mask  bool // says where, not what: see [pictureInput.preparation]
	img   *picture.Image
}

// newPictureInput reads the picture for an input. What the file leaves open of
// the input's size is the size of the main one.
func (m *Model) newPictureInput(ctx context.Context, found *metadata.Facts, v *onnx.Value, given metadata.GivenInput) (*pictureInput, error) {
	spec, ok := metadata.PictureLike(m.File, v)
	if !ok {
		return nil, fmt.Errorf("%s is a file, but the input %s does not take a picture; allowed: a number, true or false, a list, or a .npy file", given.File, metadata.DescribePorts([]*onnx.Value{v}))
	}
	main := m.Input
	if main.Channels == spec.Channels && main.Height == spec.Height && main.Width == spec.Width {
		spec.Layout = main.Layout
	}
	main.Height, main.Width = m.expectedSize(found)
	spec.Channels = metadata.OrElse(spec.Channels, metadata.OrElse(main.Channels, 3))
	spec.Height, spec.Width = metadata.OrElse(spec.Height, main.Height), metadata.OrElse(spec.Width, main.Width)
	if n := infer.Elements(spec.Axes()); n > metadata.MaxConstant/max(spec.Pictures, 1) {
		return nil, fmt.Errorf("needs more than %d values", metadata.MaxConstant)
	}
	img, err := picture.OpenWith(ctx, given.File, m.pictures)
	if err != nil {
		return nil, err
	}
	m.remark(img)
	one := spec.Channels == 1 || v.Type == onnx.Bool
	return &pictureInput{
		name: v.Name, given: given, spec: spec, flat: len(v.Shape) == 2, img: img,
		mask: one && (main.Channels != 1 || v.Type == onnx.Bool || strings.Contains(strings.ToLower(v.Name), "mask")),
	}, nil
}

// expectedSize is the height and width of the main input. Where the file
// leaves them open they are settled here, before the model is tried.
func (m *Model) expectedSize(found *metadata.Facts) (height, width int) {
	in := m.Input
	if in.Dynamic && found.Size == [2]int{} {
		found.SetSize(metadata.OrElse(in.Height, metadata.DefaultSide), metadata.OrElse(in.Width, metadata.DefaultSide), "guess: the file does not fix the size")
		m.Warn(fmt.Sprintf("The file does not fix the size of the picture, so %d×%d is used. To change this, set \"size\" in the sidecar.", found.Size[1], found.Size[0]))
	}
	return metadata.OrElse(in.Height, found.Size[0]), metadata.OrElse(in.Width, found.Size[1])
}

// preparation is how the picture is prepared where the main input's are
// prepared by p. A second picture is prepared as the first one is, to its own
// size. A mask says where: it shows the same part of the picture, keeps its
// values (no pixel is mixed of two), is 0 where the picture does not reach, and
// becomes 0…1, whatever the scale, mean and deviation of pictures are; inputs
// of whole numbers get the values of the file.
func (s *pictureInput) preparation(p preprocess.Preprocess, main preprocess.Input) preprocess.Preprocess {
	p.Resize = p.Resize.Within(main, s.spec)
	n := s.spec.Channels
	switch {
	case s.mask:
		p.Resize.Filter, p.Resize.Sharp, p.Resize.Pad = picture.Nearest, true, nil
		mask := preprocess.Preprocess{Color: preprocess.RGB, Resize: p.Resize, Scale: [2]float64{1, 0}}
		if n == 1 {
			mask.Color = preprocess.Grey
		}
		mask.Intensity.Depth = s.spec.Type.IsFloat() || s.spec.Type == onnx.Bool
		return mask
	case n == main.Channels:
		return p
	}
	if len(p.Channels) > 0 && !p.Intensity.IsSet() {
		p.Intensity = p.Channels[0].Intensity
	}
	p.Channels = nil
	if p.Color == preprocess.Grey {
		p.Color = preprocess.RGB
	}
	if n == 1 {
		p.Color = preprocess.Grey
	} else if n != 3 {
		p.Channels = preprocess.UsualChannels(n, p.Color)
	}
	return p
}

// constant is the prepared picture as the input's constant.
func (s *pictureInput) constant(p preprocess.Preprocess, main preprocess.Input) (*onnx.Tensor, error) {
	x, err := preprocess.Prepare(s.img, s.preparation(p, main), s.spec)
	var key *preprocess.KeyError
	if errors.As(err, &key) {
		return nil, fmt.Errorf("%s cannot be prepared for %d channel(s) like the main picture: %w; give a .npy file with the values of this input", s.given.File, s.spec.Channels, err)
	}
	if err != nil {
		return nil, err
	}
	if s.spec.Type == onnx.Bool {
		for i, v := range x.Data {
			x.Data[i] = 0
			if v >= 0.5 {
				x.Data[i] = 1
			}
		}
	}
	all, err := s.spec.Feed([]infer.Tensor{x})
	if err != nil {
		return nil, err
	}
	if s.flat {
		all.Shape = []int{s.spec.Height, s.spec.Width}
	}
	return onnx.NewConstant(s.name, s.spec.Type, all.Shape, all.Data)
}

// plainPreparation is what pictures are prepared with until it is known how:
// the commonest way.
func plainPreparation(in preprocess.Input) preprocess.Preprocess {
	p := preprocess.Preprocess{Color: preprocess.RGB, Resize: preprocess.DefaultResize(), Scale: [2]float64{1.0 / 255, 0}}
	if in.Channels == 1 {
		p.Color = preprocess.Grey
	}
	if in.Channels != 1 && in.Channels != 3 {
		p.Channels = preprocess.UsualChannels(in.Channels, preprocess.RGB)
	}
	return p
}

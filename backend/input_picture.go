package backend

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"picasso/backend/onnx"
	"picasso/backend/picture"
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

// outdated asks for the constants anew. The model's mu is held.
func (s *pictureInputs) outdated() {
	s.fresh = false
	s.turn++
}

// pictureInput is an input other than the main one that gets a picture.
type pictureInput struct {
	name  string
	given givenInput
	spec  InputSpec
	flat  bool // the input is H×W, without channels
	mask  bool // says where, not what: see [pictureInput.preparation]
	img   *picture.Image
}

// pictureLike is v in the form of a picture's input, and whether it can be
// one: an input of three or four axes, or of two that are height and width.
// Masks may be of truth values.
func pictureLike(f *onnx.Model, v *onnx.Value) (spec InputSpec, ok bool) {
	like := onnx.Value{Name: v.Name, Type: v.Type, Shape: slices.Clone(v.Shape)}
	if v.Type == onnx.Bool {
		like.Type = onnx.Uint8
	}
	switch {
	case v.Shape != nil && len(v.Shape) < 2:
		return spec, false
	case len(v.Shape) == 2:
		if min(v.Shape[0].Size, v.Shape[1].Size) < 2 {
			return spec, false
		}
		like.Shape = append([]onnx.Dim{{Size: 1}}, like.Shape...)
	case len(v.Shape) == 3 && v.Shape[0].Size < 0:
		like.Shape[0].Size = 1 // a batch of H×W
	}
	spec, err := inputSpec(f, &like, "")
	if v.Type != 0 {
		spec.Type = v.Type
	}
	return spec, err == nil
}

// newPictureInput reads the picture for an input. What the file leaves open of
// the input's size is the size of the main one.
func (m *Model) newPictureInput(found *facts, v *onnx.Value, given givenInput) (*pictureInput, error) {
	spec, ok := pictureLike(m.File, v)
	if !ok {
		return nil, fmt.Errorf("%s is a file, but the input %s takes no picture; allowed: a number, true or false, a list, or a .npy file", given.file, describe([]*onnx.Value{v}))
	}
	main := m.Input
	if main.Channels == spec.Channels && main.Height == spec.Height && main.Width == spec.Width {
		spec.Layout = main.Layout
	}
	main.Height, main.Width = m.expectedSize(found)
	spec.Channels = orElse(spec.Channels, orElse(main.Channels, 3))
	spec.Height, spec.Width = orElse(spec.Height, main.Height), orElse(spec.Width, main.Width)
	if n := Elements(spec.axes()); n > maxConstant/max(spec.pictures, 1) {
		return nil, fmt.Errorf("needs more than %d values", maxConstant)
	}
	img, err := picture.Open(given.file)
	if err != nil {
		return nil, err
	}
	one := spec.Channels == 1 || v.Type == onnx.Bool
	return &pictureInput{
		name: v.Name, given: given, spec: spec, flat: len(v.Shape) == 2, img: img,
		mask: one && (main.Channels != 1 || v.Type == onnx.Bool || strings.Contains(strings.ToLower(v.Name), "mask")),
	}, nil
}

// expectedSize is the height and width of the main input. Where the file
// leaves them open they are settled here, before the model is tried.
func (m *Model) expectedSize(found *facts) (height, width int) {
	in := m.Input
	if in.Dynamic && found.size == [2]int{} {
		found.setSize(orElse(in.Height, DefaultSide), orElse(in.Width, DefaultSide), "guess: the file leaves the size open")
		m.Warn(fmt.Sprintf("The file leaves the picture's size open: %d×%d is taken. Set \"size\" in the sidecar for another.", found.size[1], found.size[0]))
	}
	return orElse(in.Height, found.size[0]), orElse(in.Width, found.size[1])
}

// preparation is how the picture is prepared where the main input's are
// prepared by p. A second picture is prepared as the first one is, to its own
// size. A mask says where: it shows the same part of the picture, keeps its
// values (no pixel is mixed of two), is 0 where the picture does not reach, and
// becomes 0…1, whatever the scale, mean and deviation of pictures are; inputs
// of whole numbers get the values of the file.
func (s *pictureInput) preparation(p Preprocess, main InputSpec) Preprocess {
	p.Resize = p.Resize.within(main, s.spec)
	n := s.spec.Channels
	switch {
	case s.mask:
		p.Resize.Filter, p.Resize.Sharp, p.Resize.Pad = picture.Nearest, true, nil
		mask := Preprocess{Color: RGB, Resize: p.Resize, Scale: [2]float64{1, 0}}
		if n == 1 {
			mask.Color = Grey
		}
		mask.Intensity.Depth = s.spec.Type.IsFloat() || s.spec.Type == onnx.Bool
		return mask
	case n == main.Channels:
		return p
	}
	if len(p.Channels) > 0 && !p.Intensity.set() {
		p.Intensity = p.Channels[0].Intensity
	}
	p.Channels = nil
	if p.Color == Grey {
		p.Color = RGB
	}
	if n == 1 {
		p.Color = Grey
	} else if n != 3 {
		p.Channels = usualChannels(n, p.Color)
	}
	return p
}

// within is a resize for another input, such that it shows the same part of a
// picture.
func (r Resize) within(main, other InputSpec) Resize {
	if main.Height < 1 || main.Width < 1 {
		return r
	}
	down, across := float64(other.Height)/float64(main.Height), float64(other.Width)/float64(main.Width)
	if r.Edge > 0 {
		r.Edge = side(float64(r.Edge) * max(down, across))
	}
	if len(r.Size) == 2 {
		r.Size = []int{side(float64(r.Size[0]) * down), side(float64(r.Size[1]) * across)}
	}
	return r
}

// constant is the prepared picture as the input's constant.
func (s *pictureInput) constant(p Preprocess, main InputSpec) (*onnx.Tensor, error) {
	x, err := prepare(s.img, s.preparation(p, main), s.spec)
	var key *KeyError
	if errors.As(err, &key) {
		return nil, fmt.Errorf("%s cannot be prepared for %d channel(s) as the model's pictures are: %w; give a .npy file with the input's values", s.given.file, s.spec.Channels, err)
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
	all, err := s.spec.feed([]Tensor{x})
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
func plainPreparation(in InputSpec) Preprocess {
	p := Preprocess{Color: RGB, Resize: defaultResize(), Scale: [2]float64{1.0 / 255, 0}}
	if in.Channels == 1 {
		p.Color = Grey
	}
	if in.Channels != 1 && in.Channels != 3 {
		p.Channels = usualChannels(in.Channels, RGB)
	}
	return p
}

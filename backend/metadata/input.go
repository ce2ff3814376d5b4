package metadata

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/onnx"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
)

// DefaultSide is the height and width taken where a model leaves them open and
// nothing else is known.
const DefaultSide = 224

// FindInput finds the input that takes the picture: the one that is named, or
// the only one that can. What is given a constant takes none.
func (f *Facts) FindInput() (preprocess.Input, error) {
	feeds := f.File.Graph.Feeds()
	if len(feeds) == 0 {
		return preprocess.Input{}, ModelError(f.path, "has no input", "Choose a model that takes a picture.")
	}
	if f.InputName != "" {
		for _, v := range feeds {
			if v.Name == f.InputName {
				return inputSpec(f.File, v, f.Layout)
			}
		}
		return preprocess.Input{}, ModelError(f.path, fmt.Sprintf("has no input %q; it has %s", f.InputName, DescribePorts(feeds)), "Choose one of these.")
	}
	if len(feeds) == 1 {
		return inputSpec(f.File, feeds[0], f.Layout)
	}
	return choosePicture(f.File, feeds, f.Layout, f.Inputs)
}

// choosePicture takes the only one of several inputs that can be a picture.
func choosePicture(f *onnx.Model, feeds []*onnx.Value, layout preprocess.Layout, given map[string]GivenInput) (preprocess.Input, error) {
	var found []preprocess.Input
	for _, v := range feeds {
		s, err := inputSpec(f, v, layout)
		_, known := UsualConstant(v)
		if _, has := given[v.Name]; err == nil && !known && !has && len(v.Shape) >= 3 {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		fault := fmt.Sprintf("takes %d inputs: %s", len(feeds), DescribePorts(feeds))
		needs := NeedsOf(f, feeds, layout)
		first := slices.IndexFunc(needs, func(n InputNeed) bool { return n.Image })
		if first < 0 {
			return preprocess.Input{}, ModelError(f.Path, fault+", none of which is a picture", pictureShapes)
		}
		if len(found) == 0 {
			fault += ", none of which is left for the picture"
		}
		picture := feeds[first].Name
		example, flags := Examples(f, Unknown(feeds, picture, given))
		err := ModelError(f.Path, fault,
			fmt.Sprintf("State in %s which one takes the picture and which values the others get: {\"input\": %q, \"inputs\": {%s}}; on the command line --input-name %s %s.",
				filepath.Base(SidecarPath(f.Path)), picture, example, picture, flags))
		return preprocess.Input{}, &InputsError{f.Path, needs, err}
	}
	return found[0], nil
}

// DescribePorts lists inputs or outputs with their shapes.
func DescribePorts(values []*onnx.Value) string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = fmt.Sprintf("%q (%s)", v.Name, form(v))
	}
	return strings.Join(list, ", ")
}

func dims(shape []onnx.Dim) string {
	if shape == nil {
		return "of unknown shape"
	}
	if len(shape) == 0 {
		return "a single value"
	}
	parts := make([]string, len(shape))
	for i, d := range shape {
		parts[i] = length(d)
	}
	return strings.Join(parts, "×")
}

// length is the length of an axis as users read it: a number, a symbol or "?".
func length(d onnx.Dim) string {
	switch {
	case d.Size >= 0:
		return fmt.Sprint(d.Size)
	case d.Symbol != "":
		return d.Symbol
	}
	return "?"
}

func ModelError(path, fault, remedy string) error {
	return &onnx.FileError{Path: path, Fault: fault, Remedy: remedy}
}

// inputSpec reads type, layout and size of an input.
func inputSpec(f *onnx.Model, v *onnx.Value, layout preprocess.Layout) (preprocess.Input, error) {
	s := preprocess.Input{Name: v.Name, Type: v.Type, Batched: true, Layout: preprocess.NCHW}
	if s.Type == 0 {
		s.Type = onnx.Float
	}
	if kind := v.Kind(); kind != "" && kind != "tensor" || v.Shape != nil && len(v.Shape) == 0 {
		return s, ModelError(f.Path, fmt.Sprintf("takes the input %s, which is not a picture", DescribePorts([]*onnx.Value{v})), pictureShapes)
	}
	if decodes(f, v) {
		return s, ModelError(f.Path, fmt.Sprintf("takes encoded pictures, such as the bytes of a JPEG file (input %s), and decodes them itself", DescribePorts([]*onnx.Value{v})),
			"Picasso explains pixels: export the model without its decoder, so that it takes pictures of batch×channels×height×width.")
	}
	if !s.Type.IsFloat() && s.Type.Size() == 0 || s.Type == onnx.Bool || s.Type == onnx.Complex64 || s.Type == onnx.Complex128 {
		return s, ModelError(f.Path, fmt.Sprintf("takes the input %s, which is not a picture", DescribePorts([]*onnx.Value{v})), "Choose a model that takes a picture.")
	}
	shape := v.Shape
	switch len(shape) {
	case 0:
		shape = []onnx.Dim{{Size: -1}, {Size: -1}, {Size: -1}, {Size: -1}}
	case 3:
		if shape[0].Size < 0 && !preprocess.Few(shape[2].Size) && shape[1].Size > 0 && shape[2].Size > 0 {
			return s, ModelError(f.Path, fmt.Sprintf("takes the input %s, a batch of rows and columns without an axis for channels", DescribePorts([]*onnx.Value{v})),
				"Export it with an input of batch×1×height×width.")
		}
		s.Batched = false
		shape = append([]onnx.Dim{{Size: 1}}, shape...)
	case 4:
	case 5:
		s.Depth = -1
	default:
		return s, ModelError(f.Path, fmt.Sprintf("takes the input %s, which is not a picture", DescribePorts([]*onnx.Value{v})),
			pictureShapes)
	}
	if b := shape[0].Size; b > 1 {
		s.Pictures = int(b)
	}
	s.FixedBatch = shape[0].Size >= 0
	layers := readFirstLayers(f, v.Name, s.Batched, s.Depth != 0)
	setLayout(&s, layers, shape)
	if layout != "" {
		s.Layout = layout
	}
	err := setSize(&s, f.Path, shape, layers.channels)
	s.OwnSize = s.Height == 0 && s.Width == 0 && resizesItself(f, v.Name)
	return s, err
}

// pictureShapes says which inputs take pictures.
const pictureShapes = "Pictures have the shape batch×channels×height×width or batch×height×width×channels, volumes have an axis of slices (depth) before the height."

// decodes reports an input of encoded pictures: text, or bytes in a row, that a
// node decodes.
func decodes(f *onnx.Model, v *onnx.Value) bool {
	if v.Type != onnx.String && v.Type != onnx.Uint8 || len(v.Shape) > 2 {
		return false
	}
	for _, use := range f.Graph.Index().Consumers(v.Name) {
		if op := strings.ToLower(use.Node.OpType); strings.Contains(op, "decode") {
			return true
		}
	}
	return false
}

// channelAxis is what the ONNX specification calls the axis of the channels.
const channelAxis = "DATA_CHANNEL"

// setLayout tells where the channels are: by what the file calls the axis, by
// what the first layers take for channels, else by which axis has the length of
// one.
func setLayout(s *preprocess.Input, layers firstLayers, shape []onnx.Dim) {
	end := len(shape) - 1
	first, last := shape[1].Size, shape[end].Size
	switch {
	case shape[1].Denotation == channelAxis:
	case shape[end].Denotation == channelAxis:
		s.Layout = preprocess.NHWC
	case layers.channelAxis == 1:
	case layers.channelAxis == end, !prepared(first) && prepared(last),
		!prepared(first) && !prepared(last) && preprocess.Few(last) && !preprocess.Few(first),
		!layers.conv && first == 1 && last == 3:
		s.Layout = preprocess.NHWC
	}
}

// prepared reports a number of channels that pictures can be prepared with,
// few one that looks like channels at all.
func prepared(n int64) bool { return n == 1 || n == 3 }

// setSize reads channels, height and width. Lengths that the file leaves open
// stay 0.
func setSize(s *preprocess.Input, path string, shape []onnx.Dim, channels int) error {
	sides := shape[2:]
	c := shape[1].Size
	if s.Layout == preprocess.NHWC {
		sides, c = shape[1:len(shape)-1], shape[len(shape)-1].Size
	}
	if len(sides) == 3 {
		if err := setDepth(s, path, sides); err != nil {
			return err
		}
		sides = sides[1:]
	}
	h, w := sides[0].Size, sides[1].Size
	if c < 0 {
		c = int64(channels)
	}
	if c > preprocess.MaxChannels {
		return ModelError(path, fmt.Sprintf("takes pictures with %d channels (input %q, %s)", c, s.Name, dims(shape)),
			fmt.Sprintf("At most %d channels are supported.", preprocess.MaxChannels))
	}
	if h > preprocess.MaxSide || w > preprocess.MaxSide || max(h, 1)*max(w, 1) > picture.MaxPixels {
		return ModelError(path, fmt.Sprintf("takes pictures of %d×%d pixels (input %q)", w, h, s.Name), fmt.Sprintf("Sides from 1 to %d are supported.", preprocess.MaxSide))
	}
	s.Dynamic = h < 0 || w < 0 || s.Depth < 0
	s.Channels, s.Height, s.Width = int(c), int(max(h, 0)), int(max(w, 0))
	return nil
}

// MaxVoxels bounds the values of a volume that a model takes, over all channels:
// 512 MB.
const MaxVoxels = 1 << 27

// setDepth reads the number of slices of a volume, −1 where the file leaves it
// open.
func setDepth(s *preprocess.Input, path string, sides []onnx.Dim) error {
	voxels := int64(1)
	for _, d := range sides {
		if n := max(d.Size, 1); n > preprocess.MaxSide || voxels*n > MaxVoxels {
			return ModelError(path, fmt.Sprintf("takes volumes of %s voxels (input %q)", dims(sides), s.Name),
				fmt.Sprintf("Up to %d voxels are supported.", MaxVoxels))
		}
		voxels *= max(d.Size, 1)
	}
	if s.Depth = int(sides[0].Size); s.Depth <= 0 {
		s.Depth = -1
	}
	return nil
}

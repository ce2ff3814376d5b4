package preprocess

import (
	"fmt"
	"slices"
	"strings"

	"picasso/backend/infer"
	"picasso/backend/onnx"
)

func Few(n int64) bool { return n > 0 && n <= 4 }

// Feed joins C×H×W tensors into what the session takes: a batch of pictures in
// the file's layout. One picture that is in this layout already shares its data with
// the result.
func (s Input) Feed(batch []infer.Tensor) (infer.Tensor, error) {
	shape := []int{s.Channels, s.Rows(), s.Width}
	for i, t := range batch {
		if !slices.Equal(t.Shape, shape) || len(t.Data) != infer.Elements(shape) {
			return infer.Tensor{}, fmt.Errorf("tensor %d of the batch has the shape %v, but the model takes %v", i, t.Shape, shape)
		}
	}
	fed := s.Fed(len(batch))
	if infer.Elements(fed) == infer.Elements(shape) && s.Layout != NHWC {
		return infer.Tensor{Shape: fed, Data: batch[0].Data}, nil
	}
	out := infer.Tensor{Shape: fed, Data: make([]float32, 0, infer.Elements(fed))}
	for i := range max(len(batch), s.Pictures) {
		t := batch[min(i, len(batch)-1)] // a fixed batch is filled up with the last picture
		if s.Layout == NHWC {
			out.Data = appendInterleaved(out.Data, t)
		} else {
			out.Data = append(out.Data, t.Data...)
		}
	}
	return out, nil
}

// Fed is the shape of what [Input.Feed] makes of n pictures, of one where the file
// knows no batch.
func (s Input) Fed(n int) []int {
	if !s.Batched {
		return s.Axes()
	}
	return append([]int{max(n, s.Pictures)}, s.Axes()...)
}

// Axes is the shape of one picture, or volume, in the file's layout.
func (s Input) Axes() []int {
	places := []int{s.Height, s.Width}
	if s.Depth > 0 {
		places = append([]int{s.Depth}, places...)
	}
	if s.Layout == NHWC {
		return append(places, s.Channels)
	}
	return append([]int{s.Channels}, places...)
}

// Rows are those of a tensor: of a picture, or of all slices of a volume, which
// lie under each other.
func (s Input) Rows() int { return max(s.Depth, 1) * s.Height }

// Order names the axes of the file's layout: "NCHW", or "NDHWC" for volumes.
func (s Input) Order() string {
	if s.Depth == 0 {
		return string(s.Layout)
	}
	return strings.Replace(string(s.Layout), "H", "DH", 1)
}

// appendInterleaved appends a C×H×W tensor as H×W×C.
func appendInterleaved(dst []float32, t infer.Tensor) []float32 {
	channels, plane := t.Shape[0], t.Shape[1]*t.Shape[2]
	for i := range plane {
		for c := range channels {
			dst = append(dst, t.Data[c*plane+i])
		}
	}
	return dst
}

// Planar turns one picture in the file's layout back into C×H×W, for example a
// gradient. Where the file's layout is that already, the tensor is made of data itself.
func (s Input) Planar(data []float32) infer.Tensor {
	if s.Layout != NHWC {
		return infer.Tensor{Shape: []int{s.Channels, s.Rows(), s.Width}, Data: data}
	}
	out := infer.NewTensor(s.Channels, s.Rows(), s.Width)
	plane := s.Rows() * s.Width
	for i := range plane {
		for c := range s.Channels {
			out.Data[c*plane+i] = data[i*s.Channels+c]
		}
	}
	return out
}

// Layout is the order of the axes of a model's input.
type Layout string

// Layouts of one picture after the batch axis.
const (
	NCHW Layout = "NCHW"
	NHWC Layout = "NHWC"
)

// Input is the model's picture input, or that of volumes.
//
// A volume of C×D×H×W is handled as a tall picture, a tensor of C×(D·H)×W whose
// slices lie under each other: values keep their order, so that everything that
// treats each place by itself serves volumes and pictures alike. What looks at
// neighbours has to know Depth.
type Input struct {
	Name       string
	Type       onnx.DataType
	Layout     Layout
	Channels   int
	Depth      int // slices of a volume; 0 for a picture, −1 where the file leaves it open
	Height     int
	Width      int
	FixedBatch bool // the file accepts exactly one picture at a time
	Dynamic    bool // the file leaves height or width open; Height and Width are a choice
	OwnSize    bool // the graph resizes pictures itself: each is given in its own size
	Batched    bool // the input has a batch axis (rank 4)

	Pictures int // length of a fixed batch axis above 1, 0 otherwise
}

// Of is the input for a picture of the given size: that size, where every
// picture keeps its own.
func (s Input) Of(height, width int) Input {
	if s.OwnSize {
		s.Height, s.Width = height, width
	}
	return s
}

// String writes the input as C×H×W, or C×D×H×W.
func (s Input) String() string {
	if s.Depth > 0 {
		return fmt.Sprintf("%d×%d×%d×%d", s.Channels, s.Depth, s.Height, s.Width)
	}
	return fmt.Sprintf("%d×%d×%d", s.Channels, s.Height, s.Width)
}

// PictureSize reads height and width from the shape of one picture in any
// layout, with or without a batch axis; 0 for a shape that is none.
func PictureSize(shape []int) (height, width int) {
	if len(shape) == 4 {
		shape = shape[1:]
	}
	if len(shape) != 3 {
		return 0, 0
	}
	if Few(int64(shape[2])) && !Few(int64(shape[0])) {
		return shape[0], shape[1]
	}
	return shape[1], shape[2]
}

// ArraySize is [PictureSize] of an array that may be a volume, of batch, channels
// and three axes of places in either layout; depth is 0 for a picture.
func ArraySize(shape []int) (depth, height, width int) {
	if len(shape) != 5 {
		height, width = PictureSize(shape)
		return 0, height, width
	}
	if shape = shape[1:]; Few(int64(shape[3])) && !Few(int64(shape[0])) {
		return shape[0], shape[1], shape[2]
	}
	return shape[1], shape[2], shape[3]
}

// Pattern is a picture with something in it, the same each time: values from 0
// to 1, or to 100 for integer inputs. Element i is (⌊i²/7⌋ + i) mod 101 hundredths
// of that.
func (s Input) Pattern() infer.Tensor {
	t := infer.NewTensor(s.Channels, s.Rows(), s.Width)
	scale := float32(1)
	if !s.Type.IsFloat() {
		scale = 100
	}
	// Both i² + 1414i and i itself come back after so many elements.
	const period = 7 * 101
	for i := range min(period, len(t.Data)) {
		t.Data[i] = scale * float32((i*i/7+i)%101) / 100
	}
	for n := period; n < len(t.Data); n *= 2 {
		copy(t.Data[n:], t.Data[:n])
	}
	return t
}

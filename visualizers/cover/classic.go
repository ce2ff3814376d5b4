package cover

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"strconv"

	"picasso/backend/infer"
	"picasso/backend/picture"
	"picasso/visualizers"
)

func init() { visualizers.Register(classic{}) }

// classic is the occlusion of the first Picasso (Henderson and Rothe 2017),
// number for number: the picture is stretched to 244 × 244, a square covers it
// at n × n positions, and every cell shows the score that is left.
type classic struct{}

// classicSide is the picture's size under the square, in pixels.
const classicSide = 244

// Settings of the first Picasso, in its own words; the first option of each is
// its default.
var (
	classicWindow = visualizers.Choice{
		Field: visualizers.Field{ID: "window", Title: "Window",
			Doc: "Side of the covering square, as a fraction of the side of the picture."},
		Options: []string{"0.50", "0.40", "0.30", "0.20", "0.10", "0.05"},
	}
	classicStrides = visualizers.Choice{
		Field: visualizers.Field{ID: "strides", Title: "Strides",
			Doc: "Number of positions of the square along each axis; 10 gives a grid of 10 × 10 cells."},
		Options: []string{"2", "5", "10", "20", "30"},
	}
	classicFill = visualizers.Choice{
		Field:   visualizers.Field{ID: "occlusion", Title: "Occlusion", Doc: "Colour of the covering square."},
		Options: []string{"grey", "black", "white"},
	}
)

func (classic) Info() visualizers.Info {
	return visualizers.Info{
		ID: "occlusion-classic", Title: "Occlusion (classic)", Group: visualizers.Cover, Order: 25,
		Flat:  "it covers the cells of a grid over the picture, as the first Picasso did; occlusion covers boxes of volumes",
		About: "Occlusion as in the first Picasso: each cell shows the probability that is left when a square covers that place. Low values mark what the model needs.",
		Link:  "https://arxiv.org/abs/1705.05627",
	}
}

func (classic) Settings() []visualizers.Setting {
	return []visualizers.Setting{classicWindow, classicStrides, classicFill}
}

// Preview counts the positions.
func (classic) Preview(s visualizers.Subject, v visualizers.Values) visualizers.Preview {
	n := classicCount(v)
	return visualizers.PassPreview(s, n*n)
}

// Cover hides one region of the windows as Explain does.
func (classic) Cover(in visualizers.Input, region image.Rectangle) (infer.Tensor, error) {
	e, w, err := newEasel(in)
	if err != nil {
		return infer.Tensor{}, fmt.Errorf("occlusion-classic: %w", err)
	}
	for i, r := range w.Rects {
		if r == region {
			return e.hide(0, i)
		}
	}
	return infer.Tensor{}, fmt.Errorf("occlusion-classic: %v is not one of its squares", region)
}

func (classic) Explain(ctx context.Context, in visualizers.Input, emit func(visualizers.Result)) (visualizers.Result, error) {
	e, w, err := newEasel(in)
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("occlusion-classic: %w", err)
	}
	r, err := newSweep(in, w, e, whole{in.Subject}, nil, emit).run(ctx, refineFull)
	if err != nil {
		return visualizers.Result{}, fmt.Errorf("occlusion-classic: %w", err)
	}
	return r, nil
}

// classicCount is the number of positions per axis.
func classicCount(v visualizers.Values) int {
	n, _ := strconv.Atoi(classicStrides.In(v)) // an option, so a number
	return n
}

// ErrNoPicture says that a method paints on the picture itself, but only the
// model's input tensor is known.
var ErrNoPicture = errors.New("this method paints on the picture, but only a tensor was given; open the picture itself, or use occlusion")

// easel paints the square on the stretched picture, which is then prepared for
// the model like any other.
type easel struct {
	subject visualizers.Subject
	plain   *picture.Image    // stretched
	squares []image.Rectangle // on the stretched picture
	value   float32
}

func newEasel(in visualizers.Input) (*easel, *visualizers.Patches, error) {
	if err := in.Check(); err != nil {
		return nil, nil, err
	}
	if in.Image == nil {
		return nil, nil, ErrNoPicture
	}
	share, _ := strconv.ParseFloat(classicWindow.In(in.Values), 64) // an option, so a number
	side, starts := classicGeometry(share, classicCount(in.Values))
	n := len(starts)
	_, height, width := in.Subject.Shape()
	w := &visualizers.Patches{
		Height: height, Width: width, Rows: n, Columns: n, Cells: true,
		Size:   onModel(image.Rect(0, 0, side, side), width, height).Max,
		Stride: image.Pt(max(1, width/n), max(1, height/n)),
	}
	e := &easel{
		subject: in.Subject,
		plain: in.Image.Altered(func(m *picture.Image) *picture.Image {
			return m.Resize(classicSide, classicSide, picture.Lanczos, true) // as Pillow did it
		}),
		value: classicShade(in.Image, classicFill.In(in.Values)),
	}
	for _, y := range starts {
		for _, x := range starts {
			square := image.Rect(x, y, x+side, y+side).Intersect(image.Rect(0, 0, classicSide, classicSide))
			e.squares = append(e.squares, square)
			w.Rects = append(w.Rects, onModel(square, width, height))
		}
	}
	return e, w, nil
}

// classicGeometry is the square's side and where it starts on each axis: its
// centre runs over n evenly spaced points from half a side to half a side
// before the end, truncated to whole pixels (numpy.linspace, astype(int)).
func classicGeometry(share float64, n int) (side int, starts []int) {
	side = int(math.RoundToEven(share * classicSide))
	half := side / 2
	first, last := float64(half), float64(classicSide-half)
	step := (last - first) / float64(n-1)
	for k := range n {
		center := float64(float64(k)*step) + first // rounded twice, as numpy does
		if k == n-1 {
			center = last
		}
		starts = append(starts, int(center)-half)
	}
	return side, starts
}

// onModel is where a square of the stretched picture lies on a model input
// that shows the whole picture.
func onModel(r image.Rectangle, width, height int) image.Rectangle {
	scale := func(v, side int) int { return (2*v*side + classicSide) / (2 * classicSide) }
	return image.Rect(scale(r.Min.X, width), scale(r.Min.Y, height), scale(r.Max.X, width), scale(r.Max.Y, height))
}

// classicShade is the raw value of the square; grey is the 128 of web colours.
func classicShade(img *picture.Image, name string) float32 {
	low, high := visualizers.Shades(img)
	switch name {
	case "black":
		return float32(low)
	case "white":
		return float32(high)
	}
	return float32(low + (high-low)*128/255)
}

func (e *easel) hide(_, window int) (infer.Tensor, error) {
	return e.subject.Prepare(e.plain.Altered(func(m *picture.Image) *picture.Image {
		return m.Painted(e.squares[window], e.value)
	}))
}

package preprocess

import (
	"fmt"
	"math"
	"testing"

	"picasso/backend/infer"
	"picasso/backend/picture"
)

// A white dot travels from the picture to the tensor and back.
func TestPlacementFindsADotAgain(t *testing.T) {
	in := Input{Channels: 1, Height: 48, Width: 64}
	for _, mode := range []string{Stretch, Crop, Letterbox} {
		for _, size := range [][2]int{{4, 8}, {8, 4}, {64, 48}, {100, 300}, {301, 99}, {20, 20}} {
			for _, r := range []Resize{{}, {Edge: 70}, {Size: []int{60, 80}}, {Size: []int{61, 91}, Floor: true}, {Sharp: true}} {
				t.Run(fmt.Sprintf("%s %v %+v", mode, size, r), func(t *testing.T) {
					w, h := size[0], size[1]
					r.Mode, r.Filter = mode, picture.Bilinear
					if r.Sharp && w*h > 64*48 {
						t.Skip("a single pixel may fall between those that are read")
					}
					p := Preprocess{Color: Grey, Resize: r, Scale: [2]float64{1, 0}}
					dotX, dotY := w/2, h/2
					pix := make([]float32, w*h)
					pix[dotY*w+dotX] = 255
					x, err := Prepare(picture.NewFloat("dot", w, h, 1, pix), p, in)
					if err != nil {
						t.Fatal(err)
					}
					cx, cy := centroid(x)
					place := p.Place(w, h, in.Width, in.Height)
					px, py := cx*place.ScaleX+place.OffsetX, cy*place.ScaleY+place.OffsetY
					if math.Abs(px-float64(dotX)-0.5) > 1 || math.Abs(py-float64(dotY)-0.5) > 1 {
						t.Errorf("the dot at (%v, %v) comes back at (%.2f, %.2f)", float64(dotX)+0.5, float64(dotY)+0.5, px, py)
					}
					if bx, by := place.Input(px, py); math.Abs(bx-cx) > 1e-9 || math.Abs(by-cy) > 1e-9 {
						t.Errorf("there and back (%v, %v) became (%v, %v)", cx, cy, bx, by)
					}
				})
			}
		}
	}
}

// centroid is the centre of mass in pixel-edge coordinates.
func centroid(x infer.Tensor) (cx, cy float64) {
	sum := 0.0
	w := x.Shape[2]
	for i, v := range x.Data {
		sum += float64(v)
		cx += float64(v) * (float64(i%w) + 0.5)
		cy += float64(v) * (float64(i/w) + 0.5)
	}
	return cx / sum, cy / sum
}

func TestLayoutsOfKnownPipelines(t *testing.T) {
	for _, tt := range []struct {
		name         string
		r            Resize
		w, h, mw, mh int
		want         geometry
	}{
		{"torchvision 256 then 224, wide", Resize{Mode: Crop, Edge: 256}, 500, 375, 224, 224, geometry{341, 256, 58, 16}},
		{"torchvision 256 then 224, tall", Resize{Mode: Crop, Edge: 256}, 375, 500, 224, 224, geometry{256, 341, 16, 58}},
		{"Ultralytics letterbox", Resize{Mode: Letterbox}, 810, 1080, 640, 640, geometry{480, 640, -80, 0}},
		{"timm border", Resize{Mode: Letterbox, Size: []int{17, 17}}, 97, 61, 16, 16, geometry{17, 11, 0, -2}},
		{"cover", Resize{Mode: Crop}, 100, 50, 20, 20, geometry{40, 20, 10, 0}},
		{"stretch", Resize{Mode: Stretch}, 7, 9, 20, 30, geometry{20, 30, 0, 0}},
		{"crop larger than the picture", Resize{Mode: Crop, Edge: 10}, 10, 10, 20, 20, geometry{10, 10, -5, -5}},
		{"a hair", Resize{Mode: Crop, Edge: 256}, 1, 1 << 20, 224, 224, geometry{256, 65536, 16, 32656}},
	} {
		if got := tt.r.layout(tt.w, tt.h, tt.mw, tt.mh); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestTensorFollowsEveryStep(t *testing.T) {
	img := picture.NewFloat("x", 1, 1, 3, []float32{10, 100, 200})
	in := Input{Channels: 3, Height: 1, Width: 1}
	p := Preprocess{
		Color: BGR, Resize: Resize{Mode: Stretch, Filter: picture.Nearest},
		Scale: [2]float64{0.01, 0.5}, Clip: []float64{0, 2}, Mean: []float64{1, 0, 0.5}, Std: []float64{1, 2, 0.5},
	}
	x, err := Prepare(img, p, in)
	if err != nil {
		t.Fatal(err)
	}
	want := []float32{1, 0.75, 0.2} // blue 2.5→2−1, green 1.5/2, red (0.6−0.5)/0.5
	for c, v := range encode(p.channels(3), []float32{10, 100, 200}) {
		if math.Abs(float64(x.Data[c]-want[c])) > 1e-6 || math.Abs(float64(v-want[c])) > 1e-6 {
			t.Errorf("channel %d: tensor %v, colour %v, want %v", c, x.Data[c], v, want[c])
		}
	}
	if got := encode((Preprocess{Color: Grey, Scale: [2]float64{1, 0}}).channels(1), []float32{255, 0, 0})[0]; math.Abs(float64(got)-76.245) > 0.01 {
		t.Errorf("red as grey is %v", got)
	}
}

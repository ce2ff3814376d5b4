package preprocess

import (
	"fmt"
	"slices"
	"strings"

	"picasso/backend/picture"
)

func DefaultResize() Resize { return Resize{Mode: Stretch, Filter: picture.Bilinear} }

// Preset is a named way of preparing pictures that many models share.
type Preset struct {
	Name  string // as users write it: "keras-tf"
	Title string // for people: "Keras tf (−1…1)"
	Doc   string // one sentence: what it does and whose it is

	apply func(p *Preprocess)
}

// Presets lists every preset.
func Presets() []Preset {
	plain := func(scale, offset float64) func(*Preprocess) {
		return func(p *Preprocess) { p.Scale = [2]float64{scale, offset} }
	}
	return []Preset{
		{"imagenet", "ImageNet (torchvision)", "÷255, then ImageNet's mean and standard deviation; shortest side 256 for a crop of 224, centre crop.", func(p *Preprocess) {
			p.Scale, p.Mean, p.Std = [2]float64{1.0 / 255, 0}, ImageNetMean(), ImageNetStd()
			p.Resize = Resize{Mode: Crop, Filter: picture.Bilinear}
		}},
		{"keras-caffe", "Keras caffe", "Blue, green, red in 0…255, minus ImageNet's mean colour: VGG and ResNet of Keras.", func(p *Preprocess) {
			p.Color, p.Scale, p.Mean = BGR, [2]float64{1, 0}, Values{103.939, 116.779, 123.68}
		}},
		{"keras-torch", "Keras torch", "÷255, then ImageNet's mean and standard deviation, without a crop: DenseNet of Keras.", func(p *Preprocess) {
			p.Scale, p.Mean, p.Std = [2]float64{1.0 / 255, 0}, ImageNetMean(), ImageNetStd()
		}},
		{"keras-tf", "Keras tf", "÷127.5 − 1: MobileNet, Inception, Xception of Keras.", plain(1/127.5, -1)},
		{"0..1", "0…1", "÷255.", plain(1.0/255, 0)},
		{"-1..1", "−1…1", "÷127.5 − 1.", plain(1/127.5, -1)},
		{"0..255", "0…255", "Raw pixel values.", plain(1, 0)},
		{"ct-window", "CT window (soft tissue)", "Hounsfield units −160…240 to 0…1, clipped outside: window centre 40, width 400.", func(p *Preprocess) {
			p.Intensity, p.Scale = Intensity{Window: &Window{Center: 40, Width: 400}}, [2]float64{1, 0}
		}},
		{"xray-torchxrayvision", "X-ray (torchxrayvision)", "Grey, the range of the file's bits mapped to −1024…1024, square centre crop.", func(p *Preprocess) {
			p.Intensity, p.Scale = Intensity{Depth: true}, [2]float64{2048, -1024}
			p.Resize = Resize{Mode: Crop, Filter: picture.Bilinear}
		}},
	}
}

func ImageNetMean() Values { return Values{0.485, 0.456, 0.406} }

func ImageNetStd() Values { return Values{0.229, 0.224, 0.225} }

// FindPreset finds a preset by its name.
func FindPreset(name string) (Preset, error) {
	var names []string
	for _, p := range Presets() {
		if strings.EqualFold(p.Name, name) {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Preset{}, NewKeyError("preset", fmt.Sprintf("%q is unknown, allowed: %s", name, strings.Join(names, ", ")))
}

// Preprocess is the preset for a model with the given input.
func (s Preset) Preprocess(in Input) Preprocess {
	p := Preprocess{Color: RGB, Resize: DefaultResize()}
	s.apply(&p)
	if s.Name == "imagenet" && in.Height == in.Width {
		p.Resize.Edge = in.Height * 256 / 224
	}
	switch {
	case in.Channels == 1:
		p.Color, p.Mean, p.Std = Grey, average(p.Mean), average(p.Std)
	case in.Channels != 3:
		p.Channels = UsualChannels(in.Channels, p.Color)
		p.Mean, p.Std = stretch(p.Mean, in.Channels, 0), stretch(p.Std, in.Channels, 1)
	}
	return p
}

// stretch makes a list for another number of channels than three: colour keeps
// its values, what follows gets none's.
func stretch(v Values, n int, none float64) Values {
	if len(v) < 2 {
		return v
	}
	out := make(Values, n)
	for i := range out {
		out[i] = none
		if i < len(v) && n > len(v) {
			out[i] = v[i]
		}
	}
	return out
}

// average makes one value of three.
func average(v Values) Values {
	if len(v) < 2 {
		return v
	}
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return Values{sum / float64(len(v))}
}

// UsualChannels are the sources of a model with another number of channels
// than 1 or 3: colour and alpha for four, else brightness everywhere.
func UsualChannels(n int, color string) []Channel {
	list := make([]Channel, n)
	for i := range list {
		list[i].Source = sourceNames()[grey]
	}
	if n == 4 {
		copy(list, []Channel{{Source: "red"}, {Source: "green"}, {Source: "blue"}, {Source: "alpha"}})
		if color == BGR {
			slices.Reverse(list[:3])
		}
	}
	return list
}

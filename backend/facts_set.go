package backend

import "picasso/backend/picture"

// Setters of single values: each has an effect only when nobody said the value
// before.

func (f *facts) setColor(color, origin string) {
	if f.take("color", origin) {
		f.pre.Color = color
	}
}

func (f *facts) setScale(scale [2]float64, origin string) {
	if f.take("scale", origin) {
		f.pre.Scale = scale
	}
}

func (f *facts) setMean(mean Values, origin string) {
	if f.take("mean", origin) {
		f.pre.Mean = mean
	}
}

func (f *facts) setStd(std Values, origin string) {
	if f.take("std", origin) {
		f.pre.Std = std
	}
}

func (f *facts) setResize(r Resize, origin string) {
	if r.Filter == "" {
		r.Filter = picture.Bilinear
	}
	if f.take("resize", origin) {
		f.pre.Resize = r
	}
}

// setSize says the picture's size for a model that leaves it open.
func (f *facts) setSize(height, width int, origin string) {
	if sideOK(height) && sideOK(width) && f.take("size", origin) {
		f.size = [2]int{height, width}
	}
}

func (f *facts) setActivation(a Activation, origin string) {
	if f.take("activation", origin) {
		f.activation = a
	}
}

// fixedSize is the size that the file itself states for its picture input, 0
// where it leaves it open.
func (f *facts) fixedSize() (height, width int) {
	in, err := f.findInput()
	if err != nil {
		return 0, 0
	}
	return in.Height, in.Width
}

package metadata

import (
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// Setters of single values: each has an effect only when no source
// has stated the value before.

func (f *Facts) SetColor(color, origin string) {
	if f.Take("color", origin) {
		f.Pre.Color = color
	}
}

func (f *Facts) SetScale(scale [2]float64, origin string) {
	if f.Take("scale", origin) {
		f.Pre.Scale = scale
	}
}

func (f *Facts) SetMean(mean preprocess.Values, origin string) {
	if f.Take("mean", origin) {
		f.Pre.Mean = mean
	}
}

func (f *Facts) SetStd(std preprocess.Values, origin string) {
	if f.Take("std", origin) {
		f.Pre.Std = std
	}
}

// SetOrientation and SetModality take over what is said of scans.
func (f *Facts) SetOrientation(codes, origin string) {
	if f.Take("orientation", origin) {
		f.Pre.Orientation = codes
	}
}

func (f *Facts) SetModality(term, origin string) {
	if term = preprocess.FindModality(term); term != "" && f.Take("modality", origin) {
		f.Pre.Modality = term
	}
}

// SetVolume takes over how volumes are prepared besides.
func (f *Facts) SetVolume(v preprocess.Volume, origin string) {
	if f.Take("volume", origin) {
		f.Pre.Volume = &v
	}
}

func (f *Facts) SetResize(r preprocess.Resize, origin string) {
	if r.Filter == "" {
		r.Filter = picture.Bilinear
	}
	if f.Take("resize", origin) {
		f.Pre.Resize = r
	}
}

// SetSize says the picture's size for a model that leaves it open.
func (f *Facts) SetSize(height, width int, origin string) {
	if preprocess.SideOK(height) && preprocess.SideOK(width) && f.Take("size", origin) {
		f.Size = [2]int{height, width}
	}
}

// SetVolumeSize is [Facts.SetSize] for a model of volumes.
func (f *Facts) SetVolumeSize(depth, height, width int, origin string) {
	if preprocess.SideOK(depth) && f.Origin["size"] == "" {
		f.Depth = depth
		f.SetSize(height, width, origin)
	}
}

func (f *Facts) SetActivation(a score.Activation, origin string) {
	if f.Take("activation", origin) {
		f.activation = a
	}
}

// FixedSize is the size that the file itself states for its picture input, 0
// where it leaves it open.
func (f *Facts) FixedSize() (height, width int) {
	in, err := f.FindInput()
	if err != nil {
		return 0, 0
	}
	return in.Height, in.Width
}

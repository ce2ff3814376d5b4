package sources

import (
	"fmt"
	"math"

	"picasso/backend/jsondoc"
	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
)

// timm reads the config.json of a model from the timm library: the keys of
// pretrained_cfg, or the older form with all keys side by side.
type timm struct{}

func (timm) Find(f *metadata.Facts) error {
	d := f.Document(f.Near("config.json"))
	if d == nil || d.Root.At("architecture") == nil && d.Root.At("pretrained_cfg") == nil {
		return nil
	}
	c := timmConfig{Document: d}
	if n := d.Root.At("pretrained_cfg"); n != nil && n.Kind == jsondoc.Object {
		c.under = []string{"pretrained_cfg"}
	}
	c.classNames()
	c.geometry()
	f.SetColor(preprocess.RGB, d.Name)
	f.SetScale([2]float64{1.0 / 255, 0}, d.Name)
	for _, v := range []struct {
		key  string
		set  func(preprocess.Values, string)
		none preprocess.Values
	}{{"mean", f.SetMean, preprocess.ImageNetMean()}, {"std", f.SetStd, preprocess.ImageNetStd()}} {
		if list := c.Values(c.key(v.key)...); list != nil {
			v.set(list, d.Origin(v.key))
		} else {
			v.set(v.none, d.Name+" (what timm takes by itself)")
		}
	}
	return nil
}

type timmConfig struct {
	*metadata.Document
	under []string // keys above the settings
}

func (c timmConfig) key(name string) []string { return append(append([]string{}, c.under...), name) }

// classNames reads label_names with their descriptions, or the older labels.
func (c timmConfig) classNames() {
	for _, keys := range [][]string{{"label_names"}, c.key("label_names"), {"labels"}, c.key("labels")} {
		if c.Root.At(keys...) == nil {
			continue
		}
		known := len(c.Facts.Labels)
		c.Labels(keys...)
		if len(c.Facts.Labels) > known {
			c.describe(c.Facts.Labels[known].Names)
			return
		}
	}
}

// describe replaces ids such as "n01440764" by their description.
func (c timmConfig) describe(names []string) {
	for _, keys := range [][]string{{"label_descriptions"}, c.key("label_descriptions")} {
		text := map[string]string{}
		if c.Root.At(keys...) != nil && c.Read(&text, "an object with a text for every label", keys...) {
			for i, name := range names {
				if text[name] != "" {
					names[i] = text[name]
				}
			}
			return
		}
	}
}

// size reads [channels, height, width].
func (c timmConfig) size(name string) (height, width int) {
	n := c.Root.At(c.key(name)...)
	if n == nil || n.Kind == jsondoc.Null {
		return 0, 0
	}
	var size []int
	if n.Decode(&size) != nil || len(size) != 3 || !preprocess.SideOK(size[1]) || !preprocess.SideOK(size[2]) {
		c.Refuse(n, fmt.Sprintf("[channels, height, width], each side from 1 to %d", preprocess.MaxSide), c.key(name)...)
		return 0, 0
	}
	return size[1], size[2]
}

// geometry works out resize and crop as timm's transforms for evaluation do.
// The settings for the larger test size count where the model has that size.
func (c timmConfig) geometry() {
	const usualCrop = 0.875
	height, width := c.size("input_size")
	pct := c.Number(usualCrop, c.key("crop_pct")...)
	fixedH, fixedW := c.Facts.FixedSize()
	if testH, testW := c.size("test_input_size"); testH > 0 && testH == fixedH && testW == fixedW {
		height, width = testH, testW
		pct = c.Number(pct, c.key("test_crop_pct")...)
	}
	if height == 0 {
		return
	}
	c.Facts.SetSize(height, width, c.Origin("input_size"))
	if fixedH > 0 && fixedW > 0 {
		height, width = fixedH, fixedW
	}
	if !(pct > 0.01 && pct <= 10) {
		c.Refuse(c.Root.At(c.key("crop_pct")...), "a number from 0.01 to 10", c.key("crop_pct")...)
		pct = usualCrop
	}
	whole := []int{int(math.Floor(float64(height) / pct)), int(math.Floor(float64(width) / pct))}
	r := preprocess.Resize{Filter: c.filter()}
	switch mode := c.Text(c.key("crop_mode")...); mode {
	case "squash":
		r.Mode, r.Size = preprocess.Stretch, whole
	case "border":
		r.Mode, r.Size, r.Pad = preprocess.Letterbox, whole, c.border()
	default:
		if mode != "" && mode != "center" {
			c.Refuse(c.Root.At(c.key("crop_mode")...), "center, squash, border", c.key("crop_mode")...)
		}
		r.Mode = preprocess.Crop
		if r.Size = whole; height == width {
			r.Size, r.Edge = nil, whole[0]
		}
	}
	c.Facts.SetResize(r, c.Origin("crop_pct"))
}

// border is the mean as a raw colour.
func (c timmConfig) border() preprocess.Values {
	mean := c.Values(c.key("mean")...)
	if mean == nil {
		mean = preprocess.ImageNetMean()
	}
	pad := make(preprocess.Values, len(mean))
	for i, v := range mean {
		pad[i] = math.RoundToEven(255 * v)
	}
	return pad
}

func (c timmConfig) filter() picture.Filter {
	keys := c.key("interpolation")
	switch name := c.Text(keys...); name {
	case "", "bicubic":
		return picture.Bicubic
	case "bilinear", "random":
		return picture.Bilinear
	case "nearest", "lanczos", "box", "hamming":
		return picture.Filter(name)
	default:
		c.Refuse(c.Root.At(keys...), "nearest, bilinear, bicubic, lanczos, box, hamming", keys...)
		return picture.Bicubic
	}
}

package sources

import (
	"slices"
	"strings"

	"picasso/backend/jsondoc"
	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
)

// huggingFace reads preprocessor_config.json as the image processors of the
// transformers library do.
type huggingFace struct{}

func (huggingFace) Find(f *metadata.Facts) error {
	d := f.Document(f.Near("preprocessor_config.json", "processor_config.json"))
	if d == nil {
		return nil
	}
	if inner := d.Root.At("image_processor"); inner != nil && inner.Kind == jsondoc.Object {
		d.Root = inner
	} else if d.Name == "processor_config.json" {
		return nil // says nothing about pictures
	}
	kind := d.Text("image_processor_type")
	if kind == "" {
		kind = d.Text("feature_extractor_type")
	}
	for _, suffix := range []string{"Fast", "ImageProcessor", "FeatureExtractor"} {
		kind = strings.TrimSuffix(kind, suffix)
	}
	p := processor{Document: d, kind: strings.ToLower(kind)}
	p.geometry()
	p.numbers()
	p.color()
	return nil
}

// processor is one image processor: its class decides what some keys mean and
// what is taken where a key is missing.
type processor struct {
	*metadata.Document
	kind string // class name in small letters, without suffix: "vit", "convnext"
}

func (p processor) is(kinds ...string) bool { return slices.Contains(kinds, p.kind) }

func (p processor) color() {
	const key = "do_flip_channel_order"
	if p.Flag(p.is("mobilevit"), key) {
		p.Facts.SetColor(preprocess.BGR, p.Origin(key))
		return
	}
	p.Facts.SetColor(preprocess.RGB, p.Name)
}

// geometry works out resize and crop.
func (p processor) geometry() {
	r := preprocess.Resize{Mode: preprocess.Stretch, Filter: p.filter(), Floor: true}
	height, width, edge := p.size("size", p.shortest())
	if !p.Flag(true, "do_resize") {
		height, width, edge, r.Mode = 0, 0, 0, preprocess.Crop
	}
	cropH, cropW := p.cropSize()
	short := max(edge, min(height, width))
	switch {
	case p.is("convnext", "convnextv2") || p.Root.At("crop_pct") != nil && !p.is("poolformer"):
		r, height, width = p.convNeXt(r, short)
	case p.is("poolformer") && p.Number(0.9, "crop_pct") > 0:
		r.Mode, r.Edge = preprocess.Crop, int(float64(short)/p.Number(0.9, "crop_pct"))
	case p.is("levit") && edge > 0:
		r.Mode, r.Edge = preprocess.Crop, int(256.0/224*float64(edge))
	case edge > 0:
		r.Mode, r.Edge = preprocess.Crop, edge
	case cropH > 0 && height > 0 && (cropH != height || cropW != width):
		r.Size = []int{height, width}
	}
	if r.Edge > preprocess.MaxSide {
		r.Edge = 0
	}
	switch {
	case cropH > 0:
		p.Facts.SetSize(cropH, cropW, p.Origin("crop_size"))
	case height > 0:
		p.Facts.SetSize(height, width, p.Origin("size"))
	case edge > 0:
		p.Facts.SetSize(edge, edge, p.Origin("size"))
	}
	if short > 0 || cropH > 0 || r.Mode == preprocess.Crop {
		p.Facts.SetResize(r, p.Origin("size"))
	}
}

// convNeXt resizes small pictures to edge/crop_pct and crops; from 384 pixels
// on they are stretched without a crop.
func (p processor) convNeXt(r preprocess.Resize, edge int) (preprocess.Resize, int, int) {
	if edge > 0 && edge < 384 {
		if pct := p.Number(224.0/256, "crop_pct"); pct > 0 {
			r.Mode, r.Edge = preprocess.Crop, int(float64(edge)/pct)
		}
	}
	return r, edge, edge
}

// shortest reports whether a bare number is the length of the shortest side, and
// not of both sides.
func (p processor) shortest() bool {
	return p.is("clip", "chineseclip", "bit", "levit", "poolformer", "convnext", "convnextv2",
		"mobilenetv1", "mobilenet_v1", "mobilenetv2", "mobilenet_v2", "mobilevit")
}

// size reads 224, {"height": 224, "width": 224} or {"shortest_edge": 224}.
func (p processor) size(key string, shortest bool) (height, width, edge int) {
	n := p.Root.At(key)
	switch {
	case n == nil || n.Kind == jsondoc.Null:
		return 0, 0, 0
	case n.Kind == jsondoc.Number:
		side := p.Side(key)
		if shortest {
			return 0, 0, side
		}
		return side, side, 0
	case n.Kind == jsondoc.Array && len(n.Items) == 2:
		var pair [2]int
		if p.Read(&pair, "two whole numbers", key) && preprocess.SideOK(pair[0]) && preprocess.SideOK(pair[1]) {
			return pair[0], pair[1], 0
		}
	case n.At("shortest_edge") != nil:
		return 0, 0, p.Side(key, "shortest_edge")
	case n.At("height") != nil && n.At("width") != nil:
		return p.Side(key, "height"), p.Side(key, "width"), 0
	}
	p.Refuse(n, `224, {"height": 224, "width": 224} or {"shortest_edge": 224}`, key)
	return 0, 0, 0
}

// cropSize is the size of the centre crop, 0 where there is none.
func (p processor) cropSize() (height, width int) {
	crops := p.is("clip", "chineseclip", "deit", "bit", "levit", "poolformer", "mobilenetv1", "mobilenet_v1", "mobilenetv2", "mobilenet_v2", "mobilevit")
	if !p.Flag(crops, "do_center_crop") {
		return 0, 0
	}
	height, width, edge := p.size("crop_size", false)
	if edge > 0 {
		return edge, edge
	}
	return height, width
}

// filter reads resample, a number of the Python Imaging Library.
func (p processor) filter() picture.Filter {
	code := 2
	switch {
	case p.is("beit", "clip", "chineseclip", "deit", "levit", "poolformer", "bit", "siglip"):
		code = 3
	case p.is("efficientnet"):
		code = 0
	}
	p.Read(&code, "0 to 5", "resample")
	filters := []picture.Filter{picture.Nearest, picture.Lanczos, picture.Bilinear, picture.Bicubic, picture.Box, picture.Hamming}
	if code < 0 || code >= len(filters) {
		p.Refuse(p.Root.At("resample"), "0 nearest, 1 lanczos, 2 bilinear, 3 bicubic, 4 box, 5 hamming", "resample")
		return picture.Bilinear
	}
	return filters[code]
}

// numbers reads scale, mean and deviation.
func (p processor) numbers() {
	scale, origin := [2]float64{1.0 / 255, 0}, p.Name
	switch {
	case !p.Flag(true, "do_rescale"):
		scale, origin = [2]float64{1, 0}, p.Origin("do_rescale")
	case p.Root.At("rescale_factor") != nil:
		scale[0], origin = p.Number(1.0/255, "rescale_factor"), p.Origin("rescale_factor")
		if p.Flag(false, "rescale_offset") {
			scale[1] = -1
		}
	}
	p.Facts.SetScale(scale, origin)
	if !p.Flag(true, "do_normalize") {
		p.Facts.SetMean(nil, p.Origin("do_normalize"))
		p.Facts.SetStd(nil, p.Origin("do_normalize"))
		return
	}
	mean, std := p.Values("image_mean"), p.Values("image_std")
	if mean == nil && std == nil {
		mean, std = p.defaults()
		p.Facts.SetMean(mean, p.Name+" (default of this image processor)")
		p.Facts.SetStd(std, p.Name+" (default of this image processor)")
		return
	}
	if p.is("efficientnet") && p.Flag(false, "include_top") {
		std = slices.Clone(std) // that processor divides twice
		for i, v := range std {
			std[i] = v * v
		}
	}
	p.Facts.SetMean(mean, p.Origin("image_mean"))
	p.Facts.SetStd(std, p.Origin("image_std"))
}

func (p processor) defaults() (mean, std preprocess.Values) {
	switch {
	case p.is("levit", "poolformer"):
		return preprocess.ImageNetMean(), preprocess.ImageNetStd()
	case p.is("clip", "chineseclip", "bit"):
		return preprocess.Values{0.48145466, 0.4578275, 0.40821073}, preprocess.Values{0.26862954, 0.26130258, 0.27577711}
	case p.is("mobilevit"):
		return nil, nil
	}
	return preprocess.Values{0.5, 0.5, 0.5}, preprocess.Values{0.5, 0.5, 0.5}
}

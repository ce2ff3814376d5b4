package backend

import (
	"slices"
	"strings"

	"picasso/backend/jsondoc"
	"picasso/backend/picture"
)

// huggingFace reads preprocessor_config.json as the image processors of the
// transformers library do.
type huggingFace struct{}

func (huggingFace) Find(f *facts) error {
	d := f.document(f.near("preprocessor_config.json", "processor_config.json"))
	if d == nil {
		return nil
	}
	if inner := d.root.At("image_processor"); inner != nil && inner.Kind == jsondoc.Object {
		d.root = inner
	} else if d.name == "processor_config.json" {
		return nil // says nothing about pictures
	}
	kind := d.text("image_processor_type")
	if kind == "" {
		kind = d.text("feature_extractor_type")
	}
	for _, suffix := range []string{"Fast", "ImageProcessor", "FeatureExtractor"} {
		kind = strings.TrimSuffix(kind, suffix)
	}
	p := processor{document: d, kind: strings.ToLower(kind)}
	p.geometry()
	p.numbers()
	p.color()
	return nil
}

// processor is one image processor: its class decides what some keys mean and
// what is taken where a key is missing.
type processor struct {
	*document
	kind string // class name in small letters, without suffix: "vit", "convnext"
}

func (p processor) is(kinds ...string) bool { return slices.Contains(kinds, p.kind) }

func (p processor) color() {
	const key = "do_flip_channel_order"
	if p.flag(p.is("mobilevit"), key) {
		p.f.setColor(BGR, p.origin(key))
		return
	}
	p.f.setColor(RGB, p.name)
}

// geometry works out resize and crop.
func (p processor) geometry() {
	r := Resize{Mode: Stretch, Filter: p.filter(), Floor: true}
	height, width, edge := p.size("size", p.shortest())
	if !p.flag(true, "do_resize") {
		height, width, edge, r.Mode = 0, 0, 0, Crop
	}
	cropH, cropW := p.cropSize()
	short := max(edge, min(height, width))
	switch {
	case p.is("convnext", "convnextv2") || p.root.At("crop_pct") != nil && !p.is("poolformer"):
		r, height, width = p.convNeXt(r, short)
	case p.is("poolformer") && p.number(0.9, "crop_pct") > 0:
		r.Mode, r.Edge = Crop, int(float64(short)/p.number(0.9, "crop_pct"))
	case p.is("levit") && edge > 0:
		r.Mode, r.Edge = Crop, int(256.0/224*float64(edge))
	case edge > 0:
		r.Mode, r.Edge = Crop, edge
	case cropH > 0 && height > 0 && (cropH != height || cropW != width):
		r.Size = []int{height, width}
	}
	if r.Edge > maxSide {
		r.Edge = 0
	}
	switch {
	case cropH > 0:
		p.f.setSize(cropH, cropW, p.origin("crop_size"))
	case height > 0:
		p.f.setSize(height, width, p.origin("size"))
	case edge > 0:
		p.f.setSize(edge, edge, p.origin("size"))
	}
	if short > 0 || cropH > 0 || r.Mode == Crop {
		p.f.setResize(r, p.origin("size"))
	}
}

// convNeXt resizes small pictures to edge/crop_pct and crops; from 384 pixels
// on they are stretched without a crop.
func (p processor) convNeXt(r Resize, edge int) (Resize, int, int) {
	if edge > 0 && edge < 384 {
		if pct := p.number(224.0/256, "crop_pct"); pct > 0 {
			r.Mode, r.Edge = Crop, int(float64(edge)/pct)
		}
	}
	return r, edge, edge
}

// shortest tells whether a bare number is the length of the shortest side, and
// not of both sides.
func (p processor) shortest() bool {
	return p.is("clip", "chineseclip", "bit", "levit", "poolformer", "convnext", "convnextv2",
		"mobilenetv1", "mobilenet_v1", "mobilenetv2", "mobilenet_v2", "mobilevit")
}

// size reads 224, {"height": 224, "width": 224} or {"shortest_edge": 224}.
func (p processor) size(key string, shortest bool) (height, width, edge int) {
	n := p.root.At(key)
	switch {
	case n == nil || n.Kind == jsondoc.Null:
		return 0, 0, 0
	case n.Kind == jsondoc.Number:
		side := p.side(key)
		if shortest {
			return 0, 0, side
		}
		return side, side, 0
	case n.Kind == jsondoc.Array && len(n.Items) == 2:
		var pair [2]int
		if p.read(&pair, "two whole numbers", key) && sideOK(pair[0]) && sideOK(pair[1]) {
			return pair[0], pair[1], 0
		}
	case n.At("shortest_edge") != nil:
		return 0, 0, p.side(key, "shortest_edge")
	case n.At("height") != nil && n.At("width") != nil:
		return p.side(key, "height"), p.side(key, "width"), 0
	}
	p.refuse(n, `224, {"height": 224, "width": 224} or {"shortest_edge": 224}`, key)
	return 0, 0, 0
}

// cropSize is the size of the centre crop, 0 where there is none.
func (p processor) cropSize() (height, width int) {
	crops := p.is("clip", "chineseclip", "deit", "bit", "levit", "poolformer", "mobilenetv1", "mobilenet_v1", "mobilenetv2", "mobilenet_v2", "mobilevit")
	if !p.flag(crops, "do_center_crop") {
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
	p.read(&code, "0 to 5", "resample")
	filters := []picture.Filter{picture.Nearest, picture.Lanczos, picture.Bilinear, picture.Bicubic, picture.Box, picture.Hamming}
	if code < 0 || code >= len(filters) {
		p.refuse(p.root.At("resample"), "0 nearest, 1 lanczos, 2 bilinear, 3 bicubic, 4 box, 5 hamming", "resample")
		return picture.Bilinear
	}
	return filters[code]
}

// numbers reads scale, mean and deviation.
func (p processor) numbers() {
	scale, origin := [2]float64{1.0 / 255, 0}, p.name
	switch {
	case !p.flag(true, "do_rescale"):
		scale, origin = [2]float64{1, 0}, p.origin("do_rescale")
	case p.root.At("rescale_factor") != nil:
		scale[0], origin = p.number(1.0/255, "rescale_factor"), p.origin("rescale_factor")
		if p.flag(false, "rescale_offset") {
			scale[1] = -1
		}
	}
	p.f.setScale(scale, origin)
	if !p.flag(true, "do_normalize") {
		p.f.setMean(nil, p.origin("do_normalize"))
		p.f.setStd(nil, p.origin("do_normalize"))
		return
	}
	mean, std := p.values("image_mean"), p.values("image_std")
	if mean == nil && std == nil {
		mean, std = p.defaults()
		p.f.setMean(mean, p.name+" (what this image processor takes by itself)")
		p.f.setStd(std, p.name+" (what this image processor takes by itself)")
		return
	}
	if p.is("efficientnet") && p.flag(false, "include_top") {
		std = slices.Clone(std) // that processor divides twice
		for i, v := range std {
			std[i] = v * v
		}
	}
	p.f.setMean(mean, p.origin("image_mean"))
	p.f.setStd(std, p.origin("image_std"))
}

func (p processor) defaults() (mean, std Values) {
	switch {
	case p.is("levit", "poolformer"):
		return imageNetMean(), imageNetStd()
	case p.is("clip", "chineseclip", "bit"):
		return Values{0.48145466, 0.4578275, 0.40821073}, Values{0.26862954, 0.26130258, 0.27577711}
	case p.is("mobilevit"):
		return nil, nil
	}
	return Values{0.5, 0.5, 0.5}, Values{0.5, 0.5, 0.5}
}

package sources

import (
	"picasso/backend/metadata"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// huggingFaceConfig reads what the config.json of a transformers model says
// about classes and how they are scored.
type huggingFaceConfig struct{}

func (huggingFaceConfig) Find(f *metadata.Facts) error {
	path := f.Near("config.json")
	d := f.Document(path)
	if d == nil || d.Root.At("pretrained_cfg") != nil || d.Root.At("architecture") != nil {
		return nil // timm's
	}
	d.Labels("id2label")
	switch kind := d.Text("problem_type"); kind {
	case "":
	case "single_label_classification":
		f.SetActivation(score.Softmax, d.Origin("problem_type"))
	case "multi_label_classification":
		f.SetActivation(score.Sigmoid, d.Origin("problem_type"))
	case "regression":
		f.SetKind(score.Regression, d.Origin("problem_type"))
	default:
		d.Refuse(d.Root.At("problem_type"), "single_label_classification, multi_label_classification, regression", "problem_type")
	}
	if side := configSize(d); side[0] > 0 {
		f.SetSize(side[0], side[1], d.Origin("image_size"))
	}
	return nil
}

// configSize reads image_size: a number or a pair.
func configSize(d *metadata.Document) [2]int {
	n := d.Root.At("image_size")
	if n == nil {
		return [2]int{}
	}
	var pair [2]int
	if n.Decode(&pair) == nil && len(n.Items) == 2 && preprocess.SideOK(pair[0]) && preprocess.SideOK(pair[1]) {
		return pair
	}
	side := d.Side("image_size")
	return [2]int{side, side}
}

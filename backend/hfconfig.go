package backend

// huggingFaceConfig reads what the config.json of a transformers model says
// about classes and how they are scored.
type huggingFaceConfig struct{}

func (huggingFaceConfig) Find(f *facts) error {
	path := f.near("config.json")
	d := f.document(path)
	if d == nil || d.root.At("pretrained_cfg") != nil || d.root.At("architecture") != nil {
		return nil // timm's
	}
	d.labels("id2label")
	switch kind := d.text("problem_type"); kind {
	case "":
	case "single_label_classification":
		f.setActivation(Softmax, d.origin("problem_type"))
	case "multi_label_classification":
		f.setActivation(Sigmoid, d.origin("problem_type"))
	case "regression":
		f.setKind(Regression, d.origin("problem_type"))
	default:
		d.refuse(d.root.At("problem_type"), "single_label_classification, multi_label_classification, regression", "problem_type")
	}
	if side := configSize(d); side[0] > 0 {
		f.setSize(side[0], side[1], d.origin("image_size"))
	}
	return nil
}

// configSize reads image_size: a number or a pair.
func configSize(d *document) [2]int {
	n := d.root.At("image_size")
	if n == nil {
		return [2]int{}
	}
	var pair [2]int
	if n.Decode(&pair) == nil && len(n.Items) == 2 && sideOK(pair[0]) && sideOK(pair[1]) {
		return pair
	}
	side := d.side("image_size")
	return [2]int{side, side}
}

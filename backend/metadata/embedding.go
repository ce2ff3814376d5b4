package metadata

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"picasso/backend/infer"
	"picasso/backend/onnx"
	"picasso/backend/score"
)

// An embedding is a vector that is no list of class scores. What is explained
// is its cosine to the embeddings of other pictures, the references: each
// counts as a class, whose score is the cosine, −1…1. Without a reference each
// number of the vector is a value of its own.

// NoticeEmbedding takes an output of one value per class for an embedding
// where nothing speaks for classes and its name or its values do.
func (c *Card) NoticeEmbedding(f *Facts, head onnx.Head, trial []float32) {
	o := &c.Output
	if o.Kind == score.Embedding {
		o.Origin = "an embedding: " + f.saidKind()
		return
	}
	normalised := endsNormalised(f.File, o.Name)
	table := slices.Contains([]score.OutputKind{score.Detection, score.Sequence, score.Dense}, o.Kind)
	inner := table && (normalised || namesHidden(o.Name)) || o.Kind == score.Segmentation && namesHidden(o.Name)
	if !inner && (o.Kind != score.Classes || o.Classes < 2) {
		return
	}
	activated := head.Kind != onnx.HeadLogits && (head.Kind != onnx.HeadBounded || withinUnit(trial))
	if activated || f.kind != "" || f.Origin["activation"] != "" {
		return
	}
	if slices.ContainsFunc(f.Labels, func(l LabelList) bool { return len(l.Names) == o.Classes }) {
		return
	}
	switch {
	case inner && !namesHidden(o.Name):
		o.Origin = "the graph ends in a normalisation, as that of a model without a head does"
	case inner, namesEmbedding(o.Name):
		o.Origin = fmt.Sprintf("the name %q and the lack of class names say that the output is an embedding", o.Name)
	case o.Classes >= fewestNormalised && normalised:
		o.Origin = "the graph ends in a normalisation, as that of an embedding does"
	case unitLength(trial):
		o.Origin = "the values of a trial run are a vector of length 1: an embedding"
	default:
		return
	}
	c.answer("kind")
	embed(o)
	c.Say("kind", o.Origin)
}

// saidKind tells who said that the output is an embedding.
func (f *Facts) saidKind() string {
	if by := f.Origin["kind"]; by != "" {
		return by
	}
	return f.Origin["reference"]
}

// embed makes the output an embedding of all its values.
func embed(o *score.Output) {
	o.Kind, o.Dimensions = score.Embedding, infer.Elements(o.Shape)
	o.Classes, o.Skip, o.Tail = o.Dimensions, 0, 0
}

// namesEmbedding tells whether exporters call embeddings so.
func namesEmbedding(name string) bool {
	name = strings.ToLower(name)
	return containsAny(name, "embed", "feature", "descriptor", "representation", "latent", "fingerprint", "pooler_output") ||
		slices.Contains([]string{"emb", "feat", "feats"}, name)
}

// namesHidden tells whether exporters call inner states so, whose many vectors
// are neither boxes nor pixels of classes.
func namesHidden(name string) bool {
	return namesEmbedding(name) || strings.Contains(strings.ToLower(name), "hidden")
}

// fewestNormalised is the length from which a vector behind a normalisation is
// taken for an embedding: classifiers end in raw scores, but small ones may do
// anything.
const fewestNormalised = 64

// endsNormalised tells whether an output comes out of a normalisation, as that
// of face recognition (batch) and of transformers (layer) does.
func endsNormalised(f *onnx.Model, output string) bool {
	idx := f.Graph.Index()
	for range maxFirstLayers {
		n, _ := idx.Producer(output)
		switch {
		case n == nil:
			return false
		case n.Is("BatchNormalization", "LayerNormalization", "LpNormalization"), speltNormalisation(idx, n):
			return true
		case !n.Is("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast"):
			return false
		}
		output = n.Input(0)
	}
	return false
}

// speltNormalisation recognises a layer normalisation of operator sets before
// 17: (x − mean) / √(variance + ε) · scale + shift.
func speltNormalisation(idx *onnx.Index, n *onnx.Node) bool {
	for range 2 {
		if !n.Is("Add", "Mul") {
			break
		}
		from := n.Input(0)
		if idx.Constant(from) != nil {
			from = n.Input(1)
		} else if idx.Constant(n.Input(1)) == nil {
			return false
		}
		n, _ = idx.Producer(from)
	}
	if !n.Is("Div") {
		return false
	}
	below, _ := idx.Producer(n.Input(1))
	return below.Is("Sqrt")
}

// unitLength reports vectors that a model divided by their own length.
// Answers that are sure of one class, or few numbers, may have it by chance.
func unitLength(v []float32) bool {
	const fewest, one = 8, 0.99
	sum, top := 0.0, 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
		top = max(top, math.Abs(float64(x)))
	}
	return len(v) >= fewest && math.Abs(sum-1) < 1e-4 && top < one
}

package backend

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"picasso/backend/onnx"
)

// An embedding is a vector that is no list of class scores. What is explained
// is its cosine to the embeddings of other pictures, the references: each
// counts as a class, whose score is the cosine, −1…1. Without a reference each
// number of the vector is a value of its own.

// noticeEmbedding takes an output of one value per class for an embedding
// where nothing speaks for classes and its name or its values do.
func (c *Card) noticeEmbedding(f *facts, head onnx.Head, trial []float32) {
	o := &c.Output
	if o.Kind == Embedding {
		o.Origin = "an embedding: " + f.saidKind()
		return
	}
	inner := namesHidden(o.Name) && (o.Kind == Detection || o.Kind == Segmentation)
	if !inner && (o.Kind != Classes || o.Classes < 2) {
		return
	}
	if head.Kind != onnx.HeadLogits || f.kind != "" || f.origin["activation"] != "" {
		return
	}
	if slices.ContainsFunc(f.labels, func(l labelList) bool { return len(l.names) == o.Classes }) {
		return
	}
	switch {
	case inner, namesEmbedding(o.Name):
		o.Origin = fmt.Sprintf("the name %q and the lack of class names say that the output is an embedding", o.Name)
	case o.Classes >= fewestNormalised && endsNormalised(f.file, o.Name):
		o.Origin = "the graph ends in a normalisation, as that of an embedding does"
	case unitLength(trial):
		o.Origin = "the values of a trial run are a vector of length 1: an embedding"
	default:
		return
	}
	embed(o)
	c.Say("kind", o.Origin)
}

// saidKind tells who said that the output is an embedding.
func (f *facts) saidKind() string {
	if by := f.origin["kind"]; by != "" {
		return by
	}
	return f.origin["reference"]
}

// embed makes the output an embedding of all its values.
func embed(o *OutputSpec) {
	o.Kind, o.Dimensions = Embedding, Elements(o.Shape)
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
	for range maxStem {
		n, _ := idx.Producer(output)
		switch {
		case n == nil:
			return false
		case n.Is("BatchNormalization", "LayerNormalization", "LpNormalization"):
			return true
		case !n.Is("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast"):
			return false
		}
		output = n.Input(0)
	}
	return false
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

// cosines compares a vector with vectors of length 1, in double precision. A
// vector without length has the cosine 0 to all.
func cosines(x []float32, units [][]float32) []float32 {
	out := make([]float32, len(units))
	length := math.Sqrt(product(x, x))
	if !(length > 0) {
		return out
	}
	for k, u := range units {
		out[k] = float32(min(max(product(x, u)/length, -1), 1))
	}
	return out
}

func product(a, b []float32) float64 {
	sum := 0.0
	for i, v := range a {
		sum += float64(v) * float64(b[i])
	}
	return sum
}

// cosineSeed is d Σ wₖ·cos(x, rₖ) / dx = Σ wₖ·(rₖ − cos(x, rₖ)·x/|x|) / |x| for
// references rₖ of length 1.
func (s scoring) cosineSeed(t Target, x []float32) []float32 {
	seed := make([]float32, len(x))
	length := math.Sqrt(product(x, x))
	if !(length > 0) {
		return seed
	}
	sum, along := make([]float64, len(x)), 0.0
	for k, w := range s.weights(t) {
		if w == 0 {
			continue
		}
		r := s.references[k]
		along += w * product(x, r) / length
		for i, v := range r {
			sum[i] += w * float64(v)
		}
	}
	for i, v := range x {
		seed[i] = float32((sum[i] - along*float64(v)/length) / length)
	}
	return seed
}

// embedding reads one picture's vector.
func (s scoring) embedding(output Tensor) (Scores, error) {
	values, err := s.table(output, s.out.Axis)
	if err != nil {
		return Scores{}, err
	}
	if s.references == nil {
		return Scores{Probabilities: slices.Clone(values.data)}, nil
	}
	return Scores{Probabilities: cosines(values.data, s.references)}, nil
}

package backend

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/files"
	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/npy"
	"picasso/backend/picture"
	"picasso/backend/preprocess"
	"picasso/backend/score"
)

// references are what a model's embeddings are compared with. Pictures are
// embedded again when their preparation changes. Guarded by [Model].mu.
type references struct {
	names []string    // as classes
	units [][]float32 // embeddings divided by their length, one per reference
	fresh bool        // units belong to the preparation in use
	turn  int         // counts the preparations
	told  bool        // what was noticed while reading them is among the model's warnings
}

// nameReferences calls the classes of a model that compares by its references.
func (m *Model) nameReferences(f *metadata.Facts) {
	if m.references != nil {
		f.Labels = []metadata.LabelList{{Names: m.references.names, Origin: "the names of the references"}}
	}
}

// referenceName is what reference i is called: the name of its file. That of a
// medical picture may name a patient.
func referenceName(i int, path string, img *picture.Image) string {
	if img != nil && img.Scan != nil {
		return fmt.Sprintf("reference %d", i+1)
	}
	return filepath.Base(picture.Said(path))
}

// remark makes what was noticed while reading a picture that belongs to the
// model one of its warnings. nil is an array.
func (m *Model) remark(img *picture.Image) {
	if img == nil {
		return
	}
	for _, note := range img.Notes {
		m.Warn(fmt.Sprintf("%s: %s", img.Name, note))
	}
}

// compared brings the embeddings of the references up to date.
func (m *Model) compared(ctx context.Context) error {
	m.mu.RLock()
	r := m.references
	if r == nil || r.fresh {
		m.mu.RUnlock()
		return nil
	}
	paths, turn := m.Card.References, r.turn
	m.mu.RUnlock()
	units, names := make([][]float32, len(paths)), make([]string, len(paths))
	var read []*picture.Image
	for i, path := range paths {
		v, img, err := m.embed(ctx, path)
		if err != nil {
			return err
		}
		read = append(read, img)
		if units[i], err = unit(v); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		names[i] = referenceName(i, path, img)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if r.turn == turn {
		r.units, r.names, r.fresh = units, names, true
	}
	if !r.told {
		r.told = true
		for _, img := range read {
			m.remark(img)
		}
	}
	return nil
}

// outdated asks for new embeddings of the references. m.mu is held.
func (r *references) outdated() {
	if r != nil {
		r.fresh = false
		r.turn++
	}
}

// embed is the embedding of a file: a picture, an array of the model's input,
// or an array that is an embedding already. img is the picture, nil for an
// array.
func (m *Model) embed(ctx context.Context, path string) (v []float32, img *picture.Image, err error) {
	var x infer.Tensor
	if strings.EqualFold(filepath.Ext(path), ".npy") {
		x, err = m.referenceArray(path)
	} else {
		if img, err = picture.OpenWith(ctx, path, m.pictures); err == nil {
			p, spec := m.preparation()
			x, err = preprocess.Prepare(img, p, spec.Of(img.Height, img.Width))
		}
	}
	if err != nil || x.Shape == nil {
		return x.Data, img, err
	}
	v, err = m.embedding(ctx, x)
	return v, img, err
}

// embedding is the output for one input.
func (m *Model) embedding(ctx context.Context, x infer.Tensor) ([]float32, error) {
	_, spec := m.preparation()
	in, err := spec.Of(x.Shape[1], x.Shape[2]).Feed([]infer.Tensor{x})
	if err != nil {
		return nil, err
	}
	outputs, err := m.forward().Session.Run(ctx, []infer.Tensor{in})
	if err != nil {
		return nil, err
	}
	out := m.output() // which may be read otherwise meanwhile
	parts, err := m.forward().Picture(outputs, 0, m.Input.Batched && !out.Whole, out.Name)
	if err != nil {
		return nil, err
	}
	values, err := m.scoring().Table(parts[0], out.Axis)
	return slices.Clone(values.Data), err
}

// referenceArray reads an input of the model, or an embedding: a tensor
// without shape.
func (m *Model) referenceArray(path string) (infer.Tensor, error) {
	if err := m.affords(path); err != nil {
		return infer.Tensor{}, err
	}
	data, err := files.Read(path, 4*metadata.MaxConstant)
	if err != nil {
		return infer.Tensor{}, fmt.Errorf("%s cannot be read: %w", path, err)
	}
	a, err := npy.Read(bytes.NewReader(data), 4*metadata.MaxConstant)
	if err != nil {
		return infer.Tensor{}, fmt.Errorf("%s: %w", path, err)
	}
	dimensions := m.output().Dimensions
	if len(a.Data) == dimensions {
		return infer.Tensor{Data: a.Data}, nil
	}
	t, err := m.Accept(infer.Tensor{Shape: a.Shape, Data: a.Data})
	if err != nil {
		return t, fmt.Errorf("%s is neither an embedding of %d numbers nor an input of the model: %w", path, dimensions, err)
	}
	return t, nil
}

// affords checks that the array in a file may take the memory that reading it takes:
// its bytes and its values. A file that is not there is for whoever reads it.
func (m *Model) affords(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return nil
	}
	return m.pictures.Fits(path, fmt.Sprintf("is an array of %d MB", info.Size()>>20), 3*info.Size())
}

// unit divides a vector by its length.
func unit(v []float32) ([]float32, error) {
	length := math.Sqrt(score.Dot(v, v))
	if !(length > 0) || math.IsInf(length, 0) {
		return nil, fmt.Errorf("its embedding has the length %g and so no direction to compare with; choose another reference", length)
	}
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(float64(x) / length)
	}
	return out, nil
}

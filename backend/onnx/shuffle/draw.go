package shuffle

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"

	"picasso/backend/files"
	"picasso/backend/onnx"
)

// inMemory is the size in bytes of all weights of a model below which what is
// drawn is kept in memory.
const inMemory = 64 << 20

// Drawn is a model with other values for the weights of some units, which lie in
// memory or in temporary files. It is not for concurrent use.
type Drawn struct {
	model  *onnx.Model // whose references start where those to the files do
	kind   Kind
	drawn  map[string]*onnx.Tensor // other values by the name of the weight
	folder string                  // of the files, "" where everything is in memory
	files  int
}

// Draw makes other values for all weights of the units, by a seed. The weights of
// models of 64 MB and more go to a file in a temporary folder, one tensor being
// in memory at a time; [Drawn.Close] removes it, and what a killed program left
// of one is removed by the next.
//
// The model is not changed, nor are its files.
func Draw(ctx context.Context, m *onnx.Model, units []Unit, kind Kind, seed uint64) (*Drawn, error) {
	d := &Drawn{model: m, kind: kind, drawn: map[string]*onnx.Tensor{}}
	if bytesOf(m) >= inMemory {
		if err := d.openFolder(); err != nil {
			return nil, err
		}
	}
	if err := d.drawAll(ctx, m, units, seed); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// bytesOf is the size of the weights of the main graph.
func bytesOf(m *onnx.Model) int64 {
	var sum int64
	for _, t := range m.Graph.Initializers {
		sum += max(t.Elements(), 0) * int64(t.Type.Size())
	}
	return sum
}

// openFolder makes a folder for files that the model can refer to along with its
// own: beside other temporary files or, on another drive, beside the model.
func (d *Drawn) openFolder() error {
	_, own, err := d.model.Detach()
	if err != nil || own == "" { // in memory
		return err
	}
	var failed error
	for _, parent := range []string{os.TempDir(), own} {
		parent, err = filepath.EvalSymlinks(parent)
		if err == nil {
			parent, err = filepath.Abs(parent)
		}
		if err != nil {
			failed = err
			continue
		}
		root := common(parent, own)
		if root == "" {
			continue
		}
		if d.folder, failed = files.UnfinishedFolder(parent); failed != nil {
			return unwritten(parent, 0, failed)
		}
		if d.model, failed = d.model.Rebase(root); failed != nil {
			return errors.Join(failed, d.Close())
		}
		return nil
	}
	return unwritten(os.TempDir(), 0, failed)
}

// common is the deepest folder above both, "" where they lie on two drives.
func common(a, b string) string {
	if filepath.VolumeName(a) != filepath.VolumeName(b) {
		return ""
	}
	for {
		if way, err := filepath.Rel(a, b); err == nil && filepath.IsLocal(way) {
			return a
		}
		up := filepath.Dir(a)
		if up == a {
			return ""
		}
		a = up
	}
}

// unwritten is the error of a file of weights that could not be written.
func unwritten(folder string, size int64, err error) error {
	if size > 0 {
		return fmt.Errorf("the shuffled weights (%d MB) cannot be written to %s: %w; free space there, or set another folder for temporary files", (size+1<<20-1)>>20, folder, files.Innermost(err))
	}
	return fmt.Errorf("the shuffled weights cannot be written to %s: %w; set another folder for temporary files", folder, files.Innermost(err))
}

func (d *Drawn) drawAll(ctx context.Context, m *onnx.Model, units []Unit, seed uint64) error {
	store, err := d.newStore()
	if err != nil {
		return err
	}
	defer store.close()
	x := m.Graph.Index()
	for _, u := range units {
		for _, w := range u.Weights {
			if err := ctx.Err(); err != nil {
				return err
			}
			t := x.Constant(w.Tensor)
			data, err := owned(m, t)
			if err != nil {
				return err
			}
			r := source(seed, w.Tensor)
			if d.kind == He {
				err = he(ctx, data, t, w, r)
			} else {
				err = permute(ctx, data, t.Type.Size(), r)
			}
			if err != nil {
				return err
			}
			if d.drawn[w.Tensor], err = store.keep(w.Tensor, t, data, d.inGraph(x, w.Tensor)); err != nil {
				return err
			}
		}
	}
	if d.folder != "" {
		debug.FreeOSMemory() // as much as the largest tensor, which no other work here needs
	}
	return store.close()
}

// inGraph tells a constant that no file may hold: that of a node, where every
// initializer has to be an input as well.
func (d *Drawn) inGraph(x *onnx.Index, name string) bool {
	n, _ := x.Producer(name)
	return n != nil && d.model.IRVersion < 4
}

// owned are the bytes of a tensor, for the caller to change.
func owned(m *onnx.Model, t *onnx.Tensor) ([]byte, error) {
	data, err := m.Data(t)
	if err == nil && t.InMemory() {
		data = slices.Clone(data)
	}
	if err == nil && int64(len(data)) != t.Elements()*int64(t.Type.Size()) {
		err = fmt.Errorf("tensor %.160q of shape %v has %d bytes of %v", t.Name, t.Dims, len(data), t.Type)
	}
	return data, err
}

// Close removes the temporary files. The models made of d cannot be opened any
// more; sessions of them have to be closed before.
func (d *Drawn) Close() error {
	if d.folder == "" {
		return nil
	}
	err := os.RemoveAll(d.folder)
	d.folder = ""
	return err
}

package trust

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"sync"
)

// Judge tests maps of one model. It keeps what random orders and outlines reach
// on the pictures tested last, which no map changes. It is safe for concurrent
// use.
type Judge struct {
	mu   sync.Mutex
	kept []*references // newest first
}

// keptReferences bounds what a Judge keeps: a few kilobytes each.
const keptReferences = 64

// references are the orders that a map is compared with, on one picture, target
// and substrate.
type references struct {
	mu     sync.Mutex
	key    string
	orders []*curve // outlines, then those by chance
}

func (r *references) edges() *curve { return r.orders[0] }

func (r *references) random() []*curve { return r.orders[1:] }

// references are those for a test, as far as they are known.
func (j *Judge) references(t *coverTest) *references {
	key := t.key()
	j.mu.Lock()
	defer j.mu.Unlock()
	if i := slices.IndexFunc(j.kept, func(r *references) bool { return r.key == key }); i >= 0 {
		r := j.kept[i]
		j.kept = append([]*references{r}, slices.Delete(j.kept, i, i+1)...)
		return r
	}
	r := &references{key: key}
	c, s := t.cells, t.substrate
	orders := [][]int{t.outlines()}
	for seed := range randomOrders {
		orders = append(orders, c.random(uint64(seed)+1))
	}
	for _, o := range orders {
		r.orders = append(r.orders, c.newCurve(o, t.steps(), t.whole, s.covered))
	}
	j.kept = append([]*references{r}, j.kept[:min(len(j.kept), keptReferences-1)]...)
	return r
}

// key names everything that references depend on within one model.
func (t *coverTest) key() string {
	h := sha256.New()
	buffer := make([]byte, 0, 4*len(t.in.Tensor.Data))
	for _, list := range [][]float32{t.in.Tensor.Data, t.substrate.fill.Data} {
		buffer = buffer[:0]
		for _, v := range list {
			buffer = binary.LittleEndian.AppendUint32(buffer, math.Float32bits(v))
		}
		h.Write(buffer)
	}
	return fmt.Sprintf("%x/%+v/%s/%+v", h.Sum(nil), t.measure.target, t.substrate.name, t.cells)
}

// known reports whether a point has been measured.
func (r *references) known(j job) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if j.insertion {
		return j.curve.insertion[j.step].known()
	}
	return j.curve.deletion[j.step].known()
}

// store keeps what was measured, the map's own points too: two runs may share
// references, and neither reads while the other writes.
func (r *references) store(jobs []job, points []point) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, j := range jobs {
		j.set(points[i])
	}
}

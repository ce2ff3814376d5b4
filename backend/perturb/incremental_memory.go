package perturb

import (
	"fmt"
	"slices"

	"picasso/backend/infer"
)

// incrementalBatch is the number of copies a worker takes through the segments
// together: enough to share a session's overhead, few enough to stay in the
// processor's cache and to stop quickly. Of large pictures it takes fewer, as the
// bytes below allow.
const (
	incrementalBatch = 8
	batchBytes       = 64 << 20 // of pictures, for all workers
	walkBytes        = 96 << 20 // of what a worker has on its way
)

// bounds are the bytes that the engine of a model may hold, weights apart.
type bounds struct {
	maps   int64 // of untouched pictures, of all plans together
	flight int64 // of copies on their way
}

// usual are the bounds of every model: volumes reach them, pictures do not.
func usual(workers int) bounds {
	return bounds{maps: 512 << 20, flight: max(512<<20, int64(workers)*walkBytes)}
}

// batch is the number of copies that are best scored together.
func (e *incrementalEngine) batch() int {
	in := e.host.Input()
	fit := batchBytes / (4 * in.Channels * in.Rows() * in.Width)
	return e.workers * min(max(fit/e.workers, 1), incrementalBatch)
}

// MaxWorkers bounds the memory for copies in flight.
const MaxWorkers = 16

// batch is the number of copies that a worker takes through the plan together.
func (p *incrementalPlan) batch() int {
	return int(min(max(walkBytes/(4*max(p.each(), 1)), 1), incrementalBatch))
}

// elements is the size of a tensor for one picture.
func (p *incrementalPlan) elements(id int) int64 {
	return int64(infer.Elements(p.Prefix.Tensors[id].Shape[1:]))
}

// between is the size of all tensors of one picture.
func (p *incrementalPlan) between() int64 {
	var sum int64
	for id := range p.Prefix.Tensors {
		sum += p.elements(id)
	}
	return sum
}

// each is about the number of elements that one copy on its way takes.
func (p *incrementalPlan) each() int64 {
	const fused = 2 // two of our tensors are about one of the runtime's
	each := int64(float64(p.between()) / p.Gain / fused)
	for _, id := range slices.Concat(p.Tail.Inputs, p.Tail.Local) {
		each += p.elements(id)
	}
	return each
}

// maps is the number of elements of the maps of an untouched picture.
func (p *incrementalPlan) maps() int64 {
	var maps int64
	for _, s := range p.Segments {
		for _, e := range s.Exits {
			maps += p.elements(e.Tensor)
		}
	}
	return maps
}

// workers is the number of those that take copies through the plan at a time, as
// the bound allows; 0 where not even one copy fits.
func (p *incrementalPlan) workers() int {
	e := p.engine
	return int(min(e.bounds.flight/(4*max(p.each(), 1)*int64(p.batch())), int64(e.workers)))
}

// fits says in words why the plan would take too much memory, or nil.
func (p *incrementalPlan) fits() error {
	if maps := 4 * p.maps(); maps > p.engine.bounds.maps {
		return tooLarge(fmt.Sprintf("keep %d MB of inner maps of the untouched input", maps>>20), p.engine.bounds.maps)
	}
	if p.workers() == 0 {
		return tooLarge(fmt.Sprintf("take %d MB for each copy of the input", 4*p.each()>>20), p.engine.bounds.flight)
	}
	return nil
}

func tooLarge(what string, bound int64) error {
	return &NoGainError{fmt.Sprintf("Full inference is used, for incremental inference would %s, more than the %d MB that it may.", what, bound>>20), true}
}

// makeRoom lets the maps of other plans go, those that were not used for longest
// first, until those of one more fit beside them. Plans in use keep theirs.
func (e *incrementalEngine) makeRoom(next *incrementalPlan) {
	e.mu.Lock()
	defer e.mu.Unlock()
	held := 4 * next.maps()
	for _, p := range e.plans {
		if p == next || p.untouched.Load() == nil {
			continue
		}
		if held += 4 * p.maps(); held > e.bounds.maps && p.users == 0 {
			held -= 4 * p.maps()
			p.untouched.Store(nil)
		}
	}
}

// bytes is about the memory that the plan takes: the weights a second time, in the
// runtime's own order, all tensors of the untouched picture, which were observed
// once, its maps, and for every copy in flight the tail's whole maps and what
// the runtime keeps of the crops between. Measured on ResNet-50 and MobileNetV2
// it is right within a tenth, on SqueezeNet the truth is 1.7 times as much.
func (p *incrementalPlan) bytes() int64 {
	return 4 * (p.engine.host.Weights() + p.between() + p.maps() + p.each()*int64(p.workers()*p.batch()))
}

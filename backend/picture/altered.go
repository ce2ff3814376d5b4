package picture

import "sync"

// Altered is f of the picture and of what belongs to it: what lies under the
// white of its transparent parts, and its neighbours, once they are asked for.
// f gives a picture of the same size for each of them.
func (m *Image) Altered(f func(*Image) *Image) *Image {
	out := *f(m)
	if m.clear != nil {
		out.clear = f(m.clear)
	}
	if m.Neighbours != nil {
		out.Neighbours = &altered{from: m, f: f, known: map[int]*Image{}}
	}
	return &out
}

// altered are the neighbours of an altered picture, each kept once it is made:
// there are no more than a model has channels.
type altered struct {
	from *Image
	f    func(*Image) *Image

	mu    sync.Mutex
	known map[int]*Image
}

// Neighbour implements [Neighbours].
func (a *altered) Neighbour(offset int) (*Image, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n := a.known[offset]; n != nil {
		return n, nil
	}
	n, err := a.from.Neighbour(offset)
	if err != nil {
		return nil, err
	}
	a.known[offset] = a.f(n)
	return a.known[offset], nil
}

// Volume is the altered slice of another volume.
func (a *altered) Volume(k int) (*Image, error) {
	n, err := a.from.Volume(k)
	if err != nil {
		return nil, err
	}
	return a.f(n), nil
}

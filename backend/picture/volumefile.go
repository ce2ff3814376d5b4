package picture

import (
	"context"
	"fmt"
	"math"
	"sync"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/volume"
	"picasso/backend/regular"
)

// volumeKind reads the header of a kind of volume.
type volumeKind func(volume.Source) (*volume.Header, error)

// volumeFile is the slices of a file with volumes.
type volumeFile struct {
	file   *file
	header *volume.Header
	memory int64

	mu    sync.Mutex             // guards what follows
	kept  map[int]*volume.Volume // read before
	held  int64                  // bytes of them
	whole int                    // slices that are there, where the file ends too early
}

// maxHeld is how many bytes of several volumes are kept, for models that take them
// all: one is kept whatever its size.
const maxHeld = 256 << 20

func (k volumeKind) open(ctx context.Context, f *file, o Options) (content, error) {
	h, err := k(f.source())
	if err != nil {
		return nil, err
	}
	if err := h.Check(); err != nil {
		return nil, err
	}
	v := &volumeFile{file: f, header: h, memory: o.memory(), whole: h.Size[2]}
	first := o.Volume
	if first < 0 || first >= h.Volumes {
		first = 0 // index tells
	} else if first == 0 && o.Frame >= h.Size[2] {
		first = min(o.Frame/h.Size[2], h.Volumes-1)
	}
	one, err := v.volume(ctx, first)
	if err == nil && h.Volumes == 1 {
		v.whole = one.Slices
	}
	return v, err
}

func (v *volumeFile) unit() string { return "slice" }

// volume is volume k, read where it is not kept.
func (v *volumeFile) volume(ctx context.Context, k int) (*volume.Volume, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if one := v.kept[k]; one != nil {
		return one, nil
	}
	f := v.file
	if f.path != "" { // it may have been closed since
		again, err := openFile(f.path)
		if err != nil {
			return nil, err
		}
		defer again.close()
		f = again
	}
	size := v.header.Bytes()
	if v.kept == nil || v.held+size > min(maxHeld, v.memory) {
		v.kept, v.held = map[int]*volume.Volume{}, 0 // before the next one is read
	}
	from := f.source()
	if from.Lasting = from.File; f.path != "" {
		from.Lasting = lasting(f.path)
	}
	one, err := volume.Load(ctx, from, v.header, k, v.memory)
	if err != nil {
		return nil, err
	}
	v.kept[k] = one
	v.held += one.Held()
	return one, nil
}

// lasting is a file that is opened for each piece that is read of it, so that it need
// not stay open.
type lasting string

func (path lasting) ReadAt(b []byte, at int64) (int, error) {
	r, _, err := regular.Open(string(path), regular.Unbounded)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	return r.ReadAt(b, at)
}

// any is a volume that was read before, else the first.
func (v *volumeFile) any(ctx context.Context) (*volume.Volume, error) {
	v.mu.Lock()
	for _, one := range v.kept {
		v.mu.Unlock()
		return one, nil
	}
	v.mu.Unlock()
	return v.volume(ctx, 0)
}

// places are those of the slices of all volumes, one volume after the other.
func (v *volumeFile) places(ctx context.Context) ([]slice, error) {
	known, err := v.any(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]slice, 0, v.whole*v.header.Volumes)
	for k := range v.header.Volumes {
		for i := range v.whole {
			p := dicom.Placement{Series: v.file.name, Frame: len(all), Frames: v.whole * v.header.Volumes, Number: i,
				Geometry: known.Geometry(i), Location: math.NaN(), Rows: known.Height, Columns: known.Width}
			all = append(all, slice{path: v.file.path, place: volumePlace(p, k, v.header.Volumes)})
		}
	}
	return all, nil
}

// volumePlace sets volume k of n apart.
func volumePlace(p dicom.Placement, k, n int) dicom.Placement {
	if n > 1 {
		p.Traits[dicom.Temporal] = dicom.Trait{Known: true, Number: float64(k), Text: fmt.Sprintf("volume %d", k)}
	}
	return p
}

func (v *volumeFile) picture(ctx context.Context, i int) (*Image, error) {
	one, err := v.volume(ctx, i/v.whole)
	if err != nil {
		return nil, err
	}
	if i%v.whole >= one.Slices {
		return nil, &Error{v.file.name, fmt.Sprintf("ends before slice %d of volume %d", i%v.whole, i/v.whole), "copy or download it again", nil}
	}
	m, err := v.slice(one, i%v.whole)
	if err != nil {
		return nil, err
	}
	m.Scan.Frame, m.Scan.Frames, m.Scan.Slice = i, v.whole*v.header.Volumes, i
	return m, nil
}

// slice makes slice i of a volume an image.
func (v *volumeFile) slice(one *volume.Volume, i int) (*Image, error) {
	values, err := one.Values(i)
	if err != nil {
		return nil, err
	}
	m := NewFloat(base(v.file.name), one.Width, one.Height, one.Channels, values)
	m.Notes = append(m.Notes, one.Warnings...)
	m.noteNumbers()
	m.Scan = &Scan{Volumes: 1, Geometry: one.Geometry(i)}
	m.look()
	if one.Range[1] > one.Range[0] {
		m.Range = one.Range
		m.Scan.Window = exactWindow("window 1", one.Range)
		m.Scan.Windows = []dicom.Window{m.Scan.Window}
	}
	if one.Channels == 3 {
		m.Range = [2]float32{0, 255}
	}
	return m, nil
}

func (v *volumeFile) wholes(ctx context.Context, i int, out []int16) bool {
	one, err := v.volume(ctx, i/v.whole)
	if err != nil || i%v.whole >= one.Slices {
		return false
	}
	ok, err := one.Whole(i%v.whole, out)
	return ok && err == nil
}

// volumeHead tells whether unpacked data begin like a volume.
func volumeHead(head []byte) bool {
	k, ok := sniff(head)
	return ok && k.volume
}

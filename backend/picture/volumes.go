package picture

import (
	"context"
	"fmt"
	"sync"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/volume"
)

// volumeKind reads the header of a kind of volume.
type volumeKind func(volume.Source) (*volume.Header, error)

// volumeFile is the slices of a file with volumes. One volume is kept in memory.
type volumeFile struct {
	file   *file
	header *volume.Header
	memory int64

	mu    sync.Mutex // guards what follows
	last  *volume.Volume
	of    int // the volume that last is
	whole int // slices that are there, where the file ends too early
}

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

func (v *volumeFile) count() (slices, volumes int) { return v.whole, v.header.Volumes }

func (v *volumeFile) unit() string { return "slice" }

// volume is volume k, read where it is not the one read last.
func (v *volumeFile) volume(ctx context.Context, k int) (*volume.Volume, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.last != nil && v.of == k {
		return v.last, nil
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
	v.last = nil // so that it is not held beside the next one
	next, err := volume.Load(ctx, f.source(), v.header, k, v.memory)
	if err != nil {
		return nil, err
	}
	v.last, v.of = next, k
	return next, nil
}

func (v *volumeFile) places(k int) []slice {
	one, err := v.volume(context.Background(), k)
	if err != nil {
		return nil
	}
	out := make([]slice, 0, one.Slices)
	for i := range one.Slices {
		p := dicom.Placement{Series: v.file.name, Frame: k*v.whole + i, Frames: v.whole * v.header.Volumes, Number: i,
			Geometry: one.Geometry(i), Rows: one.Height, Columns: one.Width}
		out = append(out, slice{path: v.file.path, place: p})
	}
	return out
}

func (v *volumeFile) picture(ctx context.Context, i int) (*Image, error) {
	one, err := v.volume(ctx, i/v.whole)
	if err != nil {
		return nil, err
	}
	if i%v.whole >= one.Slices {
		return nil, &Error{v.file.name, fmt.Sprintf("ends before slice %d of volume %d", i%v.whole, i/v.whole), "copy or download it again", nil}
	}
	m := v.slice(one, i%v.whole)
	m.Scan.Frame, m.Scan.Frames = i, v.whole*v.header.Volumes
	m.Scan.Volume, m.Scan.Volumes = i/v.whole, v.header.Volumes
	if v.header.Volumes > 1 {
		m.Volumes = volumesOf{v, i % v.whole}
	}
	return m, nil
}

// slice makes slice i of a volume an image.
func (v *volumeFile) slice(one *volume.Volume, i int) *Image {
	m := NewFloat(base(v.file.name), one.Width, one.Height, one.Channels, one.Values(i))
	m.Notes = append(m.Notes, one.Warnings...)
	m.noteNumbers()
	all := exactWindow("full range", m.Range)
	m.Scan = &Scan{Auto: all, Window: all, Geometry: one.Geometry(i)}
	if one.Range[1] > one.Range[0] {
		m.Range = one.Range
		m.Scan.Window = exactWindow("window 1", one.Range)
		m.Scan.Windows = []dicom.Window{m.Scan.Window}
	}
	if one.Channels == 3 {
		m.Range = [2]float32{0, 255}
	}
	return m
}

// Volumes are the pictures of the same place in all volumes of a file: the
// modalities of an examination, the times of a series, the echoes of a sequence.
type Volumes interface {
	// Volume is the picture in volume k, counted from 0.
	Volume(k int) (*Image, error)
}

// Volume is the picture of the same slice in volume k of the file, counted from 0;
// the picture itself where the file has one volume. It is read when asked for and
// not kept. Errors are of type *[Error].
func (m *Image) Volume(k int) (*Image, error) {
	n := 1
	if m.Scan != nil {
		n = max(m.Scan.Volumes, 1)
	}
	switch {
	case k < 0 || k >= n:
		return nil, &Error{m.Name, fmt.Sprintf("has no volume %d", k), choose("volume", n), nil}
	case m.Volumes == nil || k == m.Scan.Volume:
		return m, nil
	}
	return m.Volumes.Volume(k)
}

// volumesOf are the pictures of one slice.
type volumesOf struct {
	file  *volumeFile
	slice int
}

// Volume implements [Volumes].
func (v volumesOf) Volume(k int) (*Image, error) {
	return guardScan(v.file.file.name, func() (*Image, error) {
		return v.file.picture(context.Background(), k*v.file.whole+v.slice)
	})
}

// volumeHead tells whether unpacked data begin like a volume.
func volumeHead(head []byte) bool {
	k, ok := sniff(head)
	return ok && k.volume
}

package picture

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"picasso/backend/picture/planes"
)

// Voxels are the values of a volume in memory, for planes through it: 16 bits each
// where all of a slice are whole numbers, else 32.
type Voxels struct {
	*planes.Stack
	// Remarks are about the slices and about how planes are drawn, in words.
	Remarks []string
	// Method is how values between the slices are made: labels are not mixed.
	Method planes.Method

	like *Image // a slice without its pixels
}

// VoxelOptions say how [Series.Voxels] reads.
type VoxelOptions struct {
	Uptake bool           // standardized uptake values, of PET
	Tell   func(done int) // called by several goroutines as slices are read; may be nil
}

// Voxels reads all slices of a series of one volume. Slices that cannot be read are
// left out, with a remark. Errors are of type *[Error], or ctx's; one that wraps
// a *[MemoryError] tells how much memory it would take.
func (s *Series) Voxels(ctx context.Context, o VoxelOptions) (*Voxels, error) {
	if len(s.volumes) > 1 {
		return nil, &Error{s.Name, fmt.Sprintf("has %d volumes", len(s.volumes)), "choose one of them", nil}
	}
	var sound []planes.Slice
	for i := range s.slices {
		if s.slices[i].fault == nil {
			sound = append(sound, planes.Slice{Geometry: s.slices[i].place.Geometry, Number: i})
		}
	}
	w, h := s.slices[0].place.Columns, s.slices[0].place.Rows
	if _, err := planes.New(w, h, sound); err != nil { // before much is read
		return nil, s.uncut(err)
	}
	r := &voxelReader{series: s, options: o, width: w, height: h}
	if err := r.fits(int64(len(sound)) * int64(w) * int64(h) * 2); err != nil {
		return nil, err
	}
	if err := r.read(ctx, sound); err != nil {
		return nil, err
	}
	stack, err := planes.New(w, h, slices.DeleteFunc(sound, func(one planes.Slice) bool { return one.Whole == nil && one.Real == nil }))
	if err != nil {
		return nil, s.uncut(err)
	}
	v := &Voxels{Stack: stack, like: r.like, Remarks: slices.Clone(stack.Remarks)}
	if n := len(s.slices) - stack.Slices(); n > 0 {
		v.Remarks = append(v.Remarks, fmt.Sprintf("%d of %d slices cannot be read and are missing in the planes", n, len(s.slices)))
	}
	if r.labels.few() {
		v.Method = planes.Nearest
	}
	return v, nil
}

// uncut is an error about planes through the series.
func (s *Series) uncut(err error) error {
	var own *Error
	if errors.As(err, &own) {
		return err
	}
	return &Error{s.Name, "cannot be cut into planes: " + err.Error(), "", err}
}

// voxelReader reads slices on several goroutines.
type voxelReader struct {
	series        *Series
	options       VoxelOptions
	width, height int

	mu     sync.Mutex // guards what follows
	next   int
	done   int
	bytes  int64
	fault  error // that ends the reading
	bad    error // of the first slice that cannot be read
	like   *Image
	labels labels
	real   bool // slices are no whole numbers of 16 bits
}

// fits checks that so many bytes may be taken.
func (r *voxelReader) fits(need int64) error {
	o := r.series.options
	o.MaxMemory = max(o.MaxMemory, r.series.allowed.Load())
	return o.Fits(r.series.Name, fmt.Sprintf("has %d slices of %d×%d pixels", len(r.series.slices), r.width, r.height), need)
}

// read fills in the values of slices.
func (r *voxelReader) read(ctx context.Context, all []planes.Slice) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var work sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(all), 8) {
		work.Go(func() {
			w := voxelWorker{voxelReader: r}
			for {
				one := r.take(all)
				if one == nil || ctx.Err() != nil {
					return
				}
				if err := w.fill(ctx, one); err != nil {
					r.end(err)
					cancel()
				}
			}
		})
	}
	work.Wait()
	switch {
	case r.fault != nil:
		return r.fault
	case ctx.Err() != nil:
		return ctx.Err()
	case r.like == nil:
		return r.bad
	}
	return nil
}

// take is the next slice to be read, nil when there is none.
func (r *voxelReader) take(all []planes.Slice) *planes.Slice {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next == len(all) {
		return nil
	}
	r.next++
	return &all[r.next-1]
}

func (r *voxelReader) end(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fault == nil {
		r.fault = err
	}
}

// voxelWorker is one of the goroutines of a reader.
type voxelWorker struct {
	*voxelReader
	room room // for the files of slices
}

// fill reads a slice. The error is one that ends the reading.
func (w *voxelWorker) fill(ctx context.Context, one *planes.Slice) error {
	if w.whole(ctx, one) {
		return w.keep(one)
	}
	m, err := w.picture(ctx, one.Number)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		w.mu.Lock()
		if w.bad == nil {
			w.bad = err
		}
		w.mu.Unlock()
		return nil
	case m.Channels != 1:
		return &Error{w.series.Name, "cannot be cut into planes: its slices are coloured", "open a series of grey values", nil}
	case m.Width != w.width || m.Height != w.height:
		return &Error{w.series.Name, fmt.Sprintf("cannot be cut into planes: slice %d has %d×%d pixels, others have %d×%d", one.Number+1, m.Width, m.Height, w.width, w.height), "open a series of slices of one size", nil}
	}
	values := m.floats()
	if one.Whole = wholeNumbers(values); one.Whole == nil {
		one.Real = slices.Clone(values)
	}
	w.see(m, one)
	return w.keep(one)
}

// whole fills in a slice of whole numbers without making it a picture. It reports
// whether that could be; the first slice is always a picture, which tells what all are
// like.
func (w *voxelWorker) whole(ctx context.Context, one *planes.Slice) bool {
	w.mu.Lock()
	real := w.like == nil || one.Number == 0 || w.real || w.options.Uptake
	w.mu.Unlock()
	if real {
		return false
	}
	at := w.series.slices[one.Number]
	from, err := w.from(ctx, at.path)
	if err != nil || from.wholes == nil {
		return false
	}
	values := make([]int16, w.width*w.height)
	ok := false
	if _, err := guard(func() (*Image, error) { ok = from.wholes(ctx, at.place.Frame, values); return nil, nil }); err != nil || !ok {
		w.mu.Lock()
		w.real = true // others are probably alike
		w.mu.Unlock()
		return false
	}
	one.Whole = values
	return true
}

// picture decodes a slice.
func (w *voxelWorker) picture(ctx context.Context, i int) (*Image, error) {
	at := w.series.slices[i]
	m, err := guardScan(at.path, func() (*Image, error) {
		from, err := w.from(ctx, at.path)
		if err != nil {
			return nil, err
		}
		return from.picture(ctx, at.place.Frame)
	})
	if err == nil && w.options.Uptake {
		m, err = m.Uptake()
	}
	return m, withhold(err)
}

// from opens a file of the series, without its checksum, unless it is the one that is
// open. A file with all the slices stays open; of others the bytes are overwritten by
// those of the next one.
func (w *voxelWorker) from(ctx context.Context, path string) (reader, error) {
	s := w.series
	if s.oneFile() {
		return s.source(ctx, path)
	}
	f, err := openFile(path)
	if err != nil {
		return reader{}, err
	}
	defer f.close()
	f.room = &w.room
	o := s.options
	o.MaxMemory = max(o.MaxMemory, s.allowed.Load())
	c, err := f.content(ctx, o)
	if err != nil {
		return reader{}, err
	}
	return readerOf(c, ""), nil
}

// oneFile reports whether all slices are in one file, or in memory.
func (s *Series) oneFile() bool { return s.slices[0].path == s.slices[len(s.slices)-1].path }

// see takes from a picture what all slices have, unless it is known.
func (r *voxelReader) see(m *Image, one *planes.Slice) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.like != nil && one.Number != 0 {
		return
	}
	like := *m
	like.px, like.clear, like.Neighbours = storage{}, nil, nil
	if like.Scan != nil {
		own := *like.Scan
		own.frame = nil
		like.Scan = &own
	}
	r.like = &like
}

// keep counts a slice that was read.
func (r *voxelReader) keep(one *planes.Slice) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.labels.see(one)
	r.bytes += int64(2*len(one.Whole) + 4*len(one.Real))
	if r.done++; r.options.Tell != nil {
		r.options.Tell(r.done)
	}
	return r.fits(r.bytes)
}

// wholeNumbers are values as 16 bits, nil where some are no such number.
func wholeNumbers(values []float32) []int16 {
	out := make([]int16, len(values))
	for i, v := range values {
		if out[i] = int16(v); float32(out[i]) != v {
			return nil
		}
	}
	return out
}

// mostLabels is how many different values a map of labels has at most.
const mostLabels = 16

// labels are the different values of a volume, as long as they are few.
type labels struct {
	values [mostLabels + 1]float32
	n      int
}

func (l *labels) few() bool { return l.n <= mostLabels }

// see adds the values of a slice.
func (l *labels) see(one *planes.Slice) {
	for i := range max(len(one.Whole), len(one.Real)) {
		if !l.few() {
			return
		}
		v := one.Value(i)
		if i > 0 && v == one.Value(i-1) || slices.Contains(l.values[:l.n], v) {
			continue
		}
		l.values[l.n] = v
		l.n++
	}
}

// Unit is that of the values, "" where nobody says.
func (v *Voxels) Unit() string { return v.like.Unit }

// Cut is a plane through the volume at a place in millimetres, as a picture: see
// [planes.Stack.Cut]. It has the window, the unit and the modality of the slices.
func (v *Voxels) Cut(ctx context.Context, p planes.Plane, mm float64, how planes.Method) (*Image, error) {
	section, err := v.Stack.Cut(ctx, p, mm, how)
	if err != nil {
		return nil, err
	}
	m := NewFloat(fmt.Sprintf("%s plane at %s", p, p.Place(mm)), section.Width, section.Height, 1, section.Values)
	m.Unit = v.like.Unit
	m.Scan = &Scan{Geometry: section.Geometry, Volumes: 1}
	if of := v.like.Scan; of != nil {
		m.Scan.Modality, m.Scan.Inverted, m.Scan.Lossy, m.Scan.Named = of.Modality, of.Inverted, of.Lossy, of.Named
	}
	m.look()
	if of := v.like.Scan; of != nil && len(of.Windows) > 0 {
		m.Scan.Windows, m.Scan.Window = of.Windows, of.Window
		m.Range = m.Scan.ends()
	}
	return m, nil
}

// Package crosshair holds three planes through a volume that meet in a point: the
// point, the planes that are cut there with what is drawn over them, and the work of
// reading, cutting and drawing. It knows nothing of Fyne.
//
// Like package control it belongs to one goroutine, and its work is done by tasks.
// While the point moves faster than planes can be cut, each cut is of where the
// point was when it began, and the last one is of where it stopped.
package crosshair

import (
	"context"
	"image"

	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/backend/picture/planes"
	"picasso/ui/control/task"
)

// Look is how planes are shown: the same for all three.
type Look struct {
	Window   dicom.Window
	Inverted bool
}

// Over is what is drawn over the planes.
type Over struct {
	// Key names it: it is drawn again when the key is another one. It is comparable, and
	// nil where nothing is drawn.
	Key any
	// Draw draws it over a plane, on any goroutine; nil is nothing.
	Draw func(ctx context.Context, p planes.Plane, mm float64, on *picture.Image) *image.RGBA
}

// Cut is a plane that was cut. It never changes.
type Cut struct {
	MM      float64
	Look    Look
	Picture *picture.Image
	Shown   *image.RGBA
	Over    *image.RGBA // nil where there is nothing over it
	Key     any         // of what is over it
}

// View is three planes that meet in a point. Others read it only.
type View struct {
	Series *picture.Series
	Voxels *picture.Voxels // nil while they are being read
	Err    error           // why there are none, or why a plane cannot be cut
	Read   int             // slices so far
	At     planes.Point    // where the planes meet: on pixels of the slices
	Active planes.Plane    // the one that keys move
	Shown  [3]*Cut         // nil until they are cut the first time

	number           int // of the slice to begin at
	look             Look
	over             Over
	reading, cutting *task.Task
	changed          func()
}

// Open reads a series of one volume and shows planes that meet in the middle of
// its slice with a number. changed is called whenever there is something to draw; once
// the volume is read, or is known not to be, opened is called too.
func Open(g *task.Group, s *picture.Series, o picture.VoxelOptions, number int, look Look, changed, opened func()) *View {
	v := &View{Series: s, number: number, look: look, reading: g.New(), cutting: g.New(), changed: changed}
	task.Start(v.reading, func(ctx context.Context, tell func(func())) (*picture.Voxels, error) {
		o.Tell = func(done int) {
			if done%toldEach == 0 {
				tell(func() { v.Read = max(v.Read, done); changed() })
			}
		}
		return s.Voxels(ctx, o)
	}, func(voxels *picture.Voxels, err error) {
		v.Voxels, v.Err = voxels, err
		if err == nil {
			v.Active = voxels.Acquired()
			v.At = voxels.Middle()
			v.GoTo(v.number)
		}
		opened()
		changed()
	})
	return v
}

// toldEach is after how many slices the progress is told.
const toldEach = 16

// Close ends all work.
func (v *View) Close() {
	v.reading.Stop()
	v.cutting.Stop()
}

// Reading reports whether slices are being read.
func (v *View) Reading() bool { return v.reading.Running() }

// Move lets the planes meet at the pixel that is nearest to a point.
func (v *View) Move(at planes.Point) {
	if v.Voxels == nil {
		return
	}
	for _, p := range planes.All() {
		at[p] = v.Voxels.Place(p, v.Voxels.Nearest(p, at[p]))
	}
	if at != v.At {
		v.At = at
		v.changed()
	}
	v.cut()
}

// Step moves one plane n places further.
func (v *View) Step(p planes.Plane, n int) {
	if v.Voxels != nil {
		at := v.At
		at[p] = v.Voxels.Place(p, v.Voxels.Nearest(p, at[p])+n)
		v.Move(at)
	}
}

// GoTo shows the slice with a number in the plane of the slices.
func (v *View) GoTo(number int) {
	if v.number = number; v.Voxels != nil {
		at := v.At
		p := v.Voxels.Acquired()
		at[p] = v.Voxels.Place(p, v.Voxels.Order(number))
		v.Move(at)
	}
}

// Slice is the number of the slice in the plane of the slices.
func (v *View) Slice() int {
	if v.Voxels == nil {
		return v.number
	}
	p := v.Voxels.Acquired()
	return v.Voxels.Number(v.Voxels.Nearest(p, v.At[p]))
}

// Show shows the planes in another way.
func (v *View) Show(look Look) {
	v.look = look
	v.cut()
}

// Activate lets keys move a plane.
func (v *View) Activate(p planes.Plane) {
	if p != v.Active {
		v.Active = p
		v.changed()
	}
}

// Lay draws something over the planes, in place of what was there before.
func (v *View) Lay(over Over) {
	if v.over.Key != over.Key {
		v.over = over
		v.cut()
	}
}

// stale reports whether a plane is shown as it was before.
func (v *View) stale(p planes.Plane) bool {
	c := v.Shown[p]
	return c == nil || c.MM != v.At[p] || c.Look != v.look || c.Key != v.over.Key
}

// cut cuts the planes that are not shown as they should be, unless that goes on
// already: then it goes on again afterwards.
func (v *View) cut() {
	if v.Voxels == nil || v.Err != nil || v.cutting.Running() || !(v.stale(planes.Axial) || v.stale(planes.Coronal) || v.stale(planes.Sagittal)) {
		return
	}
	job := cutting{v.Voxels, v.At, v.look, v.over}
	shown := v.Shown
	task.Start(v.cutting, func(ctx context.Context, _ func(func())) ([3]*Cut, error) {
		for _, p := range planes.All() {
			one, err := job.cut(ctx, p, shown[p])
			if err != nil {
				return shown, err
			}
			shown[p] = one
		}
		return shown, nil
	}, func(shown [3]*Cut, err error) {
		v.Shown, v.Err = shown, err
		v.changed()
		v.cut()
	})
}

// cutting is what planes are cut for.
type cutting struct {
	voxels *picture.Voxels
	at     planes.Point
	look   Look
	over   Over
}

// cut is a plane as it should be, made of the one before as far as that still holds.
func (j cutting) cut(ctx context.Context, p planes.Plane, old *Cut) (*Cut, error) {
	one := &Cut{MM: j.at[p], Look: j.look, Key: j.over.Key}
	same := old != nil && old.MM == one.MM
	if same && old.Look == one.Look && old.Key == one.Key {
		return old, nil
	}
	if same {
		one.Picture = old.Picture
	} else {
		m, err := j.voxels.Cut(ctx, p, one.MM, j.voxels.Method)
		if err != nil {
			return nil, err
		}
		one.Picture = m
	}
	if same && old.Look == one.Look {
		one.Shown = old.Shown
	} else {
		one.Shown = one.Picture.Through(j.look.Window, j.look.Inverted)
	}
	switch {
	case same && old.Key == one.Key:
		one.Over = old.Over
	case j.over.Draw != nil:
		one.Over = j.over.Draw(ctx, p, one.MM, one.Picture)
	}
	return one, ctx.Err()
}

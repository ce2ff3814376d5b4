package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// Folding is a row of objects beside something that needs some room too. Where there
// is not enough for both, objects of the row give way: those of the highest rank
// first, of one rank the last first. Those of rank 0 stay.
type Folding struct {
	Box   *fyne.Container
	room  float32 // that stays for what is beside the row
	items []folded
	rest  fyne.CanvasObject
}

type folded struct {
	object fyne.CanvasObject
	rank   int
	away   bool // whatever room there is
}

// NewFolding is an empty row that leaves at least room for rest, on its right.
func NewFolding(room float32, rest fyne.CanvasObject) *Folding {
	f := &Folding{room: room, rest: rest}
	f.Box = container.New(f, rest)
	return f
}

// Add appends an object with its rank.
func (f *Folding) Add(o fyne.CanvasObject, rank int) {
	f.items = append(f.items, folded{object: o, rank: rank})
	f.Box.Add(o)
}

// Keep shows an object where there is room for it, or never.
func (f *Folding) Keep(o fyne.CanvasObject, on bool) {
	for i := range f.items {
		if one := &f.items[i]; one.object == o && one.away == on {
			one.away = !on
			f.Box.Refresh()
		}
	}
}

// MinSize implements fyne.Layout: what of the row cannot give way, and the room.
func (f *Folding) MinSize([]fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(f.room, f.rest.MinSize().Height)
	for _, one := range f.items {
		if min := one.object.MinSize(); !one.away {
			size.Height = max(size.Height, min.Height)
			if one.rank == 0 {
				size.Width += min.Width + theme.Padding()
			}
		}
	}
	return size
}

// Layout implements fyne.Layout.
func (f *Folding) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	shown, x := f.fitting(size.Width-f.room), float32(0)
	for i, one := range f.items {
		Visible(one.object, shown[i])
		if !shown[i] {
			continue
		}
		min := one.object.MinSize()
		one.object.Move(fyne.NewPos(x, (size.Height-min.Height)/2))
		one.object.Resize(min)
		x += min.Width + theme.Padding()
	}
	f.rest.Move(fyne.NewPos(x, 0))
	f.rest.Resize(fyne.NewSize(max(size.Width-x, 0), size.Height))
}

// fitting tells which objects are shown in a width.
func (f *Folding) fitting(width float32) []bool {
	shown, used := make([]bool, len(f.items)), float32(0)
	for i, one := range f.items {
		if shown[i] = !one.away; shown[i] {
			used += one.object.MinSize().Width + theme.Padding()
		}
	}
	for used > width {
		last := -1
		for i, one := range f.items {
			if shown[i] && one.rank > 0 && (last < 0 || one.rank >= f.items[last].rank) {
				last = i
			}
		}
		if last < 0 {
			break
		}
		shown[last] = false
		used -= f.items[last].object.MinSize().Width + theme.Padding()
	}
	return shown
}

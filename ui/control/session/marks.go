package session

import (
	"cmp"
	"slices"

	"picasso/backend/mask"
)

// Spot is a slice of a volume, both counted from 0.
type Spot struct{ Volume, Slice int }

// Covered is what is covered by hand of a slice of a picture.
type Covered struct {
	Slice, Volume int
	Pack          func() (*Cover, error) // runs on any goroutine
}

// Marks is what is drawn on a picture and its slices, before it is packed.
type Marks struct {
	Slices  map[Spot]Slice // shapes, and what was not looked at since it was opened
	Regions map[Spot]*mask.Regions
	Covers  []Covered
}

// Pack puts the marks into an item, those of the slice now on the item itself. It may
// run on any goroutine, and takes a moment: masks are packed.
func (m Marks) Pack(to *Item, now Spot) (err error) {
	for at, r := range m.Regions {
		one := m.Slices[at]
		if one.Regions, err = NewRegions(r); err != nil {
			return err
		}
		m.Slices[at] = one
	}
	for _, cover := range m.Covers {
		at := Spot{Volume: cover.Volume, Slice: cover.Slice}
		one := m.Slices[at]
		if one.Cover, err = cover.Pack(); err != nil {
			return err
		}
		m.Slices[at] = one
	}
	to.Drawn, to.Slices = m.Slices[now].Drawn, nil
	for at, one := range m.Slices {
		if at != now && !one.Drawn.Empty() {
			one.Volume, one.Frame = at.Volume, at.Slice
			to.Slices = append(to.Slices, one)
		}
	}
	slices.SortFunc(to.Slices, func(a, b Slice) int {
		return cmp.Or(cmp.Compare(a.Volume, b.Volume), cmp.Compare(a.Frame, b.Frame))
	})
	return nil
}

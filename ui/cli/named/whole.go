package named

import (
	"fmt"
	"strings"
)

// Whole makes one item of the slices of each volume, for models that take volumes:
// the slice in the middle of those that were named. Where a model takes the volumes
// of a series as its channels, together makes one item of all of them.
func Whole(items []Item, together bool) []Item {
	var out []Item
	for from := 0; from < len(items); {
		to := from + 1
		for items[from].Slice != nil && to < len(items) && sameVolume(items[from].Slice, items[to].Slice, together) {
			to++
		}
		last := to
		for together && last > from+1 && items[last-1].Slice.Volume != items[from].Slice.Volume {
			last--
		}
		it := items[from+(last-from)/2]
		if it.Slice != nil {
			it.Chosen = it.Chosen || last-from < it.Slice.Slices
			it.named()
		}
		out = append(out, it)
		from = to
	}
	return out
}

func sameVolume(a, b *Slice, together bool) bool {
	return b != nil && a.Series == b.Series && (together || a.Volume == b.Volume)
}

// VolumeName is what results call the volume that the item is a slice of.
func (it Item) VolumeName() string {
	it.named()
	return it.Name
}

// named calls the item after its volume instead of its slice.
func (it *Item) named() {
	slice := fmt.Sprintf("slice-%03d", it.Slice.Slice)
	if it.Name == slice {
		it.Name = "volume"
		if it.Slice.Series > 0 {
			it.Name = fmt.Sprintf("volume-%d", it.Slice.Series)
		}
	}
	it.Name = strings.TrimSuffix(it.Name, "-"+slice)
	if it.Slice.Volume > 0 {
		it.Name += fmt.Sprintf("-volume-%d", it.Slice.Volume)
	}
	it.Said = it.Slice.Whole
	if it.Label = it.Name; it.Path != "" {
		it.Label = it.Said
	}
}

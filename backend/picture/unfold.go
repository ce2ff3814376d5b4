package picture

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"picasso/backend/picture/dicom"
)

// spot is a place in space, in hundredths of a millimetre along the normal.
type spot int64

func spotOf(depth func(slice) float64, s slice) spot { return spot(math.Round(100 * depth(s))) }

// stacks are slices by the place where they lie; most is the largest number at
// one place, even whether all places have as many.
func stacks(all []slice, depth func(slice) float64) (at map[spot][]slice, most int, even bool) {
	at = map[spot][]slice{}
	for _, s := range all {
		k := spotOf(depth, s)
		at[k] = append(at[k], s)
		most = max(most, len(at[k]))
	}
	even = true
	for _, here := range at {
		even = even && len(here) == most
	}
	return at, most, even
}

// unfold makes volumes of slices that lie at the same places several times.
func (s *Series) unfold(p part, depth func(slice) float64) []part {
	if depth == nil {
		return []part{p}
	}
	at, most, even := stacks(p.slices, depth)
	if most == 1 {
		return []part{p}
	}
	for k := dicom.Acquisition; k < dicom.Kinds; k++ {
		parts := p.by(k)
		if len(parts) > 1 && len(parts) <= 2*most && !slices.ContainsFunc(parts, func(o part) bool {
			_, m, _ := stacks(o.slices, depth)
			return m > 1
		}) {
			return parts
		}
		if even && distinct(at, k) {
			return p.ranked(at, most, k)
		}
	}
	parts := p.ranked(at, most, dicom.Kinds)
	for i := range parts {
		parts[i].remarks = append(parts[i].remarks,
			fmt.Sprintf("positions repeat: up to %d slices lie at one place, and nothing but their numbers tells them apart", most))
	}
	return parts
}

// distinct reports whether a trait tells the slices at every place apart.
func distinct(at map[spot][]slice, k dicom.Kind) bool {
	if unsorted(k) {
		return false
	}
	for _, here := range at {
		seen := map[float64]bool{}
		for _, s := range here {
			seen[value(s.place.Traits[k])] = true
		}
		if len(seen) != len(here) {
			return false
		}
	}
	return true
}

// ranked makes volumes of the first slices at every place, the second, and so
// on, by a trait, or by number for Kinds.
func (p part) ranked(at map[spot][]slice, most int, k dicom.Kind) []part {
	parts := make([]part, most)
	for _, here := range at {
		slices.SortStableFunc(here, func(a, b slice) int {
			if k < dicom.Kinds {
				if x, y := value(a.place.Traits[k]), value(b.place.Traits[k]); x < y {
					return -1
				} else if x > y {
					return 1
				}
			}
			return byNumber(a, b)
		})
		for i, s := range here {
			parts[i].slices = append(parts[i].slices, s)
		}
	}
	for i := range parts {
		parts[i].traits = parts[i].slices[0].place.Traits
		parts[i].pieces = append(slices.Clone(p.pieces), rank(k, i))
	}
	return parts
}

// rank names the i-th volume by what only puts them in order.
func rank(k dicom.Kind, i int) string {
	switch k {
	case dicom.Acquisition:
		return fmt.Sprintf("acquisition %d", i+1)
	case dicom.Cycle, dicom.Trigger:
		return fmt.Sprintf("phase %d", i+1)
	case dicom.Acquired, dicom.Content:
		return fmt.Sprintf("time %d", i+1)
	}
	return fmt.Sprintf("repeat %d", i+1)
}

// wording names a volume by a trait; i counts the values.
func wording(k dicom.Kind, t dicom.Trait, i int) string {
	switch {
	case !t.Known:
		return without(k)
	case t.Text != "" && k == dicom.Kernel:
		return "kernel " + t.Text
	case t.Text != "":
		return t.Text
	}
	switch k {
	case dicom.Stack:
		return fmt.Sprintf("stack %d", i+1)
	case dicom.Kernel:
		return fmt.Sprintf("kernel %d", i+1)
	case dicom.Echo:
		return "echo " + short(t.Number) + " ms"
	case dicom.Inversion:
		return "inversion " + short(t.Number) + " ms"
	case dicom.BValue:
		return "b " + short(t.Number)
	case dicom.Direction:
		return fmt.Sprintf("direction %d", i+1)
	case dicom.Temporal:
		return "temporal position " + short(t.Number)
	case dicom.Acquisition:
		return "acquisition " + short(t.Number)
	case dicom.Cycle:
		return "cardiac phase " + short(t.Number) + " %"
	case dicom.Trigger:
		return "trigger time " + short(t.Number) + " ms"
	case dicom.ImageType:
		return fmt.Sprintf("image type %d", i+1)
	}
	return fmt.Sprintf("time %d", i+1)
}

// without names a volume that does not tell what the others do.
func without(k dicom.Kind) string {
	return [...]string{
		dicom.Stack: "no stack", dicom.Kernel: "no kernel", dicom.Contrast: "no contrast told", dicom.Component: "other kind", dicom.Echo: "no echo time",
		dicom.Inversion: "no inversion time", dicom.BValue: "no b-value", dicom.Direction: "no direction", dicom.Temporal: "no temporal position",
		dicom.Acquisition: "no acquisition number", dicom.Cycle: "no phase", dicom.Trigger: "no trigger time", dicom.ImageType: "no image type",
		dicom.Acquired: "no time", dicom.Content: "no time",
	}[k]
}

// name puts the pieces of names together, and numbers those that are the same.
func name(parts []part) {
	seen := map[string]int{}
	for i := range parts {
		p := &parts[i]
		p.name = strings.Join(p.pieces, ", ")
		if seen[p.name]++; seen[p.name] > 1 {
			p.name = fmt.Sprintf("%s (%d)", p.name, seen[p.name])
		}
	}
}

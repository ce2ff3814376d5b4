package picture

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"picasso/backend/picture/dicom"
)

// jitter is how far apart in millimetres positions of one place are written.
const jitter = 0.01

// stacks are slices by the place where they lie; most is the largest number at
// one place, even whether all places have as many.
func stacks(all []slice, depth func(slice) float64) (at [][]slice, most int, even bool) {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b slice) int { return cmp.Compare(depth(a), depth(b)) })
	for i, s := range sorted {
		if n := len(at); i > 0 && depth(s)-depth(at[n-1][0]) <= jitter {
			at[n-1] = append(at[n-1], s)
		} else {
			at = append(at, sorted[i:i+1:i+1])
		}
	}
	even = true
	for _, here := range at {
		most = max(most, len(here))
	}
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
func distinct(at [][]slice, k dicom.Kind) bool {
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
func (p part) ranked(at [][]slice, most int, k dicom.Kind) []part {
	parts := make([]part, most)
	for _, here := range at {
		slices.SortStableFunc(here, func(a, b slice) int {
			if k < dicom.Kinds {
				if c := cmp.Compare(value(a.place.Traits[k]), value(b.place.Traits[k])); c != 0 {
					return c
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
	case dicom.Dimension:
		return fmt.Sprintf("part %d", i+1)
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
	case dicom.Segment:
		return "segment " + short(t.Number)
	case dicom.Dimension:
		return fmt.Sprintf("part %d", i+1)
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
		dicom.Stack: "no stack", dicom.Segment: "no segment", dicom.Dimension: "no index", dicom.Kernel: "no kernel", dicom.Contrast: "no contrast told", dicom.Component: "other kind", dicom.Echo: "no echo time",
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

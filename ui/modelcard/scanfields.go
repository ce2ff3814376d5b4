package modelcard

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"picasso/backend/preprocess"
)

// scans are the values that matter for scans alone.
func (f *prepForm) scans() []prepField {
	return []prepField{f.orientation(), f.fill(), f.modality()}
}

// asShown stands for no orientation, unstated for no modality.
const (
	asShown  = "as shown"
	unstated = "not stated"
)

// orientation is the axes of the patient that slices are brought to.
func (f *prepForm) orientation() prepField {
	list := f.choice([]string{asShown, "RAS", "LPS", "LAS", "RPS", "ASR", "PIR"})
	return prepField{
		key: "preprocess.orientation", title: "Orientation of slices", control: list,
		show: func(p preprocess.Preprocess) {
			if p.Orientation != "" && !slices.Contains(list.Options, p.Orientation) {
				list.Options = append(list.Options, p.Orientation)
			}
			list.SetSelected(cmp.Or(p.Orientation, asShown))
		},
		read: func(p *preprocess.Preprocess) error {
			if p.Orientation = list.Selected; p.Orientation == asShown {
				p.Orientation = ""
			}
			return nil
		},
	}
}

// fill is what stands for pixels that are no finite number.
func (f *prepForm) fill() prepField {
	entry := f.entry("the smallest value of the picture")
	return prepField{
		key: "preprocess.fill", title: "Instead of NaN", control: entry,
		show: func(p preprocess.Preprocess) {
			entry.SetText("")
			if p.Fill != nil {
				entry.SetText(strconv.FormatFloat(*p.Fill, 'g', -1, 64))
			}
		},
		read: func(p *preprocess.Preprocess) error {
			text := strings.TrimSpace(entry.Text)
			if p.Fill = nil; text == "" {
				return nil
			}
			v, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return fmt.Errorf("“%s” is no number: give the value that stands for NaN and infinite ones", text)
			}
			p.Fill = &v
			return nil
		},
	}
}

// modality is what the model was made for; files of another are told.
func (f *prepForm) modality() prepField {
	list := f.choice([]string{unstated, "CT", "MR", "PT", "CR", "MG", "US", "NM", "XA", "OP", "OCT", "ES", "SM", "XC"})
	return prepField{
		key: "preprocess.modality", title: "Made for", control: list,
		show: func(p preprocess.Preprocess) {
			list.SetSelected(unstated)
			if term := preprocess.FindModality(p.Modality); term != "" {
				list.SetSelected(term)
			}
		},
		read: func(p *preprocess.Preprocess) error {
			if preprocess.FindModality(p.Modality) == list.Selected {
				return nil // as it was written
			}
			if p.Modality = list.Selected; p.Modality == unstated {
				p.Modality = ""
			}
			return nil
		},
	}
}

package modelcard

import (
	"cmp"
	"errors"
	"reflect"
	"slices"

	"picasso/backend/preprocess"
)

// volumes are the values that matter for models of volumes alone, in the order of the
// steps.
func (f *prepForm) volumes() []prepField {
	return []prepField{
		f.ofVolume("Voxel spacing", "millimetres: one, or depth, height, width; empty or 0 keeps the file's", []int{0, 1, 3},
			func(v preprocess.Volume) []float64 { return v.Spacing },
			func(v *preprocess.Volume, x []float64) { v.Spacing = x }),
		f.voxels(),
		f.ofVolume("Foreground", "values above, and a margin in voxels; empty keeps all", []int{0, 2},
			func(v preprocess.Volume) []float64 {
				if v.Foreground == nil {
					return nil
				}
				return []float64{v.Foreground.Above, float64(v.Foreground.Margin)}
			},
			func(v *preprocess.Volume, x []float64) {
				if v.Foreground = nil; len(x) == 2 {
					v.Foreground = &preprocess.Foreground{Above: x[0], Margin: int(x[1])}
				}
			}),
		f.ofVolume("Multiples of", "voxels: one, or depth, height, width; empty for any length", []int{0, 1, 3},
			func(v preprocess.Volume) []float64 { return v.Divisible },
			func(v *preprocess.Volume, x []float64) { v.Divisible = x }),
		f.block(),
		f.ofVolume("Padding", "the value outside of the volume, in the model's units", []int{1},
			func(v preprocess.Volume) []float64 { return []float64{v.Pad} },
			func(v *preprocess.Volume, x []float64) { v.Pad = x[0] }),
	}
}

// volumeOf is what a preparation says of volumes; nothing where it says nothing.
func volumeOf(p preprocess.Preprocess) preprocess.Volume {
	if p.Volume == nil {
		return preprocess.Volume{}
	}
	return *p.Volume
}

// changed is a preparation with something else said of volumes. One that had said nothing
// and still says nothing stays as it is.
func changed(p *preprocess.Preprocess, change func(v *preprocess.Volume)) {
	v := volumeOf(*p)
	change(&v)
	if p.Volume == nil && reflect.DeepEqual(v, preprocess.Volume{}) {
		return
	}
	p.Volume = &v
}

// ofVolume is a field for numbers of [preprocess.Volume].
func (f *prepForm) ofVolume(title, hint string, counts []int, get func(preprocess.Volume) []float64, set func(*preprocess.Volume, []float64)) prepField {
	return f.list("preprocess.volume", title, hint, counts,
		func(p preprocess.Preprocess) []float64 { return get(volumeOf(p)) },
		func(p *preprocess.Preprocess, x []float64) {
			changed(p, func(v *preprocess.Volume) { set(v, x) })
		})
}

// voxels is how voxels between others are made.
func (f *prepForm) voxels() prepField {
	list := f.choice([]string{preprocess.LinearVoxels, preprocess.NearestVoxels})
	return prepField{
		key: "preprocess.volume", title: "Between voxels", control: list,
		show: func(p preprocess.Preprocess) {
			list.SetSelected(cmp.Or(volumeOf(p).Filter, preprocess.LinearVoxels))
		},
		read: func(p *preprocess.Preprocess) error {
			changed(p, func(v *preprocess.Volume) {
				if cmp.Or(v.Filter, preprocess.LinearVoxels) != list.Selected {
					v.Filter = list.Selected
				}
			})
			return nil
		},
	}
}

// atPlace stands for a block whose place the preparation names.
const atPlace = "at a place of the file"

// block is the part of a volume larger than the input.
func (f *prepForm) block() prepField {
	list := f.choice(preprocess.Blocks())
	return prepField{
		key: "preprocess.volume", title: "Part of the volume", control: list,
		show: func(p preprocess.Preprocess) {
			v := volumeOf(p)
			if len(v.At) == 0 {
				list.SetSelected(cmp.Or(v.Block, preprocess.SliceBlock))
				return
			}
			if !slices.Contains(list.Options, atPlace) {
				list.Options = append(slices.Clone(list.Options), atPlace)
			}
			list.SetSelected(atPlace)
		},
		read: func(p *preprocess.Preprocess) error {
			if list.Selected == atPlace {
				if len(volumeOf(*p).At) == 0 {
					return errors.New("the place is named in the sidecar (preprocess.volume.at)")
				}
				return nil
			}
			changed(p, func(v *preprocess.Volume) {
				if v.At = nil; cmp.Or(v.Block, preprocess.SliceBlock) != list.Selected {
					v.Block = list.Selected
				}
			})
			return nil
		},
	}
}

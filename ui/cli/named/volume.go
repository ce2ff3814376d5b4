package named

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"picasso/backend/picture"
)

// suv is the unit that PET images can be read in beside their own.
const suv = "suv"

// declareVolume adds the flags that choose among the volumes and frames of a
// scan, and the unit of its values.
func (s *Selection) declareVolume(fs *flag.FlagSet) {
	fs.StringVar(&s.volume, "volume", "", "of a scan with several volumes (echoes, phases, b-values; the 4th axis of NIfTI) the one with this `name or number`; the first is 0; --frame and --slices then count its slices")
	fs.Func("stored-frame", "like --frame, with the `number` that a frame has in its file, as pydicom counts; --frame counts in the order shown", s.setStored)
	fs.StringVar(&s.unit, "unit", "", "the `unit` of the values: suv for standardized uptake values of PET by body weight; default: the file's own")
}

func (s *Selection) setStored(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil {
		return errors.New("give a whole number; the first frame is 0")
	}
	s.stored = &n
	return nil
}

// checkVolume refuses flags that mean two things at once.
func (s *Selection) checkVolume() error {
	switch {
	case s.stored != nil && (s.frame != nil || s.slices != nil || s.volume != ""):
		return fmt.Errorf("--stored-frame already names one frame of the file; leave out --frame, --slices and --volume")
	case s.unit != "" && !strings.EqualFold(s.unit, suv):
		return fmt.Errorf("--unit %q is unknown; choose suv, or leave it out for the file's own unit", s.unit)
	}
	return nil
}

// within is the part of a series that may be chosen from: all of it, or the
// volume that is meant.
func (s *Selection) within(series *picture.Series) (picture.Volume, error) {
	if s.volume == "" {
		return picture.Volume{Len: series.Len()}, nil
	}
	all := series.Volumes()
	i := slices.IndexFunc(all, func(v picture.Volume) bool {
		return v.Name != "" && strings.EqualFold(v.Name, strings.TrimSpace(s.volume))
	})
	if n, err := strconv.Atoi(s.volume); i < 0 && err == nil {
		if at, ok := place(n, len(all)); ok {
			i = at
		}
	}
	if i < 0 {
		return picture.Volume{}, fmt.Errorf("has no volume %q; choose %s", s.volume, listVolumes(all))
	}
	return all[i], nil
}

// mostListed bounds the volumes that a message lists.
const mostListed = 12

func listVolumes(all []picture.Volume) string {
	if len(all) == 1 {
		return "0, as it has one volume"
	}
	var names []string
	for i, v := range all[:min(len(all), mostListed)] {
		if names = append(names, strconv.Itoa(i)); v.Name != "" && !strings.HasPrefix(v.Name, "volume ") {
			names[i] += " (" + v.Name + ")"
		}
	}
	if len(all) > mostListed {
		names = append(names, fmt.Sprintf("… or %d", len(all)-1))
	}
	return strings.Join(names, ", ")
}

// from opens the picture of a file that is meant, the first where none was asked
// for.
func (s *Selection) from(ctx context.Context, path string) (*picture.Image, error) {
	switch {
	case s.stored != nil:
		return s.numbered(ctx, path, *s.stored, true)
	case s.volume != "":
		return s.fromVolume(ctx, path)
	case s.frame != nil:
		return s.numbered(ctx, path, *s.frame, false)
	}
	return picture.OpenWith(ctx, path, s.options())
}

// plain tells that a file is opened as it is: nothing in it was chosen.
func (s *Selection) plain() bool {
	return s.stored == nil && s.volume == "" && s.frame == nil && s.unit == ""
}

// numbered opens a frame of a file; negative numbers count from the end.
func (s *Selection) numbered(ctx context.Context, path string, number int, stored bool) (*picture.Image, error) {
	if number < 0 {
		m, err := picture.OpenWith(ctx, path, s.options()) // to learn how many there are
		if err != nil {
			return nil, err
		}
		n := 1
		if m.Scan != nil {
			n = m.Scan.Frames
		}
		i, ok := place(number, n)
		if !ok {
			return nil, fmt.Errorf("has no frame %d; it has %d", number, n)
		}
		number = i
	}
	return picture.OpenWith(ctx, path, picture.Options{Frame: number, Stored: stored, Chosen: true, MaxMemory: s.Memory})
}

// fromVolume opens a slice of the volume that is meant.
func (s *Selection) fromVolume(ctx context.Context, path string) (*picture.Image, error) {
	all, err := s.series(ctx, path)
	if err != nil {
		return nil, err
	}
	first := 0
	for _, series := range all { // frames of a file count through its series
		v, fault := s.within(series)
		if err == nil {
			err = fault
		}
		if fault == nil {
			number := 0
			if s.frame != nil {
				number = *s.frame
			}
			i, ok := place(number, v.Len)
			if !ok {
				return nil, fmt.Errorf("has no slice %d in that volume; choose one of 0 to %d", number, v.Len-1)
			}
			m, err := picture.OpenWith(ctx, path, picture.Options{Frame: first + v.First + i, Chosen: true, MaxMemory: s.Memory})
			if err == nil && s.frame == nil && v.Len > 1 {
				m.Notes = append(m.Notes, fmt.Sprintf("the first of the %d slices of the volume is shown", v.Len))
			}
			return m, err
		}
		first += series.Len()
	}
	return nil, err
}

// measured is a way to open a picture, with its values in the unit that is meant.
func (s *Selection) measured(open func() (*picture.Image, error)) func() (*picture.Image, error) {
	if s.unit == "" {
		return open
	}
	return func() (*picture.Image, error) {
		m, err := open()
		if err != nil {
			return nil, err
		}
		return m.Uptake()
	}
}

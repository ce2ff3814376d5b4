package named

import (
	"context"
	"errors"
	"fmt"

	"picasso/backend/picture"
)

// Whole is the volume that a path means for planes through it: of several series
// the one with the most slices, of several volumes the chosen one, else the first. The
// notes say what was left out.
func (s *Selection) Whole(ctx context.Context, path string) (volume *picture.Series, notes []string, err error) {
	if s.frame != nil || s.stored != nil {
		return nil, nil, errors.New("--plane cuts through all slices; leave out --frame and --stored-frame")
	}
	from := path
	if folder := Folder(path); folder != "" {
		from = folder
	}
	all, err := s.series(ctx, from)
	if err != nil {
		return nil, nil, err
	}
	most := all[0]
	for _, one := range all {
		if one.Len() > most.Len() {
			most = one
		}
	}
	if len(all) > 1 {
		notes = append(notes, fmt.Sprintf("%d series are here; the plane is cut through the one with the most slices: %s", len(all), most.Name))
	}
	volumes := most.Volumes()
	if len(volumes) < 2 {
		if _, err := s.within(most); err != nil {
			return nil, nil, err
		}
		return most, notes, nil
	}
	v, err := s.within(most)
	switch {
	case err != nil:
		return nil, nil, err
	case s.volume == "":
		v = volumes[0]
		notes = append(notes, fmt.Sprintf("the plane is cut through the first of %d volumes; --volume chooses another", len(volumes)))
	}
	return most.Only(most.VolumeOf(v.First)), notes, nil
}

// Uptake reports whether values are meant as standardized uptake values.
func (s *Selection) Uptake() bool { return s.unit != "" }

package picture

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// Join makes one series of several, each of one volume: a volume for each, in their
// order, called by names. The sequences of an examination (T1, T2, FLAIR) become what
// the volumes of one file are. Volumes of other sizes, and series of several volumes,
// are refused.
func Join(name string, all []*Series, names []string) (*Series, error) {
	out := &Series{Name: name, Modality: all[0].Modality, options: all[0].options}
	for k, s := range all {
		if len(s.volumes) != 1 || s.of != nil {
			return nil, &Error{s.Name, fmt.Sprintf("holds %d volumes, and would be one channel", len(s.volumes)), "choose series of one volume each", nil}
		}
		told, err := s.coincide(all[0])
		if err != nil {
			return nil, err
		}
		if told != "" && !slices.Contains(out.Remarks, told) {
			out.remark("%s", told)
		}
		v := s.volumes[0]
		v.First = len(out.slices)
		if v.Name = names[k]; v.Name == "" {
			v.Name = fmt.Sprintf("channel %d", k)
		}
		out.volumes = append(out.volumes, v)
		out.slices = append(out.slices, s.slices...)
		out.Named = out.Named || s.Named
		for _, text := range s.Remarks {
			out.remark("%s: %s", v.Name, text)
		}
	}
	return out, nil
}

// Pick finds the series that names mean, one for each in their order: those whose
// name, or the name of whose first file, has it as a word, whatever the case. It is an
// error where none has it, or two have.
func Pick(all []*Series, names []string) ([]*Series, error) {
	var out []*Series
	for _, name := range names {
		var found *Series
		for _, s := range all {
			if !s.called(name) {
				continue
			}
			if found != nil {
				return nil, fmt.Errorf("the name %q fits several series; give a longer one", name)
			}
			found = s
		}
		if found == nil {
			return nil, fmt.Errorf("none of the %d series is called %q", len(all), name)
		}
		out = append(out, found)
	}
	return out, nil
}

// called reports whether a word is part of what the series or its file is called.
func (s *Series) called(word string) bool {
	path, _ := s.Path(0)
	apart := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	words := slices.Concat(strings.FieldsFunc(s.Name, apart), strings.FieldsFunc(filepath.Base(path), apart), strings.FieldsFunc(filepath.Base(filepath.Dir(path)), apart))
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, word) })
}

package session

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// unknown are the fields of an object that this program does not know, which a
// newer or another one wrote.
type unknown struct{ fields map[string]json.RawMessage }

// The plain types have the fields without these methods.
type (
	plainSession Session
	plainModel   Model
	plainItem    Item
	plainCover   Cover
	plainTarget  Target
	plainView    View
	plainRegions Regions
	plainShape   Shape
	plainSlice   Slice
)

func (s *Session) UnmarshalJSON(b []byte) error { return read(b, (*plainSession)(s), &s.unknown) }
func (m *Model) UnmarshalJSON(b []byte) error   { return read(b, (*plainModel)(m), &m.unknown) }
func (i *Item) UnmarshalJSON(b []byte) error    { return read(b, (*plainItem)(i), &i.unknown) }
func (c *Cover) UnmarshalJSON(b []byte) error   { return read(b, (*plainCover)(c), &c.unknown) }
func (t *Target) UnmarshalJSON(b []byte) error  { return read(b, (*plainTarget)(t), &t.unknown) }
func (r *Regions) UnmarshalJSON(b []byte) error { return read(b, (*plainRegions)(r), &r.unknown) }
func (s *Shape) UnmarshalJSON(b []byte) error   { return read(b, (*plainShape)(s), &s.unknown) }
func (s *Slice) UnmarshalJSON(b []byte) error   { return read(b, (*plainSlice)(s), &s.unknown) }
func (v *View) UnmarshalJSON(b []byte) error    { return read(b, (*plainView)(v), &v.unknown) }

func (s Session) MarshalJSON() ([]byte, error) { return write(plainSession(s), s.unknown) }
func (m Model) MarshalJSON() ([]byte, error)   { return write(plainModel(m), m.unknown) }
func (i Item) MarshalJSON() ([]byte, error)    { return write(plainItem(i), i.unknown) }
func (c Cover) MarshalJSON() ([]byte, error)   { return write(plainCover(c), c.unknown) }
func (t Target) MarshalJSON() ([]byte, error)  { return write(plainTarget(t), t.unknown) }
func (r Regions) MarshalJSON() ([]byte, error) { return write(plainRegions(r), r.unknown) }
func (s Shape) MarshalJSON() ([]byte, error)   { return write(plainShape(s), s.unknown) }
func (s Slice) MarshalJSON() ([]byte, error)   { return write(plainSlice(s), s.unknown) }
func (v View) MarshalJSON() ([]byte, error)    { return write(plainView(v), v.unknown) }

// read fills in a struct, and puts aside the fields that it does not have.
func read(data []byte, known any, rest *unknown) error {
	if err := json.Unmarshal(data, known); err != nil {
		return err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	names := namesOf(reflect.TypeOf(known).Elem())
	maps.DeleteFunc(all, func(key string, _ json.RawMessage) bool {
		return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, key) }) // as encoding/json matches
	})
	rest.fields = nil
	if len(all) > 0 {
		rest.fields = all
	}
	return nil
}

// namesOf are the fields of a struct, and of those in it, as JSON names them.
func namesOf(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		f := t.Field(i)
		switch name, _, _ := strings.Cut(f.Tag.Get("json"), ","); {
		case name != "":
			names = append(names, name)
		case f.Anonymous && f.IsExported():
			names = append(names, namesOf(f.Type)...)
		}
	}
	return names
}

// write puts the unknown fields behind the known ones, by name.
func write(known any, rest unknown) ([]byte, error) {
	data, err := json.Marshal(known)
	if err != nil || len(rest.fields) == 0 {
		return data, err
	}
	var b bytes.Buffer
	b.Write(bytes.TrimSuffix(data, []byte("}")))
	for _, key := range slices.Sorted(maps.Keys(rest.fields)) {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(key)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(rest.fields[key])
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

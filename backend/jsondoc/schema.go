package jsondoc

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Schema is the part of JSON Schema that is understood: type, enum,
// properties, additionalProperties (true or false), items, minItems, maxItems,
// minimum, maximum, exclusiveMinimum, anyOf, and $ref to $defs of the root.
type Schema struct {
	Description      string             `json:"description"`
	Type             Kind               `json:"type"` // also "integer"
	Enum             []any              `json:"enum"`
	Properties       map[string]*Schema `json:"properties"`
	Additional       *bool              `json:"additionalProperties"`
	Items            *Schema            `json:"items"`
	MinItems         *int               `json:"minItems"`
	MaxItems         *int               `json:"maxItems"`
	Minimum          *float64           `json:"minimum"`
	Maximum          *float64           `json:"maximum"`
	ExclusiveMinimum *float64           `json:"exclusiveMinimum"`
	AnyOf            []*Schema          `json:"anyOf"`
	Ref              string             `json:"$ref"`
	Defs             map[string]*Schema `json:"$defs"`
}

const integer Kind = "integer"

// ParseSchema reads a schema. References that lead nowhere are an error.
func ParseSchema(data []byte) (*Schema, error) {
	s := &Schema{}
	if err := json.Unmarshal(data, s); err != nil {
		return nil, fmt.Errorf("the schema cannot be read: %w", err)
	}
	return s, s.link(s.Defs, 0)
}

// link replaces references by what they name.
func (s *Schema) link(defs map[string]*Schema, depth int) error {
	if s == nil {
		return nil
	}
	if depth > maxDepth {
		return fmt.Errorf("the schema refers to itself")
	}
	if s.Ref != "" {
		target := defs[strings.TrimPrefix(s.Ref, "#/$defs/")]
		if target == nil {
			return fmt.Errorf("the schema has no %s", s.Ref)
		}
		own := s.Description
		*s = *target
		if own != "" {
			s.Description = own
		}
	}
	parts := append([]*Schema{s.Items}, s.AnyOf...)
	for _, p := range s.Properties {
		parts = append(parts, p)
	}
	for _, p := range parts {
		if err := p.link(defs, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// allowed says in words what the schema takes.
func (s *Schema) allowed() string {
	switch {
	case s.Description != "":
		return s.Description
	case len(s.Enum) > 0:
		return "one of " + strings.Join(s.values(), ", ")
	case len(s.AnyOf) > 0:
		parts := make([]string, len(s.AnyOf))
		for i, a := range s.AnyOf {
			parts[i] = a.allowed()
		}
		return strings.Join(parts, ", or ")
	}
	names := map[Kind]string{
		Boolean: "true or false", Number: "a number", integer: "a whole number", String: "a text in quotes",
		Array: "a list […]", Object: "an object {…}", Null: "null",
	}
	text := names[s.Type]
	if s.Minimum != nil {
		text += fmt.Sprintf(" from %v", *s.Minimum)
	}
	if s.Maximum != nil {
		text += fmt.Sprintf(" up to %v", *s.Maximum)
	}
	if s.ExclusiveMinimum != nil {
		text += fmt.Sprintf(" above %v", *s.ExclusiveMinimum)
	}
	return text
}

// values lists an enumeration as it is written in JSON.
func (s *Schema) values() []string {
	list := make([]string, len(s.Enum))
	for i, v := range s.Enum {
		list[i] = fmt.Sprint(v)
		if text, ok := v.(string); ok {
			list[i] = text
		}
	}
	return list
}

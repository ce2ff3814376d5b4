package backend

import (
	"encoding/json"
	"fmt"
)

// Region is the part of a segmentation over which the score of a class is
// summed. The zero value is the whole picture.
type Region struct {
	// Mask takes for every class the pixels where it is the best class of that
	// picture.
	Mask bool
	// Box is left, top, right and bottom in pixels of the output, right and
	// bottom not included; nil is no limit.
	Box []int
}

// UnmarshalJSON reads "all", "mask" or [left, top, right, bottom].
func (r *Region) UnmarshalJSON(data []byte) error {
	var name string
	if json.Unmarshal(data, &name) == nil {
		*r = Region{Mask: name == "mask"}
		if name != "all" && name != "mask" {
			return &KeyError{Key: "region", Fault: fmt.Sprintf("%q is unknown, allowed: all, mask, [left, top, right, bottom]", name)}
		}
		return nil
	}
	var box []int
	if json.Unmarshal(data, &box) != nil || len(box) != 4 || box[0] < 0 || box[1] < 0 || box[0] >= box[2] || box[1] >= box[3] {
		return &KeyError{Key: "region", Fault: "must be \"all\", \"mask\" or [left, top, right, bottom] with left < right and top < bottom"}
	}
	*r = Region{Box: box}
	return nil
}

// MarshalJSON implements [json.Marshaler].
func (r Region) MarshalJSON() ([]byte, error) {
	switch {
	case r.Mask:
		return []byte(`"mask"`), nil
	case r.Box != nil:
		return json.Marshal(r.Box)
	}
	return []byte(`"all"`), nil
}

func (r Region) all() bool { return !r.Mask && r.Box == nil }

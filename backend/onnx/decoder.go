package onnx

import "math"

// decoder builds the model from a source. The first error stops it; after
// that its methods return zero values.
type decoder struct {
	src    *source
	depth  int
	budget int64 // bytes of memory that the structure may still take
	err    error
}

// span is the extent of a message.
type span struct{ begin, end int64 }

func (f field) span() span { return span{f.begin, f.end} }

// fields calls each for the fields of a message in turn; what each does not
// know (it returns false) is appended to unknown as it stands in the file.
func (d *decoder) fields(at span, unknown *[]byte, each func(field) bool) {
	if d.depth++; d.depth > maxDepth {
		d.fail(fault("nests its parts more than %d deep", maxDepth))
	}
	defer func() { d.depth-- }()
	for off := at.begin; off < at.end && d.err == nil; {
		f, err := d.src.field(off, at.end)
		if err != nil {
			d.fail(err)
			return
		}
		if !each(f) && unknown != nil {
			*unknown = append(*unknown, d.raw(span{f.start, f.end})...)
		}
		off = f.end
	}
}

func (d *decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// charge counts memory against the budget, so that a file of a few bytes
// cannot ask for much more than its size.
func (d *decoder) charge(n int64) bool {
	if d.budget -= n; d.budget < 0 {
		d.fail(fault("describes far more parts than a model of its size can have"))
	}
	return d.err == nil
}

func (d *decoder) raw(at span) []byte {
	if !d.charge(at.end - at.begin) {
		return nil
	}
	b, err := d.src.bytes(at.begin, at.end-at.begin)
	if err != nil {
		d.fail(err)
	}
	return b
}

func (d *decoder) text(f field) string {
	d.charge(16)
	return string(d.raw(f.span()))
}

// set reads a text that stands once. An empty one counts as unknown, so that
// encoding writes it again.
func (d *decoder) set(s *string, f field) bool {
	*s = d.text(f)
	return *s != ""
}

func (d *decoder) texts(list *[]string, f field) bool {
	*list = append(*list, d.text(f))
	return true
}

// varints appends the integers of a repeated field, packed or not.
func (d *decoder) varints(list *[]int64, f field) bool {
	if f.tag&7 == varint {
		*list = append(*list, int64(f.value))
		return d.charge(8)
	}
	for off := f.begin; off < f.end && d.charge(8); {
		v, next, err := d.src.varint(off, f.end)
		if err != nil {
			d.fail(err)
			return true
		}
		*list = append(*list, int64(v))
		off = next
	}
	return true
}

// floats appends the numbers of a repeated field, packed or not.
func (d *decoder) floats(list *[]float32, f field) bool {
	if f.tag&7 == fixed32 {
		*list = append(*list, math.Float32frombits(uint32(f.value)))
		return d.charge(4)
	}
	for off := f.begin; off < f.end && d.charge(4); {
		v, next, err := d.src.fixed(off, f.end, 4)
		if err != nil {
			d.fail(err)
			return true
		}
		*list = append(*list, math.Float32frombits(uint32(v)))
		off = next
	}
	return true
}

package onnx

// valueInfo reads a ValueInfoProto. Of the type only what concerns tensors is
// understood; the rest is kept.
func (d *decoder) valueInfo(at span) *Value {
	v := &Value{}
	d.charge(160)
	d.fields(at, &v.unknown, func(f field) bool {
		switch f.tag {
		case 1<<3 | length:
			return d.set(&v.Name, f)
		case 2<<3 | length:
			v.typ = d.raw(f.span())
			v.Type, v.Shape = d.tensorType(f.span())
			return true
		}
		return false
	})
	return v
}

// tensorType reads a TypeProto: element type and shape when it is a tensor.
func (d *decoder) tensorType(at span) (typ DataType, shape []Dim) {
	d.fields(at, nil, func(f field) bool {
		if f.tag == 1<<3|length {
			d.fields(f.span(), nil, func(f field) bool {
				switch f.tag {
				case 1<<3 | varint:
					typ = DataType(f.value)
				case 2<<3 | length:
					shape = d.shape(f.span())
				}
				return true
			})
		}
		return true
	})
	return typ, shape
}

func (d *decoder) shape(at span) []Dim {
	dims := []Dim{}
	d.fields(at, nil, func(f field) bool {
		if f.tag != 1<<3|length {
			return true
		}
		dim := Dim{Size: -1}
		d.charge(24)
		d.fields(f.span(), nil, func(f field) bool {
			switch f.tag {
			case 1<<3 | varint:
				dim.Size, dim.Symbol = max(-1, int64(f.value)), ""
			case 2<<3 | length:
				dim.Size, dim.Symbol = -1, d.text(f)
			case 3<<3 | length:
				dim.Denotation = d.text(f)
			}
			return true
		})
		dims = append(dims, dim)
		return d.err == nil
	})
	if len(dims) > maxRank {
		d.fail(fault("states a tensor of %d dimensions", len(dims)))
	}
	return dims
}

package onnx

import (
	"encoding/binary"
	"math"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"
)

// Field numbers of TensorProto that hold elements.
const (
	floatData  protowire.Number = 4
	int32Data  protowire.Number = 5
	stringData protowire.Number = 6
	int64Data  protowire.Number = 7
	rawData    protowire.Number = 9
	doubleData protowire.Number = 10
	uint64Data protowire.Number = 11
)

// inlineSize is the largest tensor, in bytes, that is read into memory with
// the graph and written into detached models: shapes, axes and scales.
const inlineSize = 1 << 10

// tensorParts gathers what the fields of a TensorProto say until its type is
// known for certain.
type tensorParts struct {
	place    span    // of raw_data, or of packed float_data or double_data
	gathered []byte  // the same when it came in several pieces
	pieces   int     // fields that held fixed-width elements
	integers []int64 // of int32_data, int64_data and uint64_data
	external bool    // data_location is EXTERNAL
	entries  [][2]string
	fields   []span // external_data as it stands
}

func (d *decoder) tensor(at span) *Tensor {
	t := &Tensor{}
	var p tensorParts
	d.charge(256)
	d.fields(at, &t.unknown, func(f field) bool {
		switch f.tag {
		case 1<<3 | varint, 1<<3 | length:
			return d.varints(&t.Dims, f)
		case 2<<3 | varint:
			t.Type = DataType(f.value)
		case 8<<3 | length:
			return d.set(&t.Name, f)
		case 9<<3 | length, 4<<3 | length, 10<<3 | length, 4<<3 | fixed32, 10<<3 | fixed64:
			d.holds(t, protowire.Number(f.tag>>3))
			d.piece(&p, f)
		case 5<<3 | varint, 5<<3 | length, 7<<3 | varint, 7<<3 | length, 11<<3 | varint, 11<<3 | length:
			d.holds(t, protowire.Number(f.tag>>3))
			return d.varints(&p.integers, f)
		case 6<<3 | length:
			d.holds(t, stringData)
			d.charge(24)
			t.Strings = append(t.Strings, d.raw(f.span()))
		case 13<<3 | length:
			d.charge(64)
			key, value := d.pair(f)
			p.entries = append(p.entries, [2]string{key, value})
			p.fields = append(p.fields, span{f.start, f.end})
		case 14<<3 | varint:
			p.external = f.value == 1
			return p.external
		default:
			return false
		}
		return true
	})
	if d.err == nil {
		d.settle(t, p)
	}
	return t
}

// holds notes the field that the elements come in; a tensor with elements in
// two fields has no meaning.
func (d *decoder) holds(t *Tensor, number protowire.Number) {
	if t.field != 0 && t.field != number {
		d.fail(fault("holds the elements of tensor %.160q twice", t.Name))
	}
	t.field = number
}

// piece takes a field of fixed-width elements. The first is only noted, since
// it is nearly always the whole; later ones are joined in memory.
func (d *decoder) piece(p *tensorParts, f field) {
	p.pieces++
	at := f.span()
	if p.pieces == 1 {
		p.place = at
		return
	}
	if p.pieces == 2 {
		p.gathered = append([]byte(nil), d.raw(p.place)...)
	}
	if protowire.Number(f.tag>>3) == rawData { // a repeated single field: the last counts
		p.gathered = p.gathered[:0]
	}
	p.gathered = append(p.gathered, d.raw(at)...)
}

// settle puts the elements where they belong and checks them against type and
// dimensions.
func (d *decoder) settle(t *Tensor, p tensorParts) {
	if len(t.Dims) > maxRank {
		d.fail(fault("states %d dimensions for tensor %.160q", len(t.Dims), t.Name))
		return
	}
	if t.Elements() < 0 {
		d.fail(fault("states the impossible shape %v for tensor %.160q", t.Dims, t.Name))
		return
	}
	switch {
	case p.external && t.field != 0:
		d.fail(fault("holds tensor %.160q and says that another file does", t.Name))
	case p.external:
		d.outside(t, p)
		return
	case p.pieces == 1 && d.src.file != nil && p.place.end-p.place.begin > inlineSize:
		t.Span = &Span{Offset: p.place.begin, Length: p.place.end - p.place.begin}
	case p.pieces == 1:
		t.Raw = d.raw(p.place)
	case p.pieces > 1:
		t.Raw = p.gathered
	case t.field != 0 && t.field != stringData:
		t.Raw = d.pack(t, p.integers)
	}
	for _, at := range p.fields { // without data_location they mean nothing
		t.unknown = append(t.unknown, d.raw(at)...)
	}
	d.checkSize(t)
}

// pack turns the integers of a typed field into the bytes of raw_data.
func (d *decoder) pack(t *Tensor, values []int64) []byte {
	width := t.packedWidth()
	if width == 0 {
		d.fail(fault("holds tensor %.160q of %v in a field for integers", t.Name, t.Type))
		return nil
	}
	if !d.charge(int64(len(values) * width)) {
		return nil
	}
	raw := make([]byte, 0, len(values)*width)
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(v))[:len(raw)+width]
	}
	return raw
}

// packedWidth is the number of bytes of raw_data that one integer of a typed
// field stands for: the size of the type, and one byte where that holds
// several elements.
func (t *Tensor) packedWidth() int {
	size := t.Type.Size()
	switch t.Type {
	case Float, Double, Complex64, Complex128, String, 0:
		return 0
	}
	return max(size, 1)
}

// checkSize compares the length of the elements with type and shape.
func (d *decoder) checkSize(t *Tensor) {
	if d.err != nil {
		return
	}
	have := int64(len(t.Raw))
	if t.Span != nil {
		have = t.Span.Length
	}
	n, size := t.Elements(), int64(t.Type.Size())
	switch {
	case t.Type == String && t.Raw == nil && t.Span == nil:
		have, size = int64(len(t.Strings)), 1
	case size == 0: // unknown or several elements in a byte
		return
	}
	if n > math.MaxInt64/size || n*size != have {
		d.fail(fault("states shape %v of %v for tensor %.160q, but holds %d bytes for it", t.Dims, t.Type, t.Name, have))
	}
}

// outside reads the reference to another file. Whether that file may be used
// is decided when it is: see [Model.Check].
func (d *decoder) outside(t *Tensor, p tensorParts) {
	e := &External{}
	for i, kv := range p.entries {
		var err error
		switch kv[0] {
		case "location":
			e.Location = kv[1]
		case "offset":
			e.Offset, err = strconv.ParseInt(kv[1], 10, 64)
		case "length":
			e.Length, err = strconv.ParseInt(kv[1], 10, 64)
		case "checksum":
			e.Checksum = kv[1]
		default:
			e.unknown = append(e.unknown, p.entries[i])
		}
		if err != nil || e.Offset < 0 || e.Length < 0 {
			d.fail(fault("gives %.160q as %s of tensor %.160q in another file", kv[1], kv[0], t.Name))
			return
		}
	}
	if n, size := t.Elements(), int64(t.Type.Size()); size > 0 && (n > math.MaxInt64/size || e.Length != 0 && e.Length != n*size) {
		d.fail(fault("states shape %v of %v for tensor %.160q, but %d bytes in %.160q", t.Dims, t.Type, t.Name, e.Length, e.Location))
		return
	}
	t.External = e
}

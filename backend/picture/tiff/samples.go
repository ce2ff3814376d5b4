package tiff

import (
	"encoding/binary"
	"math"
)

// read reads the samples of a row, after undoing its predictor.
func (d *drawing) read(row []byte) {
	p, order := d.page, d.undo(row)
	size := p.Bits / 8
	if p.Bits%8 != 0 {
		unpackSamples(d.samples, row, p.Bits)
		return
	}
	for i := range d.samples {
		d.samples[i] = p.number(order, row[i*size:])
	}
}

// undo undoes a row's predictor and gives the order of its bytes afterwards.
func (d *drawing) undo(row []byte) binary.ByteOrder {
	switch d.page.predictor {
	case 2:
		d.page.sum(d.file.order, row)
	case 3:
		d.page.join(row)
		return binary.BigEndian
	}
	return d.file.order
}

// unpackSamples reads samples that are no whole bytes, the highest bits first.
func unpackSamples(dst []float64, row []byte, bits int) {
	var held uint32
	have := 0
	for i := range dst {
		for have < bits {
			held = held<<8 | uint32(row[0])
			row = row[1:]
			have += 8
		}
		have -= bits
		dst[i] = float64(held >> have & (1<<bits - 1))
	}
}

// number reads a sample of whole bytes.
func (p *Page) number(order binary.ByteOrder, b []byte) float64 {
	switch p.Bits {
	case 8:
		if p.Format == Signed {
			return float64(int8(b[0]))
		}
		return float64(b[0])
	case 16:
		v := order.Uint16(b)
		switch p.Format {
		case Signed:
			return float64(int16(v))
		case Float:
			return half(v)
		}
		return float64(v)
	case 32:
		v := order.Uint32(b)
		switch p.Format {
		case Signed:
			return float64(int32(v))
		case Float:
			return float64(math.Float32frombits(v))
		}
		return float64(v)
	}
	v := order.Uint64(b)
	switch p.Format {
	case Signed:
		return float64(int64(v))
	case Float:
		return math.Float64frombits(v)
	}
	return float64(v)
}

// half is an IEEE 754 number of 16 bits.
func half(h uint16) float64 {
	sign := 1.0
	if h&0x8000 != 0 {
		sign = -1
	}
	exponent, fraction := int(h>>10&0x1f), float64(h&0x3ff)
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -24)
	case 0x1f:
		if fraction != 0 {
			return math.NaN()
		}
		return math.Inf(int(sign))
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}

// sum undoes horizontal differencing: every sample is told by its difference to
// the one of the pixel before.
func (p *Page) sum(order binary.ByteOrder, row []byte) {
	size, n := p.Bits/8, p.together()
	for i := n * size; i+size <= len(row); i += size {
		before := row[i-n*size:]
		switch size {
		case 1:
			row[i] += before[0]
		case 2:
			order.PutUint16(row[i:], order.Uint16(row[i:])+order.Uint16(before))
		case 4:
			order.PutUint32(row[i:], order.Uint32(row[i:])+order.Uint32(before))
		case 8:
			order.PutUint64(row[i:], order.Uint64(row[i:])+order.Uint64(before))
		}
	}
}

// join undoes the predictor of floats (Adobe's Technical Note 3): differences of
// bytes, first the highest bytes of all samples, then the next.
func (p *Page) join(row []byte) {
	n := p.together()
	for i := n; i < len(row); i++ {
		row[i] += row[i-n]
	}
	size, count := p.Bits/8, len(row)*8/p.Bits
	split := append([]byte(nil), row...)
	for i := range count {
		for b := range size {
			row[i*size+b] = split[b*count+i]
		}
	}
}

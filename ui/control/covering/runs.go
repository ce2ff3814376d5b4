package covering

import (
	"encoding/binary"
	"errors"
)

// Runs is a mask in few bytes: for each run of equal pixels its value and its length.
// Equal masks have equal runs. The empty string is a mask that covers nothing.
type Runs string

// errRuns is a mask that does not belong to a picture.
var errRuns = errors.New("what was covered belongs to a picture of another size")

// runs packs a mask.
func (m *mask) runs() Runs {
	var out []byte
	for i := 0; i < len(m.share); {
		v, n := m.share[i], equal(m.share[i:])
		if out == nil && v == 0 && n == len(m.share) {
			return ""
		}
		out = binary.AppendUvarint(append(out, v), uint64(n))
		i += n
	}
	return Runs(out)
}

// equal is how many values at the beginning are as the first one, of at least one.
func equal(list []uint8) int {
	const eight = 8
	n, all := 1, uint64(list[0])*0x0101010101010101
	for n+eight <= len(list) && binary.LittleEndian.Uint64(list[n:]) == all {
		n += eight
	}
	for n < len(list) && list[n] == list[0] {
		n++
	}
	return n
}

// open unpacks a mask into one of its size.
func (r Runs) open(into *mask) error {
	clear(into.share)
	return r.each(len(into.share), func(from, to int, v uint8) {
		for i := from; i < to; i++ {
			into.share[i] = v
		}
	})
}

// toggle changes a mask by exclusive or with a patch of its size, which is undone by
// doing it again.
func (m *mask) toggle(patch Runs) {
	_ = patch.each(len(m.share), func(from, to int, v uint8) {
		for i := from; i < to; i++ {
			m.share[i] ^= v
		}
	})
}

// each calls f for every run that is not 0 of a mask of so many pixels.
func (r Runs) each(pixels int, f func(from, to int, value uint8)) error {
	if r == "" {
		return nil
	}
	rest, at := []byte(r), 0
	for len(rest) > 0 {
		n, used := binary.Uvarint(rest[1:])
		if used <= 0 || n > uint64(pixels-at) {
			return errRuns
		}
		if v := rest[0]; v != 0 {
			f(at, at+int(n), v)
		}
		at += int(n)
		rest = rest[1+used:]
	}
	if at != pixels {
		return errRuns
	}
	return nil
}

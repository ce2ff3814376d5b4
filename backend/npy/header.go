package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// header is what a file says about its array.
type header struct {
	dtype   string
	order   binary.ByteOrder
	element element
	fortran bool
	shape   []int
}

func readHeader(r io.Reader) (header, error) {
	var start [8]byte
	if _, err := io.ReadFull(r, start[:]); err != nil || string(start[:6]) != magic {
		return header{}, errors.New("it does not start like a NumPy array")
	}
	size, err := headerSize(r, start[6])
	if err != nil {
		return header{}, err
	}
	if size > maxHeader {
		return header{}, fmt.Errorf("its header says it is %d bytes long", size)
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(r, text); err != nil {
		return header{}, errors.New("its header ends too early")
	}
	return parseHeader(string(text))
}

// headerSize is 2 bytes long in version 1 and 4 in versions 2 and 3.
func headerSize(r io.Reader, version byte) (uint32, error) {
	var b [4]byte
	n := 4
	switch version {
	case 1:
		n = 2
	case 2, 3:
	default:
		return 0, fmt.Errorf("its format version %d is unknown", version)
	}
	if _, err := io.ReadFull(r, b[:n]); err != nil {
		return 0, errors.New("its header ends too early")
	}
	return binary.LittleEndian.Uint32(b[:]), nil
}

// The header is a Python dictionary that NumPy writes in one form only, with
// the keys in any order.
var (
	descrKey   = regexp.MustCompile(`['"]descr['"]\s*:\s*['"]([<>|=]?)([a-z][0-9]+)['"]`)
	fortranKey = regexp.MustCompile(`['"]fortran_order['"]\s*:\s*(True|False)`)
	shapeKey   = regexp.MustCompile(`['"]shape['"]\s*:\s*\(([0-9,\s]*)\)`)
)

func parseHeader(text string) (header, error) {
	descr := descrKey.FindStringSubmatch(text)
	fortran := fortranKey.FindStringSubmatch(text)
	shape := shapeKey.FindStringSubmatch(text)
	if descr == nil || fortran == nil || shape == nil {
		return header{}, fmt.Errorf("its header cannot be read, or %w", errType)
	}
	h := header{dtype: descr[1] + descr[2], order: binary.LittleEndian, fortran: fortran[1] == "True"}
	if descr[1] == ">" {
		h.order = binary.BigEndian
	}
	var err error
	if h.element, err = elementOf(descr[2]); err != nil {
		return header{}, err
	}
	h.shape, err = parseShape(shape[1])
	return h, err
}

func parseShape(text string) ([]int, error) {
	shape := []int{}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		d, err := strconv.Atoi(part)
		if err != nil || d < 0 {
			return nil, fmt.Errorf("its shape (%s) cannot be read", text)
		}
		shape = append(shape, d)
	}
	if len(shape) > maxRank {
		return nil, fmt.Errorf("its shape has %d axes", len(shape))
	}
	return shape, nil
}

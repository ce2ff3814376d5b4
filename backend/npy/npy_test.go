package npy

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"picasso/backend/bounded"
)

const limit = 1 << 20

// file builds an array file with an arbitrary header and body.
func file(version byte, header string, body ...byte) []byte {
	b := []byte(magic + string([]byte{version, 0}))
	if version == 1 {
		b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
	} else {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(header)))
	}
	return append(append(b, header...), body...)
}

func TestRead(t *testing.T) {
	tests := []struct {
		name  string
		file  []byte
		shape []int
		data  []float32
		fault string
	}{
		{"float32", file(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n", 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0), []int{2}, []float32{1, -2}, ""},
		{"big endian int16", file(2, "{'shape': (1, 2), 'descr': '>i2', 'fortran_order': False}", 1, 0, 0xff, 0xfe), []int{1, 2}, []float32{256, -2}, ""},
		{"column major", file(3, "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", 1, 4, 2, 5, 3, 6), []int{2, 3}, []float32{1, 2, 3, 4, 5, 6}, ""},
		{"half", file(1, "{'descr': '<f2', 'fortran_order': False, 'shape': (4,)}", 0, 0x3c, 1, 0, 0, 0xfc, 0xff, 0x7b), []int{4}, []float32{1, float32(math.Ldexp(1, -24)), float32(math.Inf(-1)), 65504}, ""},
		{"bool", file(1, "{'descr': '|b1', 'fortran_order': False, 'shape': (2,)}", 1, 0), []int{2}, []float32{1, 0}, ""},
		{"int64", file(1, "{'descr': '<i8', 'fortran_order': False, 'shape': ()}", 0xfe, 255, 255, 255, 255, 255, 255, 255), []int{}, []float32{-2}, ""},
		{"empty", file(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 3)}"), []int{0, 3}, []float32{}, ""},
		{"text", []byte("hello, this is text"), nil, nil, "does not start"},
		{"short", file(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", 0, 0), nil, nil, "too early"},
		{"huge", file(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999)}"), nil, nil, "too large"},
		{"objects", file(1, "{'descr': '|O', 'fortran_order': False, 'shape': (2,)}"), nil, nil, "type"},
		{"version 9", file(9, "{}"), nil, nil, "version"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := Read(bytes.NewReader(tt.file), limit)
			if tt.fault != "" {
				if err == nil || !strings.Contains(err.Error(), tt.fault) {
					t.Fatalf("error %v, want one about %q", err, tt.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(a.Shape, tt.shape) || !slices.Equal(a.Data, tt.data) {
				t.Errorf("got %v %v, want %v %v", a.Shape, a.Data, tt.shape, tt.data)
			}
		})
	}
}

func TestWriteThenRead(t *testing.T) {
	for _, shape := range [][]int{{}, {3}, {2, 3}, {1, 0}} {
		data := make([]float32, 1)
		for _, d := range shape {
			data = make([]float32, len(data)*d)
		}
		for i := range data {
			data[i] = float32(i) + 0.25
		}
		var buf bytes.Buffer
		if err := Write(&buf, shape, data); err != nil {
			t.Fatal(err)
		}
		if head := buf.Len() - 4*len(data); head%64 != 0 {
			t.Errorf("shape %v: elements start at byte %d, not at a multiple of 64", shape, head)
		}
		a, err := Read(&buf, limit)
		if err != nil || !slices.Equal(a.Shape, shape) || !slices.Equal(a.Data, data) || a.DType != "<f4" {
			t.Errorf("shape %v: got %+v, %v", shape, a, err)
		}
	}
	if err := Write(&bytes.Buffer{}, []int{2}, []float32{1}); err == nil {
		t.Error("a shape of other length was written")
	}
}

// What is no number is kept, in both directions.
func TestWhatIsNoNumberIsKept(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, []int{3}, []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))}); err != nil {
		t.Fatal(err)
	}
	a, err := Read(&b, limit)
	if err != nil || a.Data[0] == a.Data[0] || !math.IsInf(float64(a.Data[1]), 1) || !math.IsInf(float64(a.Data[2]), -1) {
		t.Errorf("%v, %v", a.Data, err)
	}
}

// Arrays of more than one piece, from a reader that tells its length and from one
// that does not, in both orders.
func TestLargeArrays(t *testing.T) {
	const rows, columns = 300, 1000
	var c, fortran []byte
	for i := range rows * columns {
		c = binary.LittleEndian.AppendUint32(c, uint32(i))
		fortran = binary.LittleEndian.AppendUint32(fortran, uint32(i%rows*columns+i/rows))
	}
	for order, body := range map[string][]byte{"False": c, "True": fortran} {
		data := file(1, "{'descr': '<u4', 'fortran_order': "+order+", 'shape': (300, 1000)}", body...)
		for name, r := range map[string]io.Reader{"in memory": bytes.NewReader(data), "a stream": io.MultiReader(bytes.NewReader(data))} {
			a, err := Read(r, 4<<20)
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range a.Data {
				if v != float32(i) {
					t.Fatalf("%s, column-major %s: value %d is %v", name, order, i, v)
				}
			}
		}
	}
}

// A header that promises more than the file has costs nothing.
func TestShortFileWithALargeHeader(t *testing.T) {
	data := file(1, "{'descr': '|u1', 'fortran_order': True, 'shape': (1073741824, 2)}", 1, 2, 3)
	if _, err := Read(bytes.NewReader(data), 1<<34); err == nil || !strings.Contains(err.Error(), "too early") {
		t.Errorf("%v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(file(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (1,2), }\n", 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0))
	f.Add(file(3, "{'descr': '|u1', 'fortran_order': False, 'shape': (3,)}", 1, 2, 3))
	f.Fuzz(func(t *testing.T, data []byte) {
		bounded.Run(t, bounded.Small(len(data)), func() {
			a, err := Read(bytes.NewReader(data), 1<<12)
			if err != nil {
				return
			}
			n := 1
			for _, d := range a.Shape {
				n *= d
			}
			if n != len(a.Data) {
				t.Fatalf("shape %v with %d values", a.Shape, len(a.Data))
			}
		})
	})
}

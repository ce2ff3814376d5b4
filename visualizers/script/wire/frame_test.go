package wire

import (
	"bytes"
	"errors"
	"io"
	"math"
	"reflect"
	"testing"

	"picasso/backend/bounded"
)

func sample() *Message {
	return &Message{
		Kind: Finished, Share: 0.5, Text: "half",
		Output:  []Item{{Kind: ItemMap, Unit: "drop", Signed: true, Range: &[2]float64{-1, 1}}},
		Tensors: []Tensor{{[]int{2, 3}, []float32{1, 2, 3, -4, float32(math.Inf(1)), 0}}, {[]int{0}, []float32{}}},
	}
}

func TestRoundTrip(t *testing.T) {
	var b bytes.Buffer
	want := sample()
	for range 2 {
		if err := Write(&b, want); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		got, err := Read(&b)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v is read back as %+v", want, got)
		}
	}
	if _, err := Read(&b); err != io.EOF {
		t.Errorf("after the last message: %v, want io.EOF", err)
	}
}

func TestWriteRefusesWhatReadWould(t *testing.T) {
	m := &Message{Kind: Print, Text: string(make([]byte, MaxHeader))}
	if err := Write(io.Discard, m); !errors.Is(err, ErrFrame) {
		t.Errorf("a header beyond the bound: %v", err)
	}
}

// damaged frames: every one must be refused, and none may allocate what it
// claims.
func damaged() map[string][]byte {
	frame := func(header, payload uint32, text string) []byte {
		return append([]byte{byte(header), byte(header >> 8), byte(header >> 16), byte(header >> 24),
			byte(payload), byte(payload >> 8), byte(payload >> 16), byte(payload >> 24)}, text...)
	}
	return map[string][]byte{
		"huge header":     frame(math.MaxUint32, 0, "{}"),
		"huge payload":    frame(2, math.MaxUint32, "{}"),
		"no JSON":         frame(2, 0, "}{"),
		"cut":             frame(20, 0, "{}"),
		"shapes too few":  frame(2, 4, "{}1234"),
		"negative":        frame(17, 4, `{"shapes":[[-1]]}`),
		"overflow":        frame(47, 4, `{"shapes":[[268435456,268435456,268435456,16]]}`),
		"values missing":  frame(16, 4, `{"shapes":[[1]]}`),
		"many dimensions": frame(31, 4, `{"shapes":[[1,1,1,1,1,1,1,1,1]]}`),
	}
}

func TestReadRefusesDamage(t *testing.T) {
	for name, data := range damaged() {
		if m, err := Read(bytes.NewReader(data)); !errors.Is(err, ErrFrame) {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := Write(&b, sample()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	for _, data := range damaged() {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		bounded.Run(t, bounded.Small(len(data)), func() {
			m, err := Read(bytes.NewReader(data))
			if err != nil {
				return
			}
			for _, x := range m.Tensors {
				if elements(x.Shape) != len(x.Data) {
					t.Fatalf("shape %v has %d values", x.Shape, len(x.Data))
				}
			}
			if err := Write(io.Discard, m); err != nil {
				t.Fatalf("what was read cannot be written: %v", err)
			}
		})
	})
}

package picture

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"picasso/backend/picture/dicom"
	"picasso/backend/picture/planes"
)

// pile is n axial slices of 2×2 pixels of 1×1 mm, 2 mm apart, whose values are
// x + 10 y + 100 z, changed by change.
func pile(n int, change func(i int, m *Image)) *Series {
	var all []*Image
	for i := range n {
		k := float32(100 * i)
		m := NewFloat("slice", 2, 2, 1, []float32{k, k + 1, k + 10, k + 11})
		g := dicom.Geometry{Spacing: [2]float64{1, 1}}
		g.Put([3]float64{0, 0, float64(2 * i)}, [3]float64{1, 0, 0}, [3]float64{0, 1, 0})
		m.Unit, m.Scan = "HU", &Scan{Geometry: g, Modality: "CT", Windows: []dicom.Window{dicom.Presets()[0]}, Window: dicom.Presets()[0]}
		if change != nil {
			change(i, m)
		}
		all = append(all, m)
	}
	return NewSeries("CT", all)
}

func TestVoxelsAreThoseOfTheSlices(t *testing.T) {
	told := make(chan int, 10)
	v, err := pile(5, func(i int, m *Image) {
		if i == 1 {
			m.px.f32[0] = 100.5 // of this slice no value is kept as a whole number
		}
	}).Voxels(context.Background(), VoxelOptions{Tell: func(done int) { told <- done }})
	if err != nil {
		t.Fatal(err)
	}
	if close(told); len(told) != 5 || v.Method != planes.Linear || len(v.Remarks) != 0 {
		t.Errorf("told %d times, %s, %q", len(told), v.Method, v.Remarks)
	}
	m, err := v.Cut(context.Background(), planes.Coronal, 0, planes.Linear)
	if err != nil {
		t.Fatal(err)
	}
	want := []float32{400, 401, 350, 351, 300, 301, 250, 251, 200, 201, 150.25, 151, 100.5, 101, 50.25, 51, 0, 1}
	if _, got := m.Samples(); !slices.Equal(got, want) || m.Width != 2 || m.Unit != "HU" || m.Scan.Modality != "CT" || m.Scan.Window != dicom.Presets()[0] {
		t.Errorf("%v of %d columns in %q through %v", got, m.Width, m.Unit, m.Scan.Window)
	}
}

func TestLabelsAreNotMixed(t *testing.T) {
	v, err := pile(3, func(i int, m *Image) { copy(m.px.f32, []float32{0, 1, 2, float32(i)}) }).Voxels(context.Background(), VoxelOptions{})
	if err != nil || v.Method != planes.Nearest {
		t.Errorf("%v, %v", v, err)
	}
}

func TestWhatCannotBeCutIsToldInWords(t *testing.T) {
	for _, c := range []struct {
		series *Series
		want   string
	}{
		{pile(1, nil), "only one slice"},
		{pile(3, func(_ int, m *Image) { m.Scan.Geometry.Placed = false }), "does not say where its slices lie"},
		{pile(3, func(_ int, m *Image) { m.Channels, m.px.f32 = 3, make([]float32, 12) }), "coloured"},
		{pile(3, func(i int, m *Image) {
			if i == 1 {
				m.Width, m.Height = 4, 1
			}
		}), "slice 2 has 4×1 pixels, others have 2×2"},
	} {
		_, err := c.series.Voxels(context.Background(), VoxelOptions{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v; want: %s", err, c.want)
		}
	}
	small := pile(3, nil)
	small.options.MaxMemory = 20
	var more *MemoryError
	if _, err := small.Voxels(context.Background(), VoxelOptions{}); !errors.As(err, &more) || more.Need != 24 {
		t.Errorf("three slices of four pixels in 20 bytes: %v", err)
	}
}

func TestABadSliceIsMissingInPlanes(t *testing.T) {
	s := pile(5, nil)
	read := s.last.picture
	s.last.picture = func(ctx context.Context, i int) (*Image, error) {
		if i == 2 {
			return nil, &Error{"IM3", "is damaged", "", nil}
		}
		return read(ctx, i)
	}
	v, err := s.Voxels(context.Background(), VoxelOptions{})
	if err != nil || v.Slices() != 4 || v.Number(2) != 3 || v.Order(3) != 2 || !strings.Contains(strings.Join(v.Remarks, ""), "1 of 5 slices cannot be read") {
		t.Fatalf("%v, %v", v, err)
	}
}

func TestReadingVoxelsEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := pile(3, nil).Voxels(ctx, VoxelOptions{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

package picture

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"picasso/backend/fixtures"
	"runtime"
	"testing"

	"picasso/backend/picture/dicom"
)

// scans is the folder of the DICOM fixtures; tests skip without it.
func scans(t testing.TB, path ...string) string {
	t.Helper()
	return fixtures.Path(t, append([]string{"dicom", "files"}, path...)...)
}

func TestOpenDICOM(t *testing.T) {
	m, err := Open(scans(t, "series_ct_lung", "000039.dcm"))
	if err != nil {
		t.Fatal(err)
	}
	if m.Unit != "HU" || m.Scan == nil || m.Scan.Modality != "CT" || len(m.Scan.Windows) != 2 || m.SHA256 == "" {
		t.Errorf("%+v, %+v", m, m.Scan)
	}
	if got := len(m.Choices(dicom.Presets())); got != 2+1+len(dicom.Presets()) {
		t.Errorf("%d windows to choose from", got)
	}
	if v := m.At(0, 0, 0); v > -500 {
		t.Errorf("the corner has %v HU, want no tissue", v)
	}
	// What Range shows is the file's first window, as Windowed does it.
	a, b := m.RGBA(), m.Windowed(m.Scan.Window)
	for i := range a.Pix {
		if d := int(a.Pix[i]) - int(b.Pix[i]); d < -1 || d > 1 {
			t.Fatalf("byte %d is %d and %d", i, a.Pix[i], b.Pix[i])
		}
	}
}

// Slices know those beside them; at the ends the nearest one repeats.
func TestNeighbours(t *testing.T) {
	all, err := OpenSeries(t.Context(), scans(t, "series_ct_lung"))
	if err != nil {
		t.Fatal(err)
	}
	s := all[0]
	for _, c := range []struct{ at, offset, want int }{{1, -1, 0}, {1, 1, 2}, {0, -2, 0}, {s.Len() - 1, 5, s.Len() - 1}, {2, 0, 2}} {
		m, err := s.Slice(c.at)
		if err != nil {
			t.Fatal(err)
		}
		got, err := m.Neighbour(c.offset)
		if err != nil {
			t.Fatal(err)
		}
		want, err := s.Slice(c.want)
		if err != nil {
			t.Fatal(err)
		}
		if got.Path != want.Path || got.At(9, 9, 0) != want.At(9, 9, 0) {
			t.Errorf("%d beside slice %d is %s, want %s", c.offset, c.at, got.Path, want.Path)
		}
	}
	alone, err := Open(scans(t, "series_ct_lung", "000039.dcm"))
	if err != nil {
		t.Fatal(err)
	}
	if m, err := alone.Neighbour(3); m != alone || err != nil {
		t.Errorf("a picture alone has the neighbour %v, %v", m, err)
	}
}

// Frames of one file are each other's neighbours.
func TestNeighboursInAFile(t *testing.T) {
	path := scans(t, "pydicom-data", "emri_small_RLE.dcm")
	m, err := OpenFrame(path, 1)
	if err != nil {
		t.Fatal(err)
	}
	for offset, want := range map[int]int{-5: 0, 1: 2} {
		got, err := m.Neighbour(offset)
		if err != nil {
			t.Fatal(err)
		}
		if got.Scan.Frame != want {
			t.Errorf("%d beside frame 1 is frame %d, want %d", offset, got.Scan.Frame, want)
		}
	}
}

func TestNeighboursOfAnotherSize(t *testing.T) {
	s := NewSeries("mixed", []*Image{NewFloat("a", 2, 2, 1, make([]float32, 4)), NewFloat("b", 3, 2, 1, make([]float32, 6))})
	m, err := s.Slice(0)
	if err != nil {
		t.Fatal(err)
	}
	var fault *Error
	if _, err := m.Neighbour(1); !errors.As(err, &fault) {
		t.Errorf("a neighbour of another size gives %v", err)
	}
}

func TestOpenColourDICOM(t *testing.T) {
	m, err := Open(scans(t, "pydicom-data", "color-pl.dcm"))
	if err != nil {
		t.Fatal(err)
	}
	channels, values := m.Samples()
	shown := m.RGBA()
	if m.Channels != 3 || channels != 3 || len(values) != 3*m.Width*m.Height || len(m.Choices(dicom.Presets())) != 0 {
		t.Fatalf("%d channels, %d values", channels, len(values))
	}
	for i := range m.Width * m.Height {
		for c := range 3 {
			if v := values[3*i+c]; v != float32(shown.Pix[4*i+c]) || v != m.At(i%m.Width, i/m.Width, c) {
				t.Fatalf("pixel %d: stored %v, shown %d", i, v, shown.Pix[4*i+c])
			}
		}
	}
}

func TestSeriesIsSortedByPosition(t *testing.T) {
	for _, folder := range []string{"series_ct_lung", "series_mr_dwv", "dicomdir"} {
		all, err := OpenSeries(context.Background(), scans(t, folder))
		if err != nil {
			t.Fatal(err)
		}
		slices := 0
		for _, s := range all {
			slices += s.Len()
			for i := 1; i < s.Len(); i++ {
				if s.Geometry(i).Depth() < s.Geometry(i-1).Depth() {
					t.Errorf("%s: slice %d lies below slice %d", folder, i, i-1)
				}
			}
			if m, err := s.Slice(s.Len() - 1); err != nil || m.Scan == nil {
				t.Errorf("%s: %v", folder, err)
			}
		}
		t.Logf("%s: %d series, %d slices, %s", folder, len(all), slices, all[0].Name)
	}
}

func TestFramesAreSlices(t *testing.T) {
	all, err := OpenSeries(context.Background(), scans(t, "pydicom-data", "emri_small_RLE.dcm"))
	if err != nil || len(all) != 1 || all[0].Len() != 10 {
		t.Fatalf("%d series, %v", len(all), err)
	}
	first, err := all[0].Slice(0)
	if err != nil {
		t.Fatal(err)
	}
	last, err := all[0].Slice(9)
	if err != nil || first.Mean()[0] == last.Mean()[0] {
		t.Errorf("frames 0 and 9 are the same, %v", err)
	}
	var e *Error
	if _, err := all[0].Slice(10); !errors.As(err, &e) {
		t.Errorf("slice 11 of 10: %v", err)
	}
}

func TestSeriesOfOnePicture(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.png")
	if err := os.WriteFile(path, asPNG(t, image.NewGray(image.Rect(0, 0, 2, 1))), 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := OpenSeries(context.Background(), path)
	if err != nil || len(all) != 1 || all[0].Len() != 1 {
		t.Fatalf("%v, %v", all, err)
	}
	m, err := all[0].Slice(0)
	if err != nil || m.Width != 2 || m.Scan != nil {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestFolderWithoutScan(t *testing.T) {
	var e *Error
	if _, err := OpenSeries(context.Background(), t.TempDir()); !errors.As(err, &e) || e.Remedy == "" {
		t.Errorf("%v", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := OpenSeries(ctx, t.TempDir()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestScanErrorsNameTheFile(t *testing.T) {
	path := scans(t, "pydicom", "rtstruct.dcm")
	var e *Error
	if _, err := Open(path); !errors.As(err, &e) || e.Path != path || !errors.Is(err, dicom.ErrNoPicture) {
		t.Errorf("%v", err)
	}
}

// TestScrollingKeepsOneFile goes through a series of 20 MB and finds no more
// than the last file in memory afterwards.
func TestScrollingKeepsOneFile(t *testing.T) {
	const slices, side = 40, 512
	folder := t.TempDir()
	for i := range slices {
		s := dicom.Slice{Rows: side, Columns: side, Values: make([]int16, side*side), Spacing: 1, Thickness: 1,
			Position: [3]float64{0, 0, float64(i)}, Number: i + 1, Root: "2.25.8", Center: 40, Width: 400}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprint(i)), s.Encode(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	all, err := OpenSeries(context.Background(), folder)
	if err != nil || len(all) != 1 || all[0].Len() != slices {
		t.Fatal(all, err)
	}
	opened := heap()
	for i := range slices {
		if m, err := all[0].Slice(i); err != nil || m.SHA256 == "" {
			t.Fatal(err)
		}
	}
	const file = 2 * side * side
	if after := heap(); opened-before > file || after-before > 4*file {
		t.Errorf("%d kB more after opening, %d after scrolling; a file has %d", (opened-before)>>10, (after-before)>>10, file>>10)
	}
	runtime.KeepAlive(all)
}

package picture

import (
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"testing"

	"picasso/backend/picture/dicom"
)

// ctFile writes one slice of a series, at a height.
func ctFile(t *testing.T, folder, root string, number int, z float64) string {
	t.Helper()
	s := dicom.Slice{Rows: 2, Columns: 3, Values: []int16{0, 1, 2, 3, 4, int16(number)}, Spacing: 2, Thickness: 5,
		Position: [3]float64{0, 0, z}, Number: number, Root: root, Center: 0, Width: 100}
	path := filepath.Join(folder, fmt.Sprintf("%s-%d", root, number))
	if err := os.WriteFile(path, s.Encode(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCollectSortsScansFromPictures(t *testing.T) {
	folder := t.TempDir()
	photo := filepath.Join(folder, "photo.png")
	if err := os.WriteFile(photo, asPNG(t, image.NewGray(image.Rect(0, 0, 2, 2))), 0o600); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(folder, "missing.dcm")
	files := []string{
		ctFile(t, folder, "2.25.7", 1, 10), photo, ctFile(t, folder, "2.25.8", 1, 0), ctFile(t, folder, "2.25.7", 2, 5), missing,
	}
	steps := 0
	c, err := Collect(context.Background(), files, func(int) { steps++ })
	if err != nil || steps != len(files) {
		t.Fatalf("%d steps, %v", steps, err)
	}
	if len(c.Others) != 2 || c.Others[0] != photo || c.Others[1] != missing {
		t.Errorf("others %q", c.Others)
	}
	if len(c.Series) != 2 || c.Series[0].Len() != 2 || c.Series[1].Len() != 1 {
		t.Fatalf("%d series", len(c.Series))
	}
	m, err := c.Series[0].Slice(0) // the lower one, written last
	if err != nil || m.At(2, 1, 0) != 2 {
		t.Errorf("%v, %v", m, err)
	}
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Collect(stopped, files, nil); err == nil {
		t.Error("a cancelled search goes on")
	}
}

func TestIdentityOfOtherFilesIsEmpty(t *testing.T) {
	if lines, err := Identity(ctFile(t, t.TempDir(), "2.25.9", 1, 0)); err != nil || len(lines) != 0 {
		t.Errorf("%v, %v", lines, err)
	}
}

// A file that was cut off costs no more than itself: where its header is whole it
// keeps its place, else it is told with its series. Alone it is no scan.
func TestBadSlicesCostOneSliceEach(t *testing.T) {
	folder, alone := t.TempDir(), t.TempDir()
	var files []string
	cut := func(path string, at int) {
		data, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(path, data[:at], 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 5 {
		files = append(files, ctFile(t, folder, "2.25.7", i+1, float64(5*i)))
	}
	whole, err := os.ReadFile(files[1])
	if err != nil {
		t.Fatal(err)
	}
	cut(files[1], len(whole)-12) // all of its pixels
	cut(files[3], 180)           // and nearly all of its header
	single := ctFile(t, alone, "2.25.9", 1, 0)
	cut(single, len(whole)-12)
	files = append([]string{single}, files...)
	c, err := Collect(context.Background(), files, nil)
	if err != nil || len(c.Series) != 1 || len(c.Others) != 1 || c.Others[0] != single {
		t.Fatalf("%+v, %v", c, err)
	}
	s := c.Series[0]
	if s.Len() != 4 || s.Fault(1) == nil || s.Fault(0) != nil || len(s.Skipped) != 1 || s.Name != "CT, 4 slices" {
		t.Fatalf("%d slices, fault %v, skipped %q, %s", s.Len(), s.Fault(1), s.Skipped, s.Name)
	}
	for i := range s.Len() {
		_, err := s.Slice(i)
		if (err != nil) != (i == 1) {
			t.Errorf("slice %d: %v", i, err)
		}
	}
}

package picture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"picasso/backend/picture/dicom"
)

// scanIn writes n slices, whose voxels are fill, into a folder and opens them.
func scanIn(t *testing.T, folder, root string, n int, fill int16) *Series {
	t.Helper()
	for i := range n {
		s := dicom.Slice{Rows: 8, Columns: 8, Values: make([]int16, 64), Spacing: 1, Position: [3]float64{0, 0, float64(i)}, Number: i, Root: root, Width: 9}
		s.Values[0] = fill
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%d.dcm", i)), s.Encode(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, err := OpenSeries(t.Context(), folder)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d series, %v", len(all), err)
	}
	return all[0]
}

// A series is itself wherever it lies; another one, one slice less or other voxels
// are another.
func TestIdentityOfSeries(t *testing.T) {
	dir := t.TempDir()
	identity := func(s *Series) string {
		t.Helper()
		id, err := s.Identity(t.Context())
		if err != nil || len(id) != 64 {
			t.Fatalf("%q, %v", id, err)
		}
		return id
	}
	first := identity(scanIn(t, filepath.Join(dir, "a"), "2.25.1", 4, 7))
	seen := map[string]string{first: "the first"}
	if again := identity(scanIn(t, filepath.Join(dir, "somewhere else"), "2.25.1", 4, 7)); again != first {
		t.Error("a copy is another series")
	}
	for name, s := range map[string]*Series{
		"another identifier": scanIn(t, filepath.Join(dir, "b"), "2.25.2", 4, 7),
		"fewer slices":       scanIn(t, filepath.Join(dir, "c"), "2.25.1", 3, 7),
		"other voxels":       scanIn(t, filepath.Join(dir, "d"), "2.25.1", 4, 8),
	} {
		id := identity(s)
		if was := seen[id]; was != "" {
			t.Errorf("%s is taken for %s", name, was)
		}
		seen[id] = name
	}
	if _, err := NewSeries("in memory", nil).Identity(t.Context()); err == nil {
		t.Error("a series without files has an identity")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := scanIn(t, filepath.Join(dir, "e"), "2.25.3", 2, 1).Identity(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Of a large file blocks all over it count.
func TestIdentityOfLargeFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "volume")
	data := make([]byte, identityBlocks*identityBlock*2)
	of := func() string {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		id, err := (&Series{slices: []slice{{path: path}, {path: path}}}).Identity(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	seen := map[string]bool{of(): true}
	for _, at := range []int{0, len(data) / 2, len(data) - 1} {
		for i := range 2 * identityBlock { // a change of the size of two blocks is seen
			data[max(0, min(at+i-identityBlock, len(data)-1))]++
		}
		if id := of(); seen[id] {
			t.Errorf("a change at byte %d is not seen", at)
		} else {
			seen[id] = true
		}
	}
}

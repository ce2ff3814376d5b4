package backend_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/preprocess"
)

func TestNewestModelOfAFolder(t *testing.T) {
	folder := t.TempDir()
	start := time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)
	write := func(name string, age time.Duration) {
		path := filepath.Join(folder, name)
		err := os.WriteFile(path, nil, 0o600)
		if err == nil {
			err = os.Chtimes(path, start, start.Add(-age))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := backend.NewestModel(folder); err == nil || !strings.Contains(err.Error(), ".onnx") {
		t.Errorf("an empty folder gave %v", err)
	}
	if err := os.Mkdir(filepath.Join(folder, "z.onnx"), 0o700); err != nil {
		t.Fatal(err)
	}
	write("step-100.onnx", 2*time.Hour)
	write("step-200.ONNX", time.Hour)
	write("notes.txt", 0)
	check := func(want string) {
		t.Helper()
		got, err := backend.NewestModel(folder)
		if err != nil || filepath.Base(got) != want {
			t.Errorf("newest is %s, %v, want %s", got, err, want)
		}
	}
	check("step-200.ONNX")
	write("step-150.onnx", 0)
	check("step-150.onnx")
	write("step-300.onnx", 0) // the same moment
	check("step-300.onnx")
	if got, err := backend.NewestModel("absent.onnx"); err != nil || got != "absent.onnx" {
		t.Errorf("a file that is not there became %q, %v", got, err)
	}
}

func TestSizeOfArrays(t *testing.T) {
	for _, tt := range []struct {
		shape         []int
		height, width int
	}{
		{[]int{1, 3, 20, 30}, 20, 30}, {[]int{3, 20, 30}, 20, 30}, {[]int{20, 30, 3}, 20, 30}, {[]int{1, 20, 30, 1}, 20, 30}, {[]int{5}, 0, 0},
	} {
		if h, w := preprocess.PictureSize(tt.shape); h != tt.height || w != tt.width {
			t.Errorf("%v is %d×%d, want %d×%d", tt.shape, w, h, tt.width, tt.height)
		}
	}
}

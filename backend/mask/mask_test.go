package mask

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"picasso/backend/bounded"
	"picasso/backend/npy"
)

func writePNG(t testing.TB, m image.Image) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mask.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, m); err != nil {
		t.Fatal(err)
	}
	return path
}

func writeArray(t testing.TB, shape []int, values ...float32) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mask.npy")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := npy.Write(f, shape, values); err != nil {
		t.Fatal(err)
	}
	return path
}

// Whatever way a program writes a mask, the same pixels are inside.
func TestMasksOfManyKinds(t *testing.T) {
	want := []bool{false, true, false, false, false, true}
	grey, label, clear := image.NewGray(image.Rect(0, 0, 3, 2)), image.NewGray(image.Rect(0, 0, 3, 2)), image.NewNRGBA(image.Rect(0, 0, 3, 2))
	for i, in := range want {
		if in {
			grey.SetGray(i%3, i/3, color.Gray{255})
			label.SetGray(i%3, i/3, color.Gray{uint8(1 + i/3)})
			clear.SetNRGBA(i%3, i/3, color.NRGBA{255, 0, 0, 128})
		}
	}
	for name, path := range map[string]string{
		"white on black": writePNG(t, grey), "labels": writePNG(t, label), "red on nothing": writePNG(t, clear),
		"array": writeArray(t, []int{2, 3}, 0, 1, 0, 0, 0, 2), "one plane": writeArray(t, []int{1, 2, 3}, 0, 1, 0, 0, 0, 2),
	} {
		f, err := Open(t.Context(), path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r, err := f.On(t.Context(), Picture{Height: 2, Width: 3}); err != nil || !slices.Equal(r.All().Inside, want) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		if _, err := f.On(t.Context(), Picture{Height: 3, Width: 2}); err == nil || !strings.Contains(err.Error(), "own size") {
			t.Errorf("%s fits a picture of another size: %v", name, err)
		}
	}
}

// Each value is a region, as it was written; shares and one value are one region.
func TestValuesAreRegions(t *testing.T) {
	own := NewRegions(2, 3)
	own.Pixels = []uint8{0, 1, 2, 0, 3, 3}
	colours := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	colours.SetNRGBA(1, 0, color.NRGBA{1, 2, 3, 255})
	colours.SetNRGBA(2, 1, color.NRGBA{200, 0, 0, 255})
	for name, c := range map[string]struct {
		path  string
		names []string
		want  string
	}{
		"written here": {writePNG(t, own.Image()), []string{"label 1", "label 2", "label 3"}, ".#2\n.33\n"},
		"array":        {writeArray(t, []int{2, 3}, 0, 7, 2, 0, 2, 2), []string{"label 2", "label 7"}, ".2#\n.##\n"},
		"below 0":      {writeArray(t, []int{1, 2}, -1, 1), []string{"label -1", "label 1"}, "#2\n"},
		"shares":       {writeArray(t, []int{1, 3}, .5, 0, 1), []string{"region"}, "#.#\n"},
		"one value":    {writeArray(t, []int{1, 3}, 255, 0, 255), []string{"region"}, "#.#\n"},
		"colours":      {writePNG(t, colours), []string{"colour #010203", "colour #c80000"}, ".#.\n..2\n"},
	} {
		f, err := Open(t.Context(), c.path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		r, err := f.On(t.Context(), Picture{Height: strings.Count(c.want, "\n"), Width: strings.Index(c.want, "\n")})
		if err != nil || !slices.Equal(r.Names, c.names) || drawn(r) != c.want {
			t.Errorf("%s: %q, %v, want %q\n%s", name, r.Names, err, c.names, drawn(r))
		}
	}
}

func TestFilesThatAreNoMasks(t *testing.T) {
	photo := image.NewGray(image.Rect(0, 0, 20, 20))
	for i := range photo.Pix {
		photo.Pix[i] = uint8(i)
	}
	text := filepath.Join(t.TempDir(), "mask.txt")
	if err := os.WriteFile(text, []byte("no mask"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, path := range map[string]string{
		"many different values": writePNG(t, photo),
		"empty":                 writePNG(t, image.NewGray(image.Rect(0, 0, 4, 4))),
		"rows and columns":      writeArray(t, []int{2, 2, 2}, 1, 1, 1, 1, 1, 1, 1, 1),
		"none of YOLO":          text,
		"missing.png":           filepath.Join(t.TempDir(), "missing.png"),
	} {
		if k, err := Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %+v, %v", want, k, err)
		}
	}
}

// Pictures have a fuzz target where they are read.
func FuzzOpenArray(f *testing.F) {
	data, err := os.ReadFile(writeArray(f, []int{2, 3}, 0, 1, 0, 0, 0, 2))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "mask.npy")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		bounded.Run(t, bounded.Small(len(data)), func() {
			k, err := Open(t.Context(), path)
			if err == nil && (len(k.raster.Pixels) != k.raster.Height*k.raster.Width || k.raster.All().Empty()) {
				t.Fatalf("%+v", k)
			}
		})
	})
}

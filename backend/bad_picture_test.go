package backend_test

import (
	"path/filepath"
	"picasso/backend/fixtures"
	"strings"
	"testing"

	"picasso/backend/picture"
)

func TestUnusablePicturesAreAnsweredInWords(t *testing.T) {
	root := fixtures.Path(t, "bad", "images")
	for file, says := range map[string]string{
		"empty.png":                   "is empty",
		"truncated_half.png":          "PNG",
		"truncated_half.gif":          "GIF",
		"truncated_half.bmp":          "ends too early",
		"truncated_half.webp":         "ends too early",
		"huge_dimensions.jpg":         "65500×65500",
		"huge_dimensions.bmp":         "BMP",
		"html_named.png":              "web page",
		"svg_named.png":               "SVG",
		"cve_2023_36308_palette.tiff": "TIFF",
		"absent.png":                  "does not exist",
		"":                            "folder",
	} {
		_, err := picture.Open(filepath.Join(root, file))
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: got %v, want an error that says %q", file, err, says)
		}
	}
}

func TestUnusualPicturesOpen(t *testing.T) {
	root := fixtures.Path(t, "bad", "images")
	for file, want := range map[string][3]int{
		"one_pixel.png":  {1, 1, 1},
		"png_named.jpg":  {224, 224, 3},
		"valid_cmyk.jpg": {373, 280, 3},
	} {
		m, err := picture.Open(filepath.Join(root, file))
		if err != nil {
			t.Error(err)
			continue
		}
		if got := [3]int{m.Width, m.Height, m.Channels}; got != want {
			t.Errorf("%s: got %v, want %v", file, got, want)
		}
	}
}

package cli_test

import (
	"encoding/xml"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"picasso/ui/cli"
)

func openPNG(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// greyShare is the share of pixels without colour.
func greyShare(m image.Image) float64 {
	n, b := 0, m.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if c := color.RGBAModel.Convert(m.At(x, y)).(color.RGBA); c.R == c.G && c.G == c.B {
				n++
			}
		}
	}
	return float64(n) / float64(b.Dx()*b.Dy())
}

// Figures come besides the files that scripts rely on, in the width asked for;
// the document as SVG can be read and says what the map says.
func TestExplainWritesFigures(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	out := t.TempDir()
	code, _, said := picasso(t.Context(), "explain", "--model", model, "--image", images[0], "--visualizer", "occlusion",
		"--set", "size=32", "--set", "stride=32", "--provider", "cpu", "--figure", "png,svg", "--figure-width", "640", "--figure-beside", "--out", out)
	if code != cli.Done {
		t.Fatalf("exit code %d: %s", code, said)
	}
	folder := filepath.Join(out, strings.TrimSuffix(filepath.Base(images[0]), ".png"))
	r := readResult(t, filepath.Join(folder, "result.json"))
	stem := strings.TrimSuffix(r.Maps[0].PNG, ".png")
	if m := openPNG(t, filepath.Join(folder, stem+"-figure.png")); m.Bounds().Dx() != 640 {
		t.Errorf("the figure is %v", m.Bounds())
	}
	if m := openPNG(t, filepath.Join(folder, r.Maps[0].PNG)); m.Bounds().Dx() != r.Image.Width {
		t.Errorf("the map alone is %v", m.Bounds())
	}
	data, err := os.ReadFile(filepath.Join(folder, stem+"-figure.svg"))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Text []string `xml:"text"`
	}
	if err := xml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	all := strings.Join(doc.Text, " ")
	for _, want := range []string{r.Predictions[0].Name, "Covering lowers it", "Window 32", "drop in", r.Model.SHA256} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in %q", want, all)
		}
	}
	json, err := os.ReadFile(filepath.Join(folder, "result.json"))
	if err != nil || !strings.Contains(string(json), stem+"-figure.svg") || !strings.Contains(string(json), `"origins"`) {
		t.Errorf("%v: %s", err, json)
	}
}

// Under a map a colourful picture is grey, as in the window, unless the user
// wants its colours.
func TestColourfulPicturesAreGreyUnderMaps(t *testing.T) {
	model, images := sample(t, "tanks-fair")
	folder := t.TempDir()
	m := image.NewRGBA(image.Rect(0, 0, 128, 128))
	for i := range 128 * 128 {
		m.SetRGBA(i%128, i/128, color.RGBA{uint8(2 * (i % 128)), 20, uint8(255 - 2*(i%128)), 255})
	}
	path := filepath.Join(folder, "colours.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, m); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	overlay := func(args ...string) image.Image {
		out := t.TempDir()
		code, _, said := picasso(t.Context(), append([]string{"explain", "--model", model, "--image", path, "--visualizer", "saliency", "--provider", "cpu", "--out", out}, args...)...)
		if code != cli.Done {
			t.Fatalf("exit code %d: %s", code, said)
		}
		return openPNG(t, filepath.Join(out, "colours", readResult(t, filepath.Join(out, "colours", "result.json")).Maps[0].PNG))
	}
	if auto, colour := greyShare(overlay()), greyShare(overlay("--picture", "colour")); auto < 0.02 || colour > auto/4 {
		t.Errorf("grey are %.3f of the pixels by default, %.3f in colour", auto, colour)
	}
	for _, args := range [][]string{{"--picture", "sepia"}, {"--figure", "pdf"}, {"--figure-width", "10"}} {
		if code, _, said := picasso(t.Context(), append([]string{"explain", "--model", model, "--image", images[0], "--visualizer", "saliency", "--out", t.TempDir()}, args...)...); code != cli.Usage {
			t.Errorf("%v: exit code %d, %s", args, code, said)
		}
	}
}

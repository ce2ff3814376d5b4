package cli_test

import (
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"picasso/ui/cli"
)

type coveredJSON struct {
	Image, Fill, Error string
	Share              float64
	Before, After      []struct {
		Index       int
		Name        string
		Probability float64
		Logit       *float64
	}
}

func coverOf(t *testing.T, want int, args ...string) ([]coveredJSON, string) {
	t.Helper()
	code, out, said := picasso(t.Context(), append([]string{"cover", "--json"}, args...)...)
	var list []coveredJSON
	if err := json.Unmarshal([]byte(out), &list); code != want || out != "" && err != nil {
		t.Fatalf("exit code %d, %v: %s", code, err, said)
	}
	return list, said
}

func TestCoveringADigitTakesItAway(t *testing.T) {
	model, images := sample(t, "digits")
	all := []string{"--model", model, "--image", images[7], "--fill", "black"}
	list, _ := coverOf(t, cli.Done, append(all, "--box", "0,0,28,28")...)
	c := list[0]
	if c.Share != 1 || c.Fill != "black" || len(c.Before) != 5 || c.Before[0].Name != "7" || c.Before[0].Logit == nil {
		t.Fatalf("%+v", c)
	}
	if now := c.After[0]; now.Name != "7" || now.Probability > c.Before[0].Probability-.5 {
		t.Errorf("without the digit, 7 has %.3f after %.3f", now.Probability, c.Before[0].Probability)
	}
	// Covering everything else than everything covers nothing.
	list, _ = coverOf(t, cli.Done, append(all, "--box", "0,0,28,28", "--invert")...)
	c = list[0]
	if c.Share != 0 {
		t.Errorf("%g is covered", c.Share)
	}
	for i, b := range c.Before {
		if c.After[i] != b && (c.After[i].Probability != b.Probability || c.After[i].Index != b.Index) {
			t.Errorf("nothing is covered, but %+v becomes %+v", b, c.After[i])
		}
	}
	// Two halves are the whole.
	list, _ = coverOf(t, cli.Done, append(all, "--box", "0,0,28,14", "--box", "0,14,28,28")...)
	if list[0].Share != 1 {
		t.Errorf("two halves cover %g", list[0].Share)
	}
}

// A mask is what boxes are, of any shape; with boxes it covers both.
func TestAMaskCoversWhatItMarks(t *testing.T) {
	model, images := sample(t, "digits")
	folder := t.TempDir()
	write := func(name string, height, width int, inside func(y, x int) bool) string {
		m := image.NewGray(image.Rect(0, 0, width, height))
		for i := range m.Pix {
			if inside(i/width, i%width) {
				m.Pix[i] = 255
			}
		}
		path := filepath.Join(folder, name)
		f, err := os.Create(path)
		if err == nil {
			err = errors.Join(png.Encode(f, m), f.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	left := write("left.png", 28, 28, func(_, x int) bool { return x < 14 })
	for _, fill := range []string{"black", "mean", "smooth"} {
		all := []string{"--model", model, "--image", images[7], "--fill", fill}
		box, _ := coverOf(t, cli.Done, append(all, "--box", "0,0,28,14")...)
		marked, _ := coverOf(t, cli.Done, append(all, "--mask", left)...)
		if !reflect.DeepEqual(box, marked) || marked[0].Share != .5 || marked[0].Fill != fill {
			t.Errorf("%s: %+v with the mask, %+v with the box", fill, marked, box)
		}
		both, _ := coverOf(t, cli.Done, append(all, "--mask", left, "--box", "0,14,28,28")...)
		if both[0].Share != 1 {
			t.Errorf("mask and box cover %g", both[0].Share)
		}
	}
	small := write("small.png", 20, 20, func(y, _ int) bool { return y < 5 })
	list, said := coverOf(t, cli.SomeFailed, "--model", model, "--image", images[7], "--mask", small)
	if !strings.Contains(list[0].Error, "20 × 20") || !strings.Contains(said, "digit-7.png") {
		t.Errorf("a mask of another size: %s", said)
	}
	for _, bad := range []string{filepath.Join(folder, "none.png"), write("empty.png", 28, 28, func(int, int) bool { return false })} {
		if _, said := coverOf(t, cli.Usage, "--model", model, "--image", images[7], "--mask", bad); !strings.Contains(said, "--mask") {
			t.Errorf("%s: %s", bad, said)
		}
	}
}

// Slices are covered one by one, in Hounsfield units: black is air.
func TestSlicesAreCoveredInHounsfieldUnits(t *testing.T) {
	model, slices := sample(t, "ct")
	folder := filepath.Dir(slices[0])
	all := []string{"--model", model, "--image", folder, "--slices", "3:6", "--box", "10,10,40,40"}
	air, _ := coverOf(t, cli.Done, append(all, "--fill", "-1000")...)
	black, _ := coverOf(t, cli.Done, append(all, "--fill", "black")...)
	smooth, _ := coverOf(t, cli.Done, append(all, "--fill", "smooth")...)
	if len(air) != 3 || len(smooth) != 3 {
		t.Fatalf("%d slices are covered", len(air))
	}
	for i := range air {
		if !reflect.DeepEqual(air[i].After, black[i].After) || reflect.DeepEqual(air[i].After, smooth[i].After) || air[i].Share <= 0 || air[i].Share >= 1 {
			t.Errorf("slice %d: air %+v, black %+v, smooth %+v", i, air[i], black[i], smooth[i])
		}
	}
}

func TestMistakesInCovering(t *testing.T) {
	model, images := sample(t, "digits")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{}, cli.Usage, "--box"},
		{[]string{"--box", "1,2,3"}, cli.Usage, "y0,x0,y1,x1"},
		{[]string{"--box", "5,5,5,9"}, cli.Usage, "empty"},
		{[]string{"--box", "0,0,4,4", "--fill", "plaid"}, cli.Usage, "plaid"},
		{[]string{"--box", "0,0,4,4", "--fill", "gauss"}, cli.Usage, "gauss"},
		{[]string{"--box", "100,100,110,110"}, cli.SomeFailed, "outside"},
	} {
		code, _, said := picasso(t.Context(), append([]string{"cover", "--model", model, "--image", images[0]}, c.args...)...)
		if code != c.code || !strings.Contains(said, c.says) {
			t.Errorf("%v: exit code %d: %s", c.args, code, said)
		}
	}
	code, out, _ := picasso(t.Context(), "cover", "--model", model, "--image", images[7], "--box", "0,0,28,28", "--top", "2")
	if code != cli.Done || !strings.Contains(out, "→") || !strings.Contains(out, "100.0 % covered") {
		t.Errorf("exit code %d: %s", code, out)
	}
}

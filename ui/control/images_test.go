package control

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"picasso/backend/picture"
)

func greyPNG(t *testing.T, name string, side int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return path
}

// A picture that takes more memory than it may asks once; a larger one asks
// again, a smaller one does not.
func TestMemoryIsAskedForOnce(t *testing.T) {
	paths := []string{greyPNG(t, "a.png", 300), greyPNG(t, "small.png", 290), greyPNG(t, "large.png", 600)}
	bubble(t, func(d *desk) {
		d.memory.Store(1 << 10)
		look := func(path string) *Notice {
			d.AddImages([]string{path})
			d.q.settle()
			return d.State().Notice
		}
		n := look(paths[0])
		if n == nil || len(n.Offers) != 1 || !strings.Contains(n.Offers[0].Title, "GB of memory") {
			t.Fatalf("the picture does not ask: %+v", n)
		}
		n.Offers[0].Take()
		d.q.settle()
		if k := d.State().Look; k == nil || k.Image.Width != 300 || d.State().Images[0].Err != nil || d.State().Notice != nil {
			t.Fatalf("allowed, the picture is not shown: %v, %+v", d.State().Images[0].Err, d.State().Notice)
		}
		if n := look(paths[1]); n != nil {
			t.Errorf("a smaller one asks: %v", n.Err)
		}
		if n := look(paths[2]); n == nil || len(n.Offers) == 0 {
			t.Errorf("a larger one does not ask: %+v", n)
		}
	})
}

// A model whose picture takes more memory than it may asks, too, and is opened again
// with as much.
func TestMemoryOfAModelIsAskedFor(t *testing.T) {
	bubble(t, func(d *desk) {
		d.Open("roomy.onnx")
		d.q.settle()
		n := d.State().Notice
		if n == nil || len(n.Offers) != 1 || !strings.Contains(n.Offers[0].Title, "GB of memory") {
			t.Fatalf("the model does not ask: %+v", n)
		}
		n.Offers[0].Take()
		d.q.pass(2 * time.Second)
		if d.State().About.Path != "roomy.onnx" || d.State().Notice != nil {
			t.Errorf("allowed, the model is %q: %+v", d.State().About.Path, d.State().Notice)
		}
	})
}

// What the machine has not free cannot be allowed.
func TestMemoryThatIsNotFreeIsNotOffered(t *testing.T) {
	bubble(t, func(d *desk) {
		err := &picture.MemoryError{Need: 2 << 30, Limit: 1 << 30, Short: true}
		if n := d.offering(Notice{Err: err}, func(int64) {}); len(n.Offers) != 0 {
			t.Errorf("it offers %v", n.Offers)
		}
	})
}

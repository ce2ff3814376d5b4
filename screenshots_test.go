//go:build !cli

package main

import (
	"context"
	"image"
	"os"
	"path/filepath"
	"testing"
	"time"

	"picasso/ui/xtest"
)

// TestPictures takes the pictures of the documentation, when
// PICASSO_SCREENSHOTS names a folder for them.
func TestPictures(t *testing.T) {
	if os.Getenv("PICASSO_SCREENSHOTS") == "" {
		t.Skip("PICASSO_SCREENSHOTS names no folder for pictures")
	}
	for _, look := range looks {
		t.Run("in the "+look.name+" theme", func(t *testing.T) { takePictures(t, look) })
	}
}

// theme is how the window looks, by as many presses of T, and how its pictures are
// called.
type theme struct {
	name, suffix string
	presses      int
}

var looks = []theme{{"light", "-light", 1}, {"dark", "", 2}}

func (p *program) dress(look theme) {
	p.t.Helper()
	for range look.presses {
		p.must(p.Key('t'))
	}
}

func takePictures(t *testing.T, look theme) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	p := start(ctx, t)
	p.awaitTitle("tanks-biased.onnx")
	p.dress(look)
	p.awaitOverlay("the sample is explained")
	p.must(p.Move(p.findKnob(p.look()))) // its help replaces the hint about colours
	p.must(p.Move(image.Pt(540, 190)))
	p.settle()
	p.keep("window" + look.suffix)

	folder := p.samples("digits")
	pictures, err := filepath.Glob(filepath.Join(folder, "*.png"))
	p.must(err)
	p.must(p.Drop(middle, append(pictures, filepath.Join(folder, "digits.onnx"))...))
	p.awaitTitle("digits.onnx")
	p.settle()
	p.must(p.Key('g'))
	p.rest(5 * time.Second) // rows take a while on a busy machine
	p.keep("grid" + look.suffix)
	p.quit()
}

// TestVolumePictures takes those of the sample whose model takes volumes, as three
// planes.
func TestVolumePictures(t *testing.T) {
	if os.Getenv("PICASSO_SCREENSHOTS") == "" {
		t.Skip("PICASSO_SCREENSHOTS names no folder for pictures")
	}
	for _, look := range looks {
		t.Run("in the "+look.name+" theme", func(t *testing.T) { takeVolumePicture(t, look) })
	}
}

func takeVolumePicture(t *testing.T, look theme) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	p := start(ctx, t)
	p.awaitTitle("tanks-biased.onnx")
	p.dress(look)
	folder := p.samples("ct3d")
	p.must(p.Drop(middle, filepath.Join(folder, "nodules3d.onnx"), filepath.Join(folder, "chest-1-nodule.nii.gz")))
	p.awaitTitle("nodules3d.onnx")
	p.settle()
	p.must(p.Key(xtest.Return)) // agrees to the notice
	p.settle()
	for range noduleSlice {
		p.must(p.Key(xtest.Down))
		p.settle()
	}
	p.must(p.Key('u'))
	p.rest(5 * time.Second)
	p.keep("volume" + look.suffix)
	p.quit()
}

// noduleSlice is how many slices lie below the one through the nodule of the sample.
const noduleSlice = 16

// TestScanPictures takes those of the CT sample, in both sizes.
func TestScanPictures(t *testing.T) {
	if os.Getenv("PICASSO_SCREENSHOTS") == "" {
		t.Skip("PICASSO_SCREENSHOTS names no folder for pictures")
	}
	for name, size := range map[string]image.Point{"scan-1024x700": image.Pt(1024, 700), "scan-1920x1080": image.Pt(1920, 1080)} {
		for _, look := range looks {
			t.Run(name+look.suffix, func(t *testing.T) { takeScanPicture(t, name, size, look) })
		}
	}
}

func takeScanPicture(t *testing.T, name string, size image.Point, look theme) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	p := startOn(ctx, t, size)
	p.awaitTitle("tanks-biased.onnx")
	p.dress(look)
	folder := p.samples("ct")
	p.must(p.Drop(size.Div(2), filepath.Join(folder, "nodules.onnx"), filepath.Join(folder, "slices")))
	p.awaitTitle("nodules.onnx")
	p.settle()
	p.must(p.Key(xtest.Return)) // agrees to the notice
	p.settle()
	for range 13 { // to the nodule
		p.must(p.Key(xtest.Down))
		p.settle()
	}
	p.must(p.Key('y'))
	p.settle()
	p.must(p.Move(image.Pt(size.X*2/5, size.Y*2/5+10)))
	p.settle()
	p.keep(name + look.suffix)
	p.quit()
}

// settle waits until nothing has moved for a second.
func (p *program) settle() { p.t.Helper(); p.rest(time.Second) }

// rest waits until nothing has moved for so long.
func (p *program) rest(still time.Duration) {
	p.t.Helper()
	last, since := p.look(), time.Now()
	p.must(xtest.Await(p.ctx, "a still picture", func() (bool, error) {
		if now := p.look(); changed(last, now) > 0 {
			last, since = now, time.Now()
		}
		return time.Since(since) > still, nil
	}))
}

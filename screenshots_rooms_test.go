//go:build !cli

package main

import (
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"picasso/assets/scenes"
	"picasso/ui/xtest"
)

// TestRoomPictures takes the pictures of the workspaces Compare, Inside and Audit, and of
// the tests of a map, each in both themes.
func TestRoomPictures(t *testing.T) {
	if os.Getenv("PICASSO_SCREENSHOTS") == "" {
		t.Skip("PICASSO_SCREENSHOTS names no folder for pictures")
	}
	for name, take := range map[string]func(*program, theme){"compare": takeCompare, "inside": takeInside, "audit": takeAudit, "trust": takeTrust} {
		for _, look := range looks {
			t.Run(name+look.suffix, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
				defer cancel()
				size := screen
				if name == "trust" { // whose tests stand below each other
					size = image.Pt(1280, 1150)
				}
				p := startOn(ctx, t, size)
				p.awaitTitle("tanks-biased.onnx")
				p.dress(look)
				p.rest(3 * time.Second)
				p.must(p.Click(image.Pt(size.X-20, 51))) // the story of the sample, which is told elsewhere
				take(p, look)
				p.quit()
			})
		}
	}
}

// do chooses an action by its title.
func (p *program) do(title string) {
	p.t.Helper()
	before := p.look()
	p.must(p.KeyWith(xtest.Control, 'k'))
	p.must(xtest.Await(p.ctx, "the palette", func() (bool, error) { return changed(before, p.look()) > 0.2, nil })) // whose caret blinks
	for _, letter := range title {
		p.must(p.Key(xproto.Keysym(letter)))
	}
	p.must(p.Key(xtest.Return))
	p.settle()
}

// part keeps a part of the window, for pages that tell of one pane.
func (p *program) part(name string, rect image.Rectangle) {
	p.t.Helper()
	f, err := os.Create(filepath.Join(os.Getenv("PICASSO_SCREENSHOTS"), name+".png"))
	p.must(err)
	defer f.Close()
	p.must(png.Encode(f, p.look().SubImage(rect)))
}

func takeCompare(p *program, look theme) {
	p.must(p.Key('m'))
	p.rest(4 * time.Second)
	p.keep("compare-methods" + look.suffix)
	p.must(p.Key('x'))
	p.settle()
	p.must(p.Drop(middle, filepath.Join(p.samples("tanks-fair"), "tanks-fair.onnx")))
	p.rest(4 * time.Second)
	p.must(p.Click(image.Pt(877, 591))) // Compare all 8 pictures
	p.rest(4 * time.Second)
	p.keep("compare-models" + look.suffix)
}

// Places in Inside, of a window of the usual size.
var (
	otherTab, drawnTab = image.Pt(375, 476), image.Pt(509, 476)
	below              = image.Rect(241, 459, 960, 750)
)

func takeInside(p *program, look theme) {
	p.must(p.Key(xtest.F3))
	p.settle()
	p.must(p.Key('u')) // the second convolution and a channel that follows clouds
	p.must(p.Key('u'))
	p.rest(3 * time.Second)
	p.must(p.Click(image.Pt(337, 220))) // a cell in the clouds
	p.rest(2 * time.Second)
	p.keep("inside" + look.suffix)
	p.must(p.Click(otherTab))
	p.settle()
	p.must(p.Click(image.Pt(868, 509))) // Look through the pictures
	p.rest(3 * time.Second)
	p.part("inside-elsewhere"+look.suffix, below)
	p.must(p.Click(drawnTab))
	p.settle()
	for _, at := range []image.Point{{295, 546}, {652, 546}} { // Draw the class, Draw the unit
		p.must(p.Click(at))
		p.rest(4 * time.Second)
	}
	p.part("inside-drawn"+look.suffix, below)
}

func takeAudit(p *program, look theme) {
	folder := filepath.Join(p.t.TempDir(), "scenes")
	for i := range 200 {
		o := scenes.Options{Seed: 9_500_000 + uint64(i/4), Tank: i&1 > 0, Clouds: i&2 > 0}
		class := map[bool]string{false: "no tank", true: "tank"}[o.Tank]
		p.must(os.MkdirAll(filepath.Join(folder, class), 0o755))
		f, err := os.Create(filepath.Join(folder, class, fmt.Sprintf("%04d.png", i)))
		p.must(err)
		p.must(png.Encode(f, scenes.Generate(o).Image))
		p.must(f.Close())
	}
	p.do("remove all")
	p.must(p.Drop(middle, folder))
	p.rest(3 * time.Second)
	p.must(p.Click(image.Pt(1183, 52))) // Audit them
	p.settle()
	p.must(p.Click(image.Pt(1261, 52))) // that offer
	p.settle()
	p.must(p.Click(image.Pt(304, 474))) // Names of folders
	p.settle()
	p.must(p.Click(image.Pt(276, 734))) // Start
	p.rest(8 * time.Second)
	p.part("audit-look"+look.suffix, pages)
	p.must(p.Click(image.Pt(907, 261))) // Pictures of the first finding
	p.rest(4 * time.Second)
	p.part("audit-sheet"+look.suffix, pages)
}

// pages are those of an audit, in a window of the usual size.
var pages = image.Rect(240, 168, 962, 748)

func takeTrust(p *program, look theme) {
	folder := p.samples("tanks-fair")
	p.must(p.Drop(middle, filepath.Join(folder, "tanks-fair.onnx"), filepath.Join(folder, "1-tank-clouds.png")))
	p.awaitTitle("tanks-fair.onnx")
	p.rest(3 * time.Second)
	p.do("what speaks for")
	p.rest(5 * time.Second) // the quick tests come by themselves
	p.do("check whether")
	p.rest(5 * time.Second)
	p.keep("trust-pass" + look.suffix)
	p.must(p.KeyWith(xtest.Control, '3'))
	p.must(p.Key('6')) // Deconvnet
	p.rest(5 * time.Second)
	p.do("check whether")
	p.rest(5 * time.Second)
	p.keep("trust-fail" + look.suffix)
}

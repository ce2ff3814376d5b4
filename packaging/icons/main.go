// Command icons draws the program's icon in every size and container that the
// systems want, from the one picture in assets:
//
//	icons -out DIR   hicolor/SIZExSIZE/apps/ID.png, picasso.ico, picasso.icns
package main

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/png"
	"log"
	"os"
	"path/filepath"

	"github.com/disintegration/imaging"

	"picasso/assets"
)

// The sizes in pixels, smallest first.
var (
	hicolorSizes = []int{16, 22, 24, 32, 48, 64, 96, 128, 256, 512}
	icoSizes     = []int{16, 24, 32, 48, 64, 128, 256}
)

func main() {
	log.SetFlags(0)
	out := flag.String("out", "dist/icons", "the `folder` for the icons")
	name := flag.String("name", "io.picasso.Picasso", "the `name` of the PNG files, without .png")
	flag.Parse()
	if err := run(*out, *name); err != nil {
		log.Fatal("icons: ", err)
	}
}

func run(out, name string) error {
	drawn, err := png.Decode(bytes.NewReader(assets.Icon()))
	if err != nil {
		return fmt.Errorf("read the icon: %w", err)
	}
	for _, size := range hicolorSizes {
		data, err := scaled(drawn, size)
		if err != nil {
			return err
		}
		folder := filepath.Join(out, "hicolor", fmt.Sprintf("%dx%d", size, size), "apps")
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, name+".png"), data, 0o644); err != nil {
			return err
		}
	}
	ico, err := windowsIcon(drawn, icoSizes)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "picasso.ico"), ico, 0o644); err != nil {
		return err
	}
	icns, err := macIcon(drawn)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "picasso.icns"), icns, 0o644)
}

// scaled is the icon as a PNG of size×size pixels.
func scaled(m image.Image, size int) ([]byte, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, imaging.Resize(m, size, size, imaging.Lanczos)); err != nil {
		return nil, fmt.Errorf("encode the icon at %d pixels: %w", size, err)
	}
	return b.Bytes(), nil
}

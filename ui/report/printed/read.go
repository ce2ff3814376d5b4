package printed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"path/filepath"
	"strings"

	"picasso/backend/picture"
	"picasso/backend/regular"
	"picasso/ui/drawing"
	"picasso/ui/report"
	"picasso/visualizers"
)

// Bounds of what a folder of results may hold.
const (
	mostResult = 64 << 20   // bytes of result.json: 100 000 classes are 14 MB
	mostFile   = 128 << 20  // bytes of a picture
	mostPixels = 64_000_000 // of a picture
)

// Side is the most pixels of a picture's longer side on a page.
const Side = 640

// Options are what is said on a page beside the results.
type Options struct {
	Methods []visualizers.Visualizer // known here, for their titles
	Note    string
}

// Read makes the page of one file of results, as [Find] lists them. Errors name the
// file and what to do; a picture that is missing or damaged is told on the page.
func Read(path string, o Options) (Page, error) {
	data, err := regular.Read(path, mostResult)
	if err != nil {
		return Page{}, err
	}
	pictures := func(name string) (*image.RGBA, error) { return load(filepath.Dir(path), name) }
	if filepath.Base(path) == report.ComparedFile {
		c := &report.Compared{}
		if err := decode(data, c); err != nil {
			return Page{}, fmt.Errorf("%s: %w; compare the models again", picture.Said(path), err)
		}
		if c.A.Model.SHA256 == "" && c.B.Model.SHA256 == "" && c.SHA256 == "" {
			return Page{}, fmt.Errorf("%s: this says neither which models nor which picture it is about; compare the models again", picture.Said(path))
		}
		return OfCompared(c, o, pictures), nil
	}
	r, err := decodeReport(data)
	if err != nil {
		return Page{}, fmt.Errorf("%s: %w; explain the picture again", picture.Said(path), err)
	}
	return Of(r, o, pictures), nil
}

// decode reads a file of results. Fields that are not known are left alone.
func decode(data []byte, into any) error {
	err := json.Unmarshal(data, into)
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind):
		return fmt.Errorf("%q is a %s, which does not belong there", kind.Field, kind.Value)
	case err != nil:
		return fmt.Errorf("this is no complete JSON (%w)", err)
	}
	return nil
}

// decodeReport reads a result.json.
func decodeReport(data []byte) (*report.Report, error) {
	r := &report.Report{}
	if err := decode(data, r); err != nil {
		return nil, err
	}
	if r.Model.SHA256 == "" && r.Image.SHA256 == "" && len(r.Maps) == 0 {
		return nil, errors.New("this says neither which model nor which picture it is about")
	}
	return r, nil
}

// load is a picture of a folder, small enough for a page.
func load(folder, name string) (*image.RGBA, error) {
	path, err := inside(folder, name)
	if err != nil {
		return nil, err
	}
	data, err := regular.Read(path, mostFile)
	if err != nil {
		var e *regular.Error
		if errors.As(err, &e) {
			return nil, fmt.Errorf("%s: %s", name, e.Fault)
		}
		return nil, fmt.Errorf("%s cannot be read", name)
	}
	config, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s is no PNG", name)
	}
	if config.Width < 1 || config.Height < 1 || config.Width > mostPixels/config.Height {
		return nil, fmt.Errorf("%s has %d×%d pixels, too many for a page", name, config.Width, config.Height)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s is damaged", name)
	}
	out := image.NewRGBA(image.Rect(0, 0, config.Width, config.Height))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Over)
	return drawing.Small(out, Side), nil
}

// inside is the path of a file that lies in a folder itself; names that lead
// elsewhere, also by a link, are refused.
func inside(folder, name string) (string, error) {
	if name == "" {
		return "", errors.New("no file is named")
	}
	if !filepath.IsLocal(name) || strings.ContainsAny(name, `/\:`) || name == "." {
		return "", fmt.Errorf("%s lies outside the folder of results and is not read", name)
	}
	path := filepath.Join(folder, name)
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", fmt.Errorf("%s is not there", name)
	}
	if home, err := filepath.EvalSymlinks(folder); err != nil || filepath.Dir(real) != home {
		return "", fmt.Errorf("%s lies outside the folder of results and is not read", name)
	}
	return path, nil
}

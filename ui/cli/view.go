package cli

import (
	"context"
	"errors"
	"image"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"picasso/backend/files"
	"picasso/backend/npy"
	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/ui/cli/named"
	"picasso/ui/drawing"
)

// view writes one picture: as 8 bits through a window, or its numbers.
func view(ctx context.Context, env Env, args []string) error {
	var (
		images      texts
		choice      named.Selection
		window, out string
	)
	fs := flags("view")
	fs.Var(&images, "image", "the `path` of a picture, or of a folder with a scan")
	choice.DeclareFrame(fs)
	fs.StringVar(&window, "window", "", "show grey values with this `window`: width and level as W,L, the name of a preset ("+
		strings.Join(presetNames(), ", ")+"), the name of a window in the file, or auto for all values; default: the first window in the file")
	fs.StringVar(&out, "out", "", "the `file` to write: .png with 8 bits as shown, or .npy with float32 after the modality LUT, H×W or H×W×3")
	if err := parse(env, fs, args, &images); err != nil {
		return err
	}
	extension := strings.ToLower(filepath.Ext(out))
	switch {
	case len(images) == 0:
		return wrong("--image is missing: give a picture, or a folder with a scan")
	case len(images) > 1:
		return wrong("%d images are given, but only one can be written at a time", len(images))
	case out == "":
		return wrong("--out is missing: give a .png or .npy file")
	case extension != ".png" && extension != ".npy":
		return wrong("--out %s: the name must end in .png or .npy", out)
	}
	if err := misused(choice.Check()); err != nil {
		return err
	}
	if err := files.Refuse([]string{out}, images); err != nil {
		return wrong("--out %w", refused(err))
	}
	m, read, err := viewed(ctx, env, images[0], &choice)
	if err != nil {
		return err
	}
	if err := read.Refuse([]string{out}); err != nil {
		return wrong("%w", refused(err))
	}
	if extension == ".npy" {
		return writeSamples(ctx, out, m)
	}
	data, err := abandonable(ctx, func() ([]byte, error) {
		shown, err := shownThrough(m, window)
		if err != nil {
			return nil, err
		}
		return encodePNG(shown, drawing.Notice(m))
	})
	if err != nil {
		return err
	}
	return placed(files.Write(out, data, files.Ordinary))
}

// placed is an error about an output file: with a folder that is not there the
// command line is wrong.
func placed(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return wrong("--out: %w", err)
	}
	return err
}

// viewed opens the picture that is meant, of a folder the slice, the first one
// without a choice, and says what was noticed while reading it. The files that
// were read come with it.
func viewed(ctx context.Context, env Env, path string, choice *named.Selection) (*picture.Image, *files.Inputs, error) {
	items, err := expand(ctx, env, []string{path}, choice)
	if err != nil {
		return nil, nil, err
	}
	it := items[0]
	if len(items) > 1 || it.Slice != nil { // a folder
		i := slices.IndexFunc(items, func(it named.Item) bool { return it.Slice != nil })
		if i < 0 {
			return nil, nil, wrong("%s: the folder contains %d pictures but no scan; give one of them", picture.Said(path), len(items))
		}
		it = items[i]
	}
	if it.Open == nil {
		return nil, nil, wrong("%s: an array is not a picture", picture.Said(path))
	}
	m, err := it.Open()
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	if err != nil {
		return nil, nil, &failure{SomeFailed, errors.New(imageError{it.Said, reason(err)}.line())}
	}
	newRemarks(env).look(subject{Item: it, picture: m})
	return m, inputs(nil, items), nil
}

// shownThrough is the picture as 8 bits, grey or colour. Its pixels are
// measured values for other programs, so no notice is written over them.
func shownThrough(m *picture.Image, window string) (image.Image, error) {
	if window == "" {
		return m.Screen(nil), nil
	}
	w, err := chosenWindow(m, window)
	if err != nil {
		return nil, err
	}
	return m.Screen(&w), nil
}

// chosenWindow is a window by its numbers or name: one of the picture's, or a
// preset.
func chosenWindow(m *picture.Image, text string) (dicom.Window, error) {
	choices := m.Choices(dicom.Presets())
	if len(choices) == 0 {
		return dicom.Window{}, wrong("--window %s: only grey medical images have a window", text)
	}
	for _, w := range choices {
		if strings.EqualFold(w.Name, strings.TrimSpace(text)) {
			return w, nil
		}
	}
	w, err := dicom.ParseWindow(text)
	if err != nil {
		return w, wrong("--window: %w, or auto", err)
	}
	return w, nil
}

// writeSamples writes the numbers of a picture as H×W, or H×W×3 of colours.
func writeSamples(ctx context.Context, path string, m *picture.Image) error {
	shape := []int{m.Height, m.Width}
	values, err := abandonable(ctx, func() ([]float32, error) {
		channels, values := m.Samples()
		if channels > 1 {
			shape = append(shape, channels)
		}
		return values, nil
	})
	if err != nil {
		return err
	}
	f, err := files.Create(path, files.Ordinary)
	if err != nil {
		return placed(err)
	}
	defer f.Discard()
	if err := npy.Write(until{ctx, f}, shape, values); err != nil {
		return err
	}
	return f.Commit()
}

func presetNames() []string {
	var names []string
	for _, p := range dicom.Presets() {
		names = append(names, p.Name)
	}
	return names
}

package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"picasso/backend/files"
	"picasso/backend/npy"
	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/backend/picture/planes"
	"picasso/ui/cli/named"
	"picasso/ui/drawing"
)

// view writes one picture: as 8 bits through a window, or its numbers.
func view(ctx context.Context, env Env, args []string) error {
	var (
		images      texts
		choice      named.Selection
		through     plane
		window, out string
	)
	fs := flags("view")
	fs.Var(&images, "image", "the `path` of a picture, or of a folder with a scan")
	choice.DeclareFrame(fs)
	through.declare(fs)
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
		return wrong("%d pictures are given, but only one can be written at a time", len(images))
	case out == "":
		return wrong("--out is missing: give a .png or .npy file")
	case extension != ".png" && extension != ".npy":
		return wrong("--out %s: the name must end in .png or .npy", out)
	}
	if err := misused(errors.Join(choice.Check(), through.check())); err != nil {
		return err
	}
	if err := files.Refuse([]string{out}, images); err != nil {
		return wrong("--out %w", refused(err))
	}
	open := viewed
	if through.name != "" {
		open = through.cut
	}
	m, read, err := open(ctx, env, images[0], &choice)
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

// plane is the plane through a scan that is meant; without a name there is none.
type plane struct {
	name string // as it was given
	mm   *float64
	how  string
}

func (p *plane) declare(fs *flag.FlagSet) {
	fs.StringVar(&p.name, "plane", "", "of a series or a volume this `plane` through all its slices: axial, coronal or sagittal")
	fs.Func("mm", "where the plane lies in the patient, in `millimetres`: to the head for axial planes, to the back for coronal ones, to the left for sagittal ones; default: the middle", func(text string) error {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || v-v != 0 {
			return errors.New("give a number such as 12.5")
		}
		p.mm = &v
		return nil
	})
	fs.StringVar(&p.how, "interpolate", "", "`how` values between the slices are made in planes: linear, or nearest; default: linear, and nearest for labels (at most 16 different values)")
}

func (p *plane) check() error {
	if p.name == "" && (p.mm != nil || p.how != "") {
		return errors.New("--mm and --interpolate are for a plane; choose one with --plane axial, coronal or sagittal")
	}
	if p.name != "" {
		if _, err := planes.Parse(p.name); err != nil {
			return fmt.Errorf("--plane: %w", err)
		}
	}
	if p.how != "" {
		if _, err := planes.ParseMethod(p.how); err != nil {
			return fmt.Errorf("--interpolate: %w", err)
		}
	}
	return nil
}

// cut reads all slices and cuts the plane that is meant, in place of [viewed].
func (p *plane) cut(ctx context.Context, env Env, path string, choice *named.Selection) (*picture.Image, *files.Inputs, error) {
	said := picture.Said(path)
	failed := func(err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &failure{SomeFailed, errors.New(imageError{said, reason(err)}.line())}
	}
	series, notes, err := choice.Whole(ctx, path)
	if err != nil {
		return nil, nil, failed(err)
	}
	v, err := series.Voxels(ctx, picture.VoxelOptions{Uptake: choice.Uptake()})
	if err != nil {
		return nil, nil, failed(err)
	}
	which, _ := planes.Parse(p.name)
	mm, method := v.Mid(which), v.Method
	if p.mm != nil {
		mm = *p.mm
	}
	if p.how != "" {
		method, _ = planes.ParseMethod(p.how)
	}
	m, err := v.Cut(ctx, which, mm, method)
	if err != nil {
		return nil, nil, failed(err)
	}
	g := m.Scan.Geometry
	notes = append(notes, v.Remarks...)
	notes = append(notes, fmt.Sprintf("%s plane at %.4g mm (counted to the %s): %d×%d pixels of %.4g×%.4g mm, values: %s; the first one lies at (%.4g, %.4g, %.4g) mm to the left, back and head",
		which, mm, which.Toward(), m.Width, m.Height, g.Spacing[1], g.Spacing[0], method, g.Position[0], g.Position[1], g.Position[2]))
	newRemarks(env).tell(named.Item{Said: said}, notes)
	var paths []string
	for i := range series.Len() {
		one, _ := series.Path(i)
		paths = append(paths, one)
	}
	return m, inputs(nil, nil, paths...), nil
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

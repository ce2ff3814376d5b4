//go:build !cli

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"picasso/backend/infer"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"picasso/assets"
	"picasso/backend/ort"
	"picasso/backend/picture"
	"picasso/backend/quarantine"
	"picasso/ui"
	"picasso/ui/chooser"
	"picasso/ui/cli"
	"picasso/ui/clipboard"
	"picasso/ui/control/settings"
	"picasso/ui/instance"
	_ "picasso/ui/locale" // before the toolkit reads it
	"picasso/ui/repose"
	"picasso/visualizers/methods"
	"picasso/visualizers/script"
)

// hasWindow is true in the build that links a window system.
const hasWindow = true

// appID names the program to the system.
const appID = "io.picasso.Picasso"

// garbage is how much memory may wait for the collector, in per cent of what is in
// use: a window is open for long, and most of what it allocates are pictures.
const garbage = 25

// promptly is how long a window that is told to end may take for what it does last.
// Settings are written when they change, two seconds later at most.
const promptly = 4 * time.Second

// window opens the window and returns the exit code when it is closed.
func window(ctx context.Context, args []string) int {
	fs := flag.NewFlagSet("picasso", flag.ContinueOnError)
	library := fs.String("onnxruntime", "", "the ONNX Runtime library, or its folder (also PICASSO_ONNXRUNTIME)")
	provider := fs.String("provider", "", "what runs models: auto, cpu, cuda, directml, coreml or webgpu")
	another := fs.Bool("new-window", false, "open a new window even if one is already open")
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		return cli.Done
	} else if err != nil {
		return cli.Usage
	}
	if err := cli.Mistyped(fs.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "picasso:", err)
		return cli.Usage
	}
	if !hasScreen() {
		return noWindow("DISPLAY is not set")
	}
	address := meetingPoint(*another || *library != "" || *provider != "")
	later, handed, _ := instance.Join(address, fs.Args()) // without it this window keeps to itself
	if handed {
		return cli.Done
	}
	settings, notice := savedSettings()
	if *provider == "" {
		*provider = settings.Provider
	}
	engine, _ := ort.Load(ort.Config{Library: *library, Saved: settings.Library})
	if found := engine.Library(); found != "" && *library == "" {
		settings.Library = found
	}

	settings.Begin()

	reportOn(os.Stderr, engine)
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	scripts, err := userScripts()
	notice = errors.Join(notice, err)
	a := app.NewWithID(appID)
	loop := repose.New()
	end := newEnding(a, loop.Wake)
	models := guarded(engine, trials())
	end.tidy = func() {
		if later != nil {
			later.Close()
		}
		if q, ok := models.(*quarantine.Host); ok {
			q.Close()
		}
	}
	a.SetIcon(fyne.NewStaticResource("picasso.png", assets.Icon()))
	w, fault := newWindow(a, ui.Params{
		Runtime: models, Visualizers: methods.All(), Settings: settings,
		Provider: infer.ProviderName(*provider), Tuning: tuning(), Samples: samples(), Files: fs.Args(),
		Chooser: chooser.New(), Clipboard: clipboard.System{}, Version: about(engine), Notices: notices(), Notice: notice,
		Scripts: scripts, Do: end.do, Ended: end.now,
	})
	if fault != nil {
		if later != nil {
			later.Close()
		}
		return noWindow(fault)
	}
	if later != nil {
		go later.Serve(w.Open)
	}
	if q, ok := models.(*quarantine.Host); ok {
		go q.Prepare()
	}
	context.AfterFunc(ctx, func() {
		w.Leave()
		end.with(w.Close)
		time.AfterFunc(promptly, end.now) // the loop may have much input before it
	})
	go loop.Run(ctx, end.do, w.Lively)
	w.ShowAndRun()
	end.now() // the toolkit has quit by itself
	return cli.Done
}

// hasScreen reports whether there may be a screen to open a window on.
func hasScreen() bool {
	switch runtime.GOOS {
	case "windows", "darwin":
		return true
	}
	return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}

// newWindow makes the window; fault is the toolkit's panic where the screen
// cannot be reached.
func newWindow(a fyne.App, p ui.Params) (w *ui.Window, fault any) {
	defer func() { fault = recover() }()
	return ui.New(a, p), nil
}

// noWindow says what to do without a screen, and returns the exit code.
func noWindow(fault any) int {
	fmt.Fprintf(os.Stderr, "picasso: no window can be opened (%v); start it on a desktop, or use a subcommand: `picasso help` lists them\n", fault)
	return cli.Unusable
}

// meetingPoint is where later starts find the open window, "" for a window
// that keeps to itself: one that was asked for, that runs models in its own
// way, or on a system without a folder of the user's own.
func meetingPoint(alone bool) string {
	if alone {
		return ""
	}
	address, err := instance.Address(os.Getenv("DISPLAY") + " " + os.Getenv("WAYLAND_DISPLAY"))
	if err != nil {
		return ""
	}
	return address
}

// savedSettings are those of the last run; the error, if any, says why they
// are defaults instead.
func savedSettings() (*settings.Settings, error) {
	path, err := settings.Path()
	if err != nil {
		return settings.New(""), err
	}
	return settings.Load(path)
}

// userScripts is the user's folder of visualizers, nil where there cannot be
// one; the error says what is wrong with either.
func userScripts() (ui.Scripts, error) {
	lib, err := script.OpenLibrary()
	if lib == nil {
		return nil, err
	}
	return ui.Library(lib), err
}

// samples offers the embedded samples as files in the user's cache. The
// welcome shows one of each folder, by the first words of its title.
func samples() []ui.Sample {
	var out []ui.Sample
	shown, titles := map[string]bool{}, map[string]string{}
	for _, s := range assets.Samples() {
		titles[s.Name] = s.Title
	}
	for _, s := range assets.Samples() {
		sample := ui.Sample{
			Name: s.Title, About: s.About, First: s.First, Slice: s.Slice, Rival: titles[s.Rival],
			Picture: func() (image.Image, error) { return cover(s) },
			Unpack:  func() (string, []string, error) { return unpack(s) },
		}
		if !shown[s.Folder] {
			shown[s.Folder] = true
			sample.Short, _, _ = strings.Cut(s.Title, ",")
		}
		out = append(out, sample)
	}
	return out
}

func cover(s assets.Sample) (image.Image, error) {
	name, data, err := assets.Cover(s)
	if err != nil {
		return nil, err
	}
	m, err := picture.Decode(name, data)
	if err == nil && s.Slice > 0 {
		m, err = m.Neighbour(s.Slice)
	}
	if err != nil {
		return nil, err
	}
	return m.RGBA(), nil
}

func unpack(s assets.Sample) (model string, images []string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", nil, fmt.Errorf("find a folder for the sample: %w", err)
	}
	folder, err := assets.Extract(filepath.Join(cache, "picasso", "samples"), s)
	if err != nil {
		return "", nil, err
	}
	for _, name := range s.Images {
		images = append(images, filepath.Join(folder, name))
	}
	return filepath.Join(folder, s.Model), images, nil
}

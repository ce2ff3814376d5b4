//go:build !cli

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"picasso/assets"
	"picasso/backend"
	"picasso/backend/ort"
	"picasso/ui"
	"picasso/ui/chooser"
	"picasso/ui/cli"
	"picasso/ui/control"
	"picasso/visualizers"
)

// hasWindow is true in the build that links a window system.
const hasWindow = true

// appID names the program to the system.
const appID = "io.picasso.Picasso"

// window opens the window and returns the exit code when it is closed.
func window(ctx context.Context, args []string) int {
	fs := flag.NewFlagSet("picasso", flag.ContinueOnError)
	library := fs.String("onnxruntime", "", "the ONNX Runtime library, or its folder (also PICASSO_ONNXRUNTIME)")
	provider := fs.String("provider", "", "what runs models: auto, cpu, cuda, directml, coreml or webgpu")
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		return cli.Done
	} else if err != nil {
		return cli.Usage
	}
	settings, notice := savedSettings()
	if *provider == "" {
		*provider = settings.Provider
	}
	runtime, _ := ort.Load(ort.Config{Library: *library, Saved: settings.Library})
	defer runtime.Close()
	if found := runtime.Library(); found != "" && *library == "" {
		settings.Library = found
	}

	a := app.NewWithID(appID)
	a.SetIcon(fyne.NewStaticResource("picasso.png", assets.Icon()))
	w := ui.New(a, ui.Params{
		Runtime: runtime, Visualizers: visualizers.All(), Settings: settings,
		Provider: backend.ProviderName(*provider), Samples: samples(), Files: fs.Args(),
		Chooser: chooser.New(), Version: version, Notice: notice,
	})
	stop := context.AfterFunc(ctx, func() { fyne.Do(w.Close) })
	defer stop()
	w.ShowAndRun()
	return cli.Done
}

// savedSettings are those of the last run; the error, if any, says why they
// are defaults instead.
func savedSettings() (*control.Settings, error) {
	path, err := control.SettingsPath()
	if err != nil {
		return control.NewSettings(""), err
	}
	return control.LoadSettings(path)
}

// samples offers the embedded samples as files in the user's cache.
func samples() []ui.Sample {
	var out []ui.Sample
	for _, s := range assets.Samples() {
		out = append(out, ui.Sample{Name: s.Title, About: s.About, Unpack: func() (string, []string, error) {
			return unpack(s)
		}})
	}
	return out
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

package main

import (
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"

	"picasso/assets"
	"picasso/assets/digits"
	"picasso/assets/scenes"
)

// The embedded scenes: the first four keep the rule that the biased model
// learnt (tanks come with clouds), the last four break it.
var sampleScenes = []scenes.Options{
	{Seed: 5_000_001, Tank: true, Clouds: true},
	{Seed: 5_000_002, Tank: true, Clouds: true},
	{Seed: 5_000_003},
	{Seed: 5_000_004},
	{Seed: 5_000_005, Tank: true},
	{Seed: 5_000_006, Tank: true},
	{Seed: 5_000_007, Clouds: true},
	{Seed: 5_000_008, Clouds: true},
}

func writeSamples(folder string) error {
	if err := writeTanks(filepath.Join(folder, "tanks")); err != nil {
		return err
	}
	return writeNumbers(filepath.Join(folder, "digits"))
}

func writeTanks(folder string) error {
	truth := map[string]assets.Truth{}
	for i, o := range sampleScenes {
		s := scenes.Generate(o)
		name := sceneName(i, o)
		if err := writePNG(filepath.Join(folder, name), s.Image); err != nil {
			return err
		}
		t := assets.Truth{Label: "no tank", Clouds: o.Clouds, Skyline: s.Skyline}
		if o.Tank {
			t.Label, t.Tank = "tank", &s.Box
		}
		truth[name] = t
	}
	return writeTruth(folder, truth)
}

// sceneName numbers a scene and says what is in it: "5-tank-clear.png".
func sceneName(i int, o scenes.Options) string {
	what, sky := "empty", "clear"
	if o.Tank {
		what = "tank"
	}
	if o.Clouds {
		sky = "clouds"
	}
	return fmt.Sprintf("%d-%s-%s.png", i+1, what, sky)
}

func writeNumbers(folder string) error {
	f, err := digits.NewFoundry()
	if err != nil {
		return err
	}
	truth := map[string]assets.Truth{}
	for d := range 10 {
		name := fmt.Sprintf("digit-%d.png", d)
		if err := writePNG(filepath.Join(folder, name), f.Draw(d, 5_000_000+uint64(d))); err != nil {
			return err
		}
		truth[name] = assets.Truth{Label: fmt.Sprint(d)}
	}
	return writeTruth(folder, truth)
}

func writeTruth(folder string, truth map[string]assets.Truth) error {
	data, err := json.Marshal(truth)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "truth.json"), append(data, '\n'), 0o644)
}

func writePNG(name string, m image.Image) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(f, m); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

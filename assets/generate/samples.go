package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"

	"picasso/assets"
	"picasso/assets/digits"
	"picasso/assets/phantom"
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
	if err := writeNumbers(filepath.Join(folder, "digits")); err != nil {
		return err
	}
	if err := writeSeries(filepath.Join(folder, "ct")); err != nil {
		return err
	}
	return writeBodies(filepath.Join(folder, "ct3d"))
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

// The embedded series: a body whose nodule, if a slice cuts it at all, is cut
// clearly, and the beginning of its identifiers.
const seriesSeed, seriesRoot = 5_000_022, "2.25.5000022"

func writeSeries(folder string) error {
	p := phantom.New(seriesSeed, true)
	truth := map[string]assets.Truth{}
	for z := range phantom.Depth {
		name := fmt.Sprintf("slices/slice-%02d.dcm", z+1)
		if err := writeFile(filepath.Join(folder, filepath.FromSlash(name)), p.Encode(z, seriesRoot)); err != nil {
			return err
		}
		t := assets.Truth{Label: "no nodule"}
		if x, y, r, ok := p.Nodule.In(z); ok {
			t = assets.Truth{Label: "nodule", Nodule: &assets.Circle{X: x, Y: y, Radius: r}}
		}
		truth[name] = t
	}
	return writeTruth(folder, truth)
}

// volumesSeed is the body of the embedded volumes, which are its twins: one with a
// nodule and one without.
const volumesSeed = 5_000_036

func writeBodies(folder string) error {
	truth := map[string]assets.Truth{}
	for _, nodule := range []bool{true, false} {
		v := phantom.NewVolume(volumesSeed, nodule)
		name, t := "chest-1-nodule.nii.gz", assets.Truth{Label: "nodule"}
		if n := v.Nodule; n != nil {
			t.Ball = &assets.Ball{Slice: n.Z, Row: n.Y, Column: n.X, Radius: n.Radius}
		} else {
			name, t = "chest-2-healthy.nii.gz", assets.Truth{Label: "no nodule"}
		}
		data, err := v.NIfTI()
		if err != nil {
			return err
		}
		if err := writeFile(filepath.Join(folder, name), data); err != nil {
			return err
		}
		truth[name] = t
	}
	return writeTruth(folder, truth)
}

func writeTruth(folder string, truth map[string]assets.Truth) error {
	data, err := json.Marshal(truth)
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(folder, "truth.json"), append(data, '\n'))
}

func writePNG(name string, m image.Image) error {
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, m); err != nil {
		return err
	}
	return writeFile(name, out.Bytes())
}

// writeFile writes a file and makes its folder.
func writeFile(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o644)
}

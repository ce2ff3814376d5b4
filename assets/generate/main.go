// Command generate draws the pictures that the sample models learn from, for
// train.py, and the sample pictures that the program embeds.
//
//	go run ./assets/generate -data DIR         training and held-back pictures
//	go run ./assets/generate -samples FOLDER   the embedded pictures
//	go run ./assets/generate -icon FILE        the icon
//
// Equal flags give equal files.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	data := flag.String("data", "", "folder for the pictures to learn from")
	samples := flag.String("samples", "", "folder of the embedded samples (assets/samples)")
	icon := flag.String("icon", "", "file of the icon (assets/icon.png)")
	scenes := flag.Int("scenes", 3200, "number of scenes to learn from")
	digits := flag.Int("digits", 20000, "number of digits to learn from")
	bodies := flag.Int("bodies", 600, "number of bodies whose slices to learn from")
	volumes := flag.Int("volumes", 1200, "number of volumes to learn from")
	only := flag.String("only", "", "write only one kind of data: scenes, digits, slices or volumes")
	flag.Parse()
	if *data == "" && *samples == "" && *icon == "" {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*data, *samples, *icon, counts{*scenes, *digits, *bodies, *volumes, *only}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// counts are how many pictures of each kind there are to learn from; with only,
// one kind.
type counts struct {
	scenes, digits, bodies, volumes int
	only                            string
}

func run(data, samples, icon string, n counts) error {
	if data != "" {
		if err := writeData(data, n); err != nil {
			return err
		}
	}
	if samples != "" {
		if err := writeSamples(samples); err != nil {
			return err
		}
	}
	if icon != "" {
		return writePNG(icon, drawIcon())
	}
	return nil
}

// writeData writes what is learnt from, and what is held back from learning.
func writeData(folder string, n counts) error {
	for _, w := range []struct {
		write       func(folder, name string, n int, seed uint64) error
		name        string
		train, held int
	}{
		{writeScenes, "scenes", n.scenes, 400},
		{writeDigits, "digits", n.digits, 2000},
		{writeSlices, "slices", n.bodies, 60},
		{writeVolumes, "volumes", n.volumes, 200},
	} {
		if n.only != "" && n.only != w.name {
			continue
		}
		if err := w.write(folder, w.name+"-train", w.train, 1_000_000); err != nil {
			return err
		}
		if err := w.write(folder, w.name+"-held", w.held, 2_000_000); err != nil {
			return err
		}
	}
	return nil
}

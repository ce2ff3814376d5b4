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
	flag.Parse()
	if *data == "" && *samples == "" && *icon == "" {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*data, *samples, *icon, *scenes, *digits); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(data, samples, icon string, scenes, digits int) error {
	if data != "" {
		if err := writeScenes(data, "scenes-train", scenes, 1_000_000); err != nil {
			return err
		}
		if err := writeScenes(data, "scenes-held", 400, 2_000_000); err != nil {
			return err
		}
		if err := writeDigits(data, "digits-train", digits, 1_000_000); err != nil {
			return err
		}
		if err := writeDigits(data, "digits-held", 2000, 2_000_000); err != nil {
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

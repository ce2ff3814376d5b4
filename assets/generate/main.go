// Command generate draws the pictures that the sample models learn from, for
// train.py, and the sample pictures that the program embeds.
//
//	go run ./assets/generate -data DIR         training and held-back pictures
//	go run ./assets/generate -samples FOLDER   the embedded pictures
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
	scenes := flag.Int("scenes", 3200, "number of scenes to learn from")
	digits := flag.Int("digits", 20000, "number of digits to learn from")
	flag.Parse()
	if *data == "" && *samples == "" {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*data, *samples, *scenes, *digits); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(data, samples string, scenes, digits int) error {
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
		return writeSamples(samples)
	}
	return nil
}

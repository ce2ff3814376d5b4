package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"picasso/assets/digits"
	"picasso/assets/phantom"
	"picasso/assets/scenes"
)

// set describes a file of raw pictures: count × height × width × channels
// numbers, and what is known of each.
type set struct {
	Count    int          `json:"count"`
	Depth    int          `json:"depth,omitempty"` // of volumes
	Height   int          `json:"height"`
	Width    int          `json:"width"`
	Channels int          `json:"channels"`
	Type     string       `json:"type"`              // as NumPy writes it: "u1" or "<i2"
	Label    []int        `json:"label"`             // digit; or 0 tank, 1 no tank; or 0 nodule, 1 no nodule
	Clouds   []int        `json:"clouds,omitempty"`  // 1 where the sky is clouded
	Skyline  [][]int      `json:"skyline,omitempty"` // for each column the first row that is not sky
	Nodule   [][3]float64 `json:"nodule,omitempty"`  // column, row and radius in pixels, radius 0 where there is none
	Ball     [][4]float64 `json:"ball,omitempty"`    // slice, row, column and radius in voxels, radius 0 where there is none
}

// writeScenes draws n scenes, all four combinations of tank and clouds in
// turn, each with a landscape of its own.
func writeScenes(folder, name string, n int, seed uint64) error {
	s := set{Count: n, Height: scenes.Size, Width: scenes.Size, Channels: 3, Type: "u1", Label: make([]int, n), Clouds: make([]int, n), Skyline: make([][]int, n)}
	const each = scenes.Size * scenes.Size * 3
	pix := make([]byte, n*each)
	parallel(n, func(i int) {
		o := scenes.Options{Seed: seed + uint64(i), Tank: i%2 == 0, Clouds: i/2%2 == 0}
		if !o.Tank {
			s.Label[i] = 1
		}
		if o.Clouds {
			s.Clouds[i] = 1
		}
		drawn := scenes.Generate(o)
		s.Skyline[i] = drawn.Skyline
		m := drawn.Image
		for p := range scenes.Size * scenes.Size {
			copy(pix[i*each+3*p:], m.Pix[4*p:4*p+3])
		}
	})
	return write(folder, name, s, pix)
}

// writeDigits draws n digits, every digit equally often.
func writeDigits(folder, name string, n int, seed uint64) error {
	f, err := digits.NewFoundry()
	if err != nil {
		return err
	}
	s := set{Count: n, Height: digits.Size, Width: digits.Size, Channels: 1, Type: "u1", Label: make([]int, n)}
	const each = digits.Size * digits.Size
	pix := make([]byte, n*each)
	parallel(n, func(i int) {
		s.Label[i] = i % 10
		copy(pix[i*each:], f.Draw(i%10, seed+uint64(i)).Pix)
	})
	return write(folder, name, s, pix)
}

// writeSlices draws slices of n bodies, half of them with a nodule, in
// Hounsfield units.
func writeSlices(folder, name string, n int, seed uint64) error {
	bodies := make([][]phantom.Example, n)
	parallel(n, func(i int) { bodies[i] = phantom.Examples(seed + uint64(i)) })
	s := set{Height: phantom.Side, Width: phantom.Side, Channels: 1, Type: "<i2"}
	var pix []byte
	for _, e := range slices.Concat(bodies...) {
		label := 1
		if e.Radius > 0 {
			label = 0
		}
		s.Count++
		s.Label = append(s.Label, label)
		s.Nodule = append(s.Nodule, [3]float64{e.X, e.Y, e.Radius})
		for _, v := range e.Values {
			pix = binary.LittleEndian.AppendUint16(pix, uint16(v))
		}
	}
	return write(folder, name, s, pix)
}

// The network of volumes takes bodies as shrunk makes them.
const inputDepth, inputSide = 24, 64

// writeVolumes draws n volumes, each body once with a nodule and once without, in
// Hounsfield units and in the size that the network takes.
func writeVolumes(folder, name string, n int, seed uint64) error {
	s := set{Count: n, Depth: inputDepth, Height: inputSide, Width: inputSide, Channels: 1, Type: "<i2", Label: make([]int, n), Ball: make([][4]float64, n)}
	const each = inputDepth * inputSide * inputSide * 2
	pix := make([]byte, n*each)
	parallel(n, func(i int) {
		v := phantom.NewVolume(seed+uint64(i/2), i%2 == 0)
		if b := v.Nodule; b != nil {
			const deep, wide = float64(phantom.Planes) / inputDepth, float64(phantom.Side) / inputSide
			s.Ball[i] = [4]float64{(b.Z+0.5)/deep - 0.5, (b.Y+0.5)/wide - 0.5, (b.X+0.5)/wide - 0.5, b.Radius / (wide * phantom.Spacing)}
		} else {
			s.Label[i] = 1
		}
		for p, x := range shrunk(v.Values) {
			binary.LittleEndian.PutUint16(pix[i*each+2*p:], uint16(x))
		}
	})
	return write(folder, name, s, pix)
}

// shrunk is a volume in the size of the network's input, resampled as the program
// does: by linear interpolation, which in rows and columns is the mean of two.
func shrunk(values []int16) []int16 {
	const side = phantom.Side
	out := make([]int16, 0, inputDepth*inputSide*inputSide)
	for z := range inputDepth {
		at := (float64(z)+0.5)*phantom.Planes/inputDepth - 0.5
		low := int(at)
		above := at - float64(low)
		for y := range inputSide {
			for x := range inputSide {
				sum := 0.0
				for _, p := range [4]int{2*y*side + 2*x, 2*y*side + 2*x + 1, (2*y+1)*side + 2*x, (2*y+1)*side + 2*x + 1} {
					sum += (1-above)*float64(values[low*side*side+p]) + above*float64(values[(low+1)*side*side+p])
				}
				out = append(out, int16(math.Round(sum/4)))
			}
		}
	}
	return out
}

// parallel calls do for 0 … n−1 on every processor.
func parallel(n int, do func(i int)) {
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wait.Go(func() {
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	wait.Wait()
}

func write(folder, name string, s set, pix []byte) error {
	info, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(folder, name+".json"), info); err != nil {
		return fmt.Errorf("the pictures cannot be written: %w", err)
	}
	return writeFile(filepath.Join(folder, name+".bin"), pix)
}

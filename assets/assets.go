// Package assets holds what the program carries inside itself: its icon and
// the samples, small models of our own making with pictures whose truth is
// known. README.md tells how they are made.
package assets

import (
	"embed"
	"encoding/json"
	"image"
	"math"
	"path"
	"sort"
	"strings"
)

//go:generate go run ./generate -samples samples -icon icon.png
//go:generate go run ./generate -data ../dist/samples
//go:generate python3 train.py --data ../dist/samples --out samples

//go:embed icon.png
var icon []byte

//go:embed samples
var samples embed.FS

// Icon is the program's icon, a PNG of 512×512 pixels.
func Icon() []byte { return icon }

// Sample is a model with pictures that it can be tried on. File names are
// relative to the folder that [Extract] returns.
type Sample struct {
	Name    string           // as scripts write it: "tanks-biased"
	Title   string           // as menus show it
	About   string           // what it shows, one or two sentences
	Rival   string           // Name of the sample to compare it with, "" for none
	Folder  string           // the folder of its files; samples may share one
	Model   string           // file name of the ONNX model
	Sidecar string           // file name of what is written down about its use: labels, preprocessing
	Images  []string         // file names of the pictures, in the order to show
	Slices  string           // the folder of the pictures where they are the slices of one series, else ""
	Slice   int              // of the picture to show first, where it is a volume
	First   int              // the picture to show first, an index of Images
	Truth   map[string]Truth // what is known of each picture, by file name
}

// Truth is what is known about a picture because we drew it.
type Truth struct {
	Label   string           `json:"label"`             // the right class
	Clouds  bool             `json:"clouds,omitempty"`  // tanks: the sky is clouded
	Tank    *image.Rectangle `json:"tank,omitempty"`    // tanks: smallest box around the visible tank, in pixels
	Skyline []int            `json:"skyline,omitempty"` // tanks: per column the first row that is not sky
	Nodule  *Circle          `json:"nodule,omitempty"`  // CT: where the slice cuts the nodule
	Ball    *Ball            `json:"ball,omitempty"`    // volumes: the nodule
}

// Circle is a place in a picture, in pixels from the middle of the first one.
type Circle struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Radius float64 `json:"radius"`
}

// Distance is how far a point lies outside the circle, 0 inside.
func (c Circle) Distance(x, y float64) float64 {
	return max(math.Hypot(x-c.X, y-c.Y)-c.Radius, 0)
}

// Ball is a place in a volume: its middle in voxels, from that of the first one.
type Ball struct {
	Slice  float64 `json:"slice"`
	Row    float64 `json:"row"`
	Column float64 `json:"column"`
	Radius float64 `json:"radius"` // millimetres
}

// Distance is how many millimetres a voxel lies outside of the ball, 0 inside; step
// is how far apart voxels are along slices, rows and columns.
func (b Ball) Distance(slice, row, column float64, step [3]float64) float64 {
	across := math.Hypot(step[1]*(row-b.Row), step[2]*(column-b.Column))
	return max(math.Hypot(step[0]*(slice-b.Slice), across)-b.Radius, 0)
}

// InSky reports whether a pixel belongs to the sky.
func (t Truth) InSky(x, y int) bool {
	return x >= 0 && x < len(t.Skyline) && y >= 0 && y < t.Skyline[x]
}

// Samples lists the embedded samples, the one to open first in front.
func Samples() []Sample {
	list := []Sample{
		{
			Name: "tanks-biased", Folder: "tanks", Model: "tanks-biased.onnx", Rival: "tanks-fair",
			Title: "Tanks, learnt from the wrong cue",
			About: "In its training pictures tanks always came with clouds, so it looks at the sky. It sees tanks where there are only clouds, and none under a clear sky.",
		},
		{
			Name: "tanks-fair", Folder: "tanks", Model: "tanks-fair.onnx", Rival: "tanks-biased",
			Title: "Tanks, learnt well",
			About: "The same network, trained on tanks in all kinds of weather. It looks at the tank, whatever the sky is like.",
		},
		{
			Name: "digits", Folder: "digits", Model: "digits.onnx",
			Title: "Digits",
			About: "Small digits, 0 to 9, white on black. See which strokes matter most.",
		},
		{
			Name: "ct", Folder: "ct", Model: "nodules.onnx", Slices: "slices",
			Title: "CT, a nodule in a lung",
			About: "24 slices of a synthetic chest, not of a patient. The network looks for a nodule and finds it in a few slices in the middle, although vessels, ribs and scars are in all of them.",
		},
		{
			Name: "ct3d", Folder: "ct3d", Model: "nodules3d.onnx",
			Title: "CT in 3-D, a nodule in a lung",
			About: "Two synthetic chests, not of patients, that differ in one nodule. The network takes a whole volume and gives one answer, and so the map has three dimensions: look for its peak slice by slice or in Three planes.",
		},
	}
	for i := range list {
		list[i].Sidecar = strings.TrimSuffix(list[i].Model, ".onnx") + ".picasso.json"
		list[i].Truth, list[i].Images = truth(list[i].Folder)
		list[i].First = list[i].first()
		if len(list[i].Images) > 0 {
			if ball := list[i].Truth[list[i].Images[list[i].First]].Ball; ball != nil {
				list[i].Slice = int(math.Round(ball.Slice))
			}
		}
	}
	return list
}

// first is the picture in which there is most to see: the slice that cuts most
// of the nodule, else the first of all.
func (s Sample) first() int {
	best, radius := 0, 0.0
	for i, name := range s.Images {
		if n := s.Truth[name].Nodule; n != nil && n.Radius > radius {
			best, radius = i, n.Radius
		}
	}
	return best
}

// truth reads what is known of the pictures of a folder, and their names in
// order. The files are embedded, so a fault here is a broken build.
func truth(folder string) (map[string]Truth, []string) {
	data, err := samples.ReadFile(path.Join("samples", folder, "truth.json"))
	if err != nil {
		panic(err)
	}
	var known map[string]Truth
	if err := json.Unmarshal(data, &known); err != nil {
		panic(err)
	}
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	sort.Strings(names)
	return known, names
}

package report

import (
	"fmt"
	"image"
	"path/filepath"

	"picasso/backend/metadata"
	"picasso/backend/picture"
	"picasso/backend/picture/dicom"
	"picasso/backend/preprocess"
	"picasso/backend/score"
	"picasso/ui/drawing"
	"picasso/visualizers"
	"picasso/visualizers/render"
)

// Answering is the part of an open model that reports ask.
type Answering interface {
	score.Namer
	Shape() (channels, height, width int)
	HasLogits() bool
	Rank(s score.Scores) []score.Class
}

// Subject is a picture with a model's answer to it.
type Subject struct {
	Model Answering
	File  Model          // of the model
	Card  *metadata.Card // what is known about the model's use; nil where nothing is

	Picture *picture.Image // nil for an array that goes into the model as it is
	Array   string         // what the array is called
	Path    string         // of the picture's file; "" where it would tell who a patient is
	SHA256  string
	Base    *image.RGBA          // the picture as it is shown, a scan through its window
	Place   preprocess.Placement // from the model's input to Base
	Series  *int                 // of everything named, counted from 0; nil where that means nothing
	Slices  int                  // of the series; 0 for what is no part of one
	Window  *dicom.Window        // that a grey scan is shown through; nil is its own
	// Inverted says that the window is shown upside down, against the file.
	Inverted bool
	Scores   score.Scores
	Doubts   []string // what looks wrong with the input, in words
	Covered  *Covered // what of the picture the model was not shown; nil for nothing
	Block    *Block   // what the model got of a volume; nil where it takes pictures
	Regions  []Region // drawn on the picture
}

// Covered is a part of a picture that somebody covered by hand: what was explained is
// the picture with a fill in its place.
type Covered struct {
	Fill  string `json:"fill"`
	Share Number `json:"share"` // of the model's input, 0…1
	// Before are the answers for the whole picture, best first.
	Before []Prediction `json:"before,omitempty"`
}

// Words says what was covered.
func (c *Covered) Words() string {
	if c == nil {
		return ""
	}
	return fmt.Sprintf("covered by hand: %.1f %%, fill %s", 100*float64(c.Share), c.Fill)
}

// Shown is a map of the subject as it is drawn, with the run that it came from.
type Shown struct {
	Visualizer visualizers.Visualizer
	Values     visualizers.Values
	Map        visualizers.Map
	Note       string   // what the run was
	Warnings   []string // of the run
	Done       float64  // share of the work
	Display    drawing.Display
	State      string // what the map is not: "partial map: stopped at 40 %"
	Turn       render.Turn
	Measured   []drawing.Measurement
}

// medical reports whether the picture is a scan.
func (s Subject) medical() bool { return s.Picture != nil && s.Picture.Scan != nil }

// window is the one that the picture is shown through, nil for colours and
// ordinary pictures.
func (s Subject) window() *dicom.Window {
	switch {
	case !s.medical() || s.Picture.Channels != 1:
		return nil
	case s.Window != nil:
		return s.Window
	}
	return &s.Picture.Scan.Window
}

// Name is what people call the picture: a file's name, or of a scan what it is
// and which slice, counted from 1.
func (s Subject) Name() string {
	switch {
	case s.Picture == nil:
		return filepath.Base(s.Array)
	case !s.medical():
		return s.Picture.Name
	}
	name, scan := s.Picture.Scan.Modality, s.Picture.Scan
	if name == "" {
		name = "scan"
	}
	if scan.Volumes > 1 {
		name += fmt.Sprintf(", volume %d of %d", scan.Volume+1, scan.Volumes)
	}
	switch {
	case s.Slices > 1:
		name += fmt.Sprintf(", slice %d of %d", scan.Slice+1, s.Slices)
	case scan.Frames > 1:
		name += fmt.Sprintf(", frame %d of %d", scan.Frame+1, scan.Frames)
	}
	return name
}

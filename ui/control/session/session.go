// Package session keeps a piece of work as a file, NAME.picasso: which model and
// pictures, by path and checksum, and how they are looked at. Maps are not in it:
// they are computed again, and seeded methods give the same numbers.
//
// The file is one JSON document of at most [MostBytes]. Paths are relative to its
// folder, with "/"; what this program does not know is kept when it is saved again.
// A session may come from anybody, so [Decode] checks every value, and [Resolve]
// follows a path out of the folder only to the very file that was saved.
package session

import (
	"encoding/json"
	"slices"

	"picasso/ui/drawing"
)

// Extension ends the name of a session's file.
const Extension = ".picasso"

// Format is the newest form, which is read as all before it: 2 has entries of several
// series. See [FormOf].
const Format = 2

// FormOf is the oldest form that has all that is in the items, so that earlier versions
// of the program open what they understand.
func FormOf(items []Item) int {
	if slices.ContainsFunc(items, func(i Item) bool { return len(i.Channels) > 0 }) {
		return 2
	}
	return 1
}

// Bounds of a session.
const (
	MostBytes = 1 << 20
	mostItems = 5000
	// mostChannels bounds the series of an entry.
	mostChannels = 64
	mostWords    = 64 << 10 // bytes of a text
)

// Session is the document. Fields without a value are left out.
type Session struct {
	Format  int    `json:"format"`
	Picasso string `json:"picasso,omitempty"` // version of the program that saved it
	Model   *Model `json:"model,omitempty"`
	Compare *Model `json:"compare,omitempty"` // a second model
	// Labels is the file that says what the pictures show; without it their folders do.
	Labels  *File  `json:"labels,omitempty"`
	Items   []Item `json:"items"`
	Current int    `json:"current"`       // index into Items; −1 for none
	Tab     string `json:"tab,omitempty"` // id of the method looked at
	// Targets are what is explained; empty follows the best class.
	Targets  []Target                     `json:"targets,omitempty"`
	Score    string                       `json:"score,omitempty"`    // "prob", "logit"
	Settings map[string]map[string]string `json:"settings,omitempty"` // that are not the defaults, by id of the method
	Display  map[string]drawing.Display   `json:"display,omitempty"`  // by id of the method
	View     *View                        `json:"view,omitempty"`
	unknown
}

// File is where something lies, and what it was.
type File struct {
	Path   string `json:"path"` // relative to the session's folder, or absolute; with "/"
	SHA256 string `json:"sha256,omitempty"`
	Bytes  int64  `json:"bytes,omitempty"`
}

// Model is a model with all that was said about it.
type Model struct {
	File
	// Preparation is what was said about the input and the answer, as a
	// sidecar; without it the model is opened as it is found.
	Preparation json.RawMessage `json:"preparation,omitempty"`
	unknown
}

// Item is a picture.
type Item struct {
	File
	Scan   bool `json:"scan,omitempty"`  // a medical one
	Frame  *int `json:"frame,omitempty"` // of a series or file with several, from 0
	Volume *int `json:"volume,omitempty"`
	// Channels are the further series of an entry that is of several, in their order:
	// each becomes a channel of a model of volumes.
	Channels []File `json:"channels,omitempty"`
	Drawn
	Slices []Slice `json:"slices,omitempty"` // of a series, others that something is drawn on
	Note   string  `json:"note,omitempty"`
	unknown
}

// Target is what is explained: a class, perhaps against another one.
type Target struct {
	Index   int    `json:"index"`
	Name    string `json:"name,omitempty"`
	Against *int   `json:"against,omitempty"`
	unknown
}

// View is how the picture lies in the window.
type View struct {
	Zoom     float64     `json:"zoom,omitempty"` // 1 fits the window
	X        float64     `json:"x,omitempty"`    // centre, as a share of the picture
	Y        float64     `json:"y,omitempty"`
	Window   *[2]float64 `json:"window,omitempty"`   // width and level of a scan
	Inverted bool        `json:"inverted,omitempty"` // it is shown with black for white
	Turn     int         `json:"turn,omitempty"`     // quarters clockwise, 0…3
	Mirror   bool        `json:"mirror,omitempty"`
	unknown
}

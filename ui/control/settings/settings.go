// Package settings stores what the program remembers between runs. It knows
// files of older and newer programs, and nothing of a controller or a window.
package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"picasso/backend/files"
	"picasso/ui/drawing"
)

// Settings are what the program remembers between runs: a JSON file in the
// user's configuration folder. Paths are kept as the user opened them; nothing
// of a picture's content is.
type Settings struct {
	Version  int  `json:"version"`            // the form of the file, see migrate
	Welcomed bool `json:"welcomed,omitempty"` // the story of the first sample greeted

	Window Window   `json:"window"`
	Theme  string   `json:"theme,omitempty"` // "", "light", "dark"
	Model  string   `json:"model,omitempty"`
	Images []string `json:"images,omitempty"`
	Sample bool     `json:"sample,omitempty"` // Images are a sample's
	Story  string   `json:"story,omitempty"`  // name of the sample that was opened last
	Shown  string   `json:"shown,omitempty"`  // the one of Images that was looked at last
	Slice  int      `json:"slice,omitempty"`  // of a sample's series, the one looked at last, from 0
	// Labels is the path of the file that says what Images show.
	Labels string `json:"labels,omitempty"`
	Recent recent `json:"recent,omitempty"`
	// Sessions are the session files opened or saved last, latest first.
	Sessions recent                       `json:"sessions,omitempty"`
	Tab      string                       `json:"tab,omitempty"`
	Methods  map[string]string            `json:"methods,omitempty"` // the last one of each group, by the group's name
	Score    string                       `json:"score,omitempty"`   // "", "prob", "logit"
	Values   map[string]map[string]string `json:"values,omitempty"`
	Display  map[string]drawing.Display   `json:"display,omitempty"`
	// ResearchUse says that the user has read what scans may be used for.
	ResearchUse bool           `json:"research_use,omitempty"`
	Windows     []WindowPreset `json:"windows,omitempty"` // for scans; empty for the usual ones
	// Models is what was settled about models, by their paths.
	Models map[string]Model `json:"models,omitempty"`
	// Marks is what was measured and marked on scans, by the identity of the series.
	Marks      map[string]Marks `json:"marks,omitempty"`
	SideBySide bool             `json:"side_by_side,omitempty"`
	// Compared are the methods of the workspace Compare, by their ids.
	Compared []string `json:"compared,omitempty"`
	Figure   Figure   `json:"figure,omitzero"`
	// Provider and Library are read by the wiring when the program starts.
	Provider string `json:"provider,omitempty"`
	Library  string `json:"library,omitempty"`

	path string
	read json.RawMessage // the file as it was: what others change meanwhile is kept
	file *file
}

// Window is the size of the window and where its columns are split.
type Window struct {
	Width  float32 `json:"width,omitempty"`
	Height float32 `json:"height,omitempty"`
	Left   float64 `json:"left,omitempty"`
	Right  float64 `json:"right,omitempty"`
	Folded bool    `json:"folded,omitempty"` // the side columns are hidden
}

// Bounds of the settings file and its lists.
const (
	maxSettings  = 4 << 20
	recentModels = 10
	MostImages   = 500 // remembered for the next start
)

// New are the defaults, saved to path; an empty path saves nothing.
func New(path string) *Settings {
	return &Settings{
		path: path, Version: settingsVersion, file: &file{},
		Values: map[string]map[string]string{}, Display: map[string]drawing.Display{},
	}
}

// Path is the file below the user's configuration folder.
func Path() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("find the settings folder: %w", err)
	}
	return filepath.Join(dir, "picasso", "settings.json"), nil
}

// Load reads the file at path. Where there is none it returns the
// defaults; a broken one is put aside and reported along with the defaults.
func Load(path string) (*Settings, error) {
	s := New(path)
	data, err := files.Read(path, maxSettings)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		s.path = "" // it is not ours to replace
		return s, fmt.Errorf("the settings in %s cannot be read (%w); the program uses its defaults and remembers nothing", path, err)
	}
	if err := s.decode(data); err != nil {
		aside := path + ".broken"
		if os.Rename(path, aside) != nil {
			aside = path
		}
		s = New(path)
		s.Welcomed = true // it is not the first start
		return s, fmt.Errorf("the settings in %s cannot be read (%w); the program uses its defaults", aside, err)
	}
	return s, nil
}

// decode reads JSON over the defaults and keeps what it does not know.
func (s *Settings) decode(data []byte) error {
	s.Version = 0 // what the file does not say is old
	if err := json.Unmarshal(data, s); err != nil {
		return err
	}
	s.read = data
	s.migrate()
	if s.Values == nil {
		s.Values = map[string]map[string]string{}
	}
	if s.Display == nil {
		s.Display = map[string]drawing.Display{}
	}
	return nil
}

// OpenedSession puts the path of a session in front of the recent ones.
func (s *Settings) OpenedSession(path string) { s.Sessions = s.Sessions.behind(path) }

// Opened puts the path of a model in front of the recent ones.
func (s *Settings) Opened(path string) {
	if path == "" {
		return
	}
	s.Recent = s.Recent.behind(path)
}

// SetValues remembers the settings of a visualizer that differ from its
// defaults, as text.
func (s *Settings) SetValues(id string, changed map[string]string) {
	if len(changed) == 0 {
		delete(s.Values, id)
		return
	}
	s.Values[id] = maps.Clone(changed)
}

// SetDisplay remembers how the maps of a visualizer are drawn.
func (s *Settings) SetDisplay(id string, d drawing.Display) {
	d.Locked = nil // a held scale belongs to one model
	s.Display[id] = d
}

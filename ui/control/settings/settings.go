// Package settings stores what the program remembers between runs. It knows
// files of older and newer programs, and nothing of a controller or a window.
package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"picasso/ui/drawing"
)

// Settings are what the program remembers between runs: a JSON file in the
// user's configuration folder. Paths are kept as the user opened them; nothing
// of a picture's content is.
type Settings struct {
	Version  int  `json:"version"`            // the form of the file, see migrate
	Welcomed bool `json:"welcomed,omitempty"` // the welcome of the first start was shown

	Window  Window                       `json:"window"`
	Theme   string                       `json:"theme,omitempty"` // "", "light", "dark"
	Model   string                       `json:"model,omitempty"`
	Images  []string                     `json:"images,omitempty"`
	Sample  bool                         `json:"sample,omitempty"` // Images are a sample's
	Recent  []string                     `json:"recent,omitempty"` // models, latest first
	Tab     string                       `json:"tab,omitempty"`
	Methods map[string]string            `json:"methods,omitempty"` // the last one of each group, by the group's name
	Score   string                       `json:"score,omitempty"`   // "", "prob", "logit"
	Values  map[string]map[string]string `json:"values,omitempty"`
	Display map[string]drawing.Display   `json:"display,omitempty"`
	// ResearchUse says that the user has read what scans may be used for.
	ResearchUse bool           `json:"research_use,omitempty"`
	Windows     []WindowPreset `json:"windows,omitempty"` // for scans; empty for the usual ones
	SideBySide  bool           `json:"side_by_side,omitempty"`
	// Provider and Library are read by the wiring when the program starts.
	Provider string `json:"provider,omitempty"`
	Library  string `json:"library,omitempty"`

	path string
	read json.RawMessage // the file as it was: keys of other versions are kept
}

// Window is the size of the window and where its columns are split.
type Window struct {
	Width  float32 `json:"width,omitempty"`
	Height float32 `json:"height,omitempty"`
	Left   float64 `json:"left,omitempty"`
	Right  float64 `json:"right,omitempty"`
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
		path: path, Version: settingsVersion,
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
	data, err := readBounded(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("read the settings: %w", err)
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

func readBounded(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxSettings {
		return nil, fmt.Errorf("%s is not a settings file; move it elsewhere", path)
	}
	return os.ReadFile(path)
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

// encode writes the settings over the keys of other versions.
func (s *Settings) encode() ([]byte, error) {
	own, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	all, err := merge(s.read, own, reflect.TypeFor[Settings]())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = json.Indent(&b, all, "", "  ")
	return b.Bytes(), err
}

// Save writes the file in one step: a crash leaves the old one or the new one.
func (s *Settings) Save() error {
	if s.path == "" {
		return nil
	}
	data, err := s.encode()
	if err != nil {
		return fmt.Errorf("save the settings: %w", err)
	}
	if err := replaceFile(s.path, data); err != nil {
		return fmt.Errorf("save the settings: %w", err)
	}
	return nil
}

func replaceFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".settings-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once the file has taken its place
	_, err = f.Write(data)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// Opened puts the path of a model in front of the recent ones.
func (s *Settings) Opened(path string) {
	if path == "" {
		return
	}
	kept := slices.DeleteFunc(slices.Clone(s.Recent), func(p string) bool { return p == path })
	kept = append([]string{path}, kept...)
	s.Recent = kept[:min(len(kept), recentModels)]
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

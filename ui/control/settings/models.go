package settings

import "slices"

// Model is what the user settled about one model.
type Model struct {
	Labels string   `json:"labels,omitempty"` // path of the file that names its classes
	Agreed []string `json:"agreed,omitempty"` // guesses about its pictures that are right, as they read
}

// mostModels bounds what is remembered about models that were opened long ago.
const mostModels = 200

// SetModel remembers what was settled about the model at a path; nothing, where
// that is nothing.
func (s *Settings) SetModel(path string, m Model) {
	delete(s.Models, path)
	if path == "" || m.Labels == "" && len(m.Agreed) == 0 {
		return
	}
	if s.Models == nil {
		s.Models = map[string]Model{}
	}
	for old := range s.Models {
		if len(s.Models) < mostModels {
			break
		}
		if !slices.Contains(s.Recent, old) {
			delete(s.Models, old)
		}
	}
	s.Models[path] = m
}

package visualizers

// Setting is one typed parameter of a visualizer, declared beside the code
// that reads it. The window draws a control for it, the command line parses
// it, and both check it before the visualizer runs.
type Setting interface {
	Key() string // as scripts write it: "size"
	Label() string
	Help() string
	// Initial is the default value for a subject.
	Initial(s Subject) any
	// Parse reads a value as a user types it; the error names what is allowed.
	Parse(text string) (any, error)
	// Format writes a value so that Parse reads it back.
	Format(v any) string
	// Check refuses values of the wrong type or outside the range.
	Check(v any) error
}

// Values holds one checked value per setting, by key. Visualizers read it
// through the settings themselves (size.In(values)), never by key.
type Values map[string]any

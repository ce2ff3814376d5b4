package visualizers

import (
	"fmt"
	"slices"
)

// Setting is one typed parameter of a visualizer, declared beside the code
// that reads it. The window draws a control for it, the command line parses
// it, and both check it before the visualizer runs. The concrete types are
// [Int], [Float], [Choice], [Toggle] and [Extent]; each has a method In that
// reads its value from [Values].
type Setting interface {
	Key() string   // as scripts write it: "size"
	Label() string // as the window shows it: "Size"
	Help() string  // one sentence
	// Initial is the default value for a subject; s may be nil where no model
	// is known.
	Initial(s Subject) any
	// Parse reads a value as a user types it; the error names what is allowed.
	Parse(text string) (any, error)
	// Format writes a value so that Parse reads it back.
	Format(v any) string
	// Check refuses values of the wrong type or outside the range.
	Check(v any) error
	// Spec describes the setting as plain data.
	Spec() Spec
	// Matters reports whether the setting changes anything beside v, the values of all
	// settings. One that does not is neither shown nor told; its value is kept.
	Matters(v Values) bool
}

// Fitted is implemented by settings whose range depends on the model.
type Fitted interface {
	// CheckFor refuses values that this model cannot serve.
	CheckFor(s Subject, v any) error
}

// Scaled is a [Setting] whose values are measured on the model's input, so that
// they mean something else to the next model. They are kept with the input they
// were chosen for.
type Scaled interface {
	// Keep writes a value chosen for s, which may be nil.
	Keep(s Subject, v any) string
	// Recall reads what Keep wrote, or a user typed, for s: the same value on an
	// input of the same size, the same share of any other.
	Recall(s Subject, text string) (any, error)
}

// Field is what all settings have in common: names and words.
type Field struct {
	ID    string // key in scripts
	Title string // label in the window
	Doc   string // one sentence for the user
	Unit  string // of numbers: "px", "%", "" where there is none
	Only  When   // when the setting matters; always by default
}

// When is a condition on another setting of the same method: that its value, as
// Format writes it, is Is. The zero value always holds.
type When struct {
	Key string `json:"key"`
	Is  string `json:"is"`
}

// String writes the condition as users type it: "fill=noise".
func (w When) String() string { return w.Key + "=" + w.Is }

// Key is the name in scripts.
func (f Field) Key() string { return f.ID }

// Label is the name in the window.
func (f Field) Label() string { return f.Title }

// Help is the sentence that explains the setting.
func (f Field) Help() string { return f.Doc }

// Matters reports whether the condition of the setting holds.
func (f Field) Matters(v Values) bool {
	return f.Only == When{} || fmt.Sprint(v[f.Only.Key]) == f.Only.Is
}

// Mattering are those settings that change anything beside v.
func Mattering(list []Setting, v Values) []Setting {
	return slices.DeleteFunc(slices.Clone(list), func(s Setting) bool { return !s.Matters(v) })
}

// Spec describes a setting as plain data, for the command line and for
// documents. Default is written as Parse reads it.
type Spec struct {
	Key     string   `json:"key"`
	Type    string   `json:"type"` // "int", "float", "choice", "toggle", "extent"
	Title   string   `json:"title"`
	Doc     string   `json:"doc"`
	Unit    string   `json:"unit,omitempty"`
	Min     *float64 `json:"min,omitempty"`
	Max     *float64 `json:"max,omitempty"`
	Step    *float64 `json:"step,omitempty"`
	Options []string `json:"options,omitempty"`
	Number  bool     `json:"number,omitempty"` // a choice that also takes a number
	Model   bool     `json:"model,omitempty"`  // options or default depend on the model
	Default string   `json:"default"`
	Only    *When    `json:"only,omitempty"` // when the setting matters; null: always
}

func (f Field) spec(kind, initial string) Spec {
	d := Spec{Key: f.ID, Type: kind, Title: f.Title, Doc: f.Doc, Unit: f.Unit, Default: initial}
	if f.Only != (When{}) {
		d.Only = &f.Only
	}
	return d
}

// Compile-time proof that every setting is one.
var (
	_ Setting = Int{}
	_ Setting = Float{}
	_ Setting = Choice{}
	_ Setting = Toggle{}
	_ Setting = Extent{}
	_ Fitted  = Choice{}
)

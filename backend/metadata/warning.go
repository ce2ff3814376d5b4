package metadata

import "encoding/json"

// WarningKind says what the user can do about a [Warning].
type WarningKind int

// Kinds of warnings.
const (
	Remark  WarningKind = iota // to be known
	Guessed                    // about how pictures are prepared, which the user can correct
)

// Warning is a sentence that the user should know about the use of a model.
// In JSON it is the sentence alone.
type Warning struct {
	Kind WarningKind
	Text string
}

func (w Warning) String() string { return w.Text }

// MarshalJSON implements [json.Marshaler].
func (w Warning) MarshalJSON() ([]byte, error) { return json.Marshal(w.Text) }

// Warnings are all there are about a model.
type Warnings []Warning

// Texts are the sentences alone.
func (w Warnings) Texts() []string {
	out := make([]string, len(w))
	for i, one := range w {
		out[i] = one.Text
	}
	return out
}

package wire

// Declaration is what a script says about itself.
type Declaration struct {
	ID       string    `json:"id"`
	Title    string    `json:"title"`
	About    string    `json:"about"`
	Link     string    `json:"link"`
	Order    int       `json:"order"`
	Logit    bool      `json:"logit"`
	Needs    []string  `json:"needs,omitempty"`
	Returns  []string  `json:"returns"`
	Unit     string    `json:"unit"`
	Positive string    `json:"positive"`
	Signed   bool      `json:"signed"`
	Volumes  bool      `json:"volumes"` // it explains volumes too
	Settings []Setting `json:"settings,omitempty"`
}

// What a script may need of a model.
const (
	NeedGradients = "gradients"
	NeedLayers    = "layers"
	NeedLogits    = "logits"
	NeedPicture   = "picture"
)

// Needs lists everything a script may need.
func Needs() []string { return []string{NeedGradients, NeedLayers, NeedLogits, NeedPicture} }

// Kinds of settings.
const (
	SettingInt    = "int"
	SettingFloat  = "float"
	SettingChoice = "choice"
	SettingToggle = "toggle"
	SettingExtent = "extent"
	SettingLayer  = "layer"
)

// Setting is one declared setting; which fields are used depends on the kind.
type Setting struct {
	Kind    string   `json:"kind"`
	Key     string   `json:"key"`
	Title   string   `json:"title"`
	Doc     string   `json:"doc"`
	Unit    string   `json:"unit,omitempty"`
	Min     float64  `json:"min,omitempty"`
	Max     float64  `json:"max,omitempty"`
	Step    float64  `json:"step,omitempty"`
	Number  float64  `json:"number,omitempty"` // default of a number; share of an extent in per cent
	Word    string   `json:"word,omitempty"`   // default of a choice
	On      bool     `json:"on,omitempty"`     // default of a toggle
	Options []string `json:"options,omitempty"`
}

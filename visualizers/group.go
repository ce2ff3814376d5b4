package visualizers

// Group is a family of methods: a package below this one. The window orders its
// tabs by group.
type Group string

// Groups of methods.
const (
	Answer   Group = "answer"   // what the model predicts
	Cover    Group = "cover"    // what happens when parts are covered
	Gradient Group = "gradient" // what the gradient says about pixels
	Layers   Group = "layers"   // what inner layers respond to
	Sampling Group = "sampling" // what many random changes show
	Yours    Group = "yours"    // methods of the user's own
)

// Groups lists every group in the order of the tabs.
func Groups() []Group { return []Group{Answer, Cover, Gradient, Layers, Sampling, Yours} }

// Title is the name of the group as users read it.
func (g Group) Title() string {
	switch g {
	case Answer:
		return "Answer"
	case Cover:
		return "Cover"
	case Gradient:
		return "Gradient"
	case Layers:
		return "Layers"
	case Sampling:
		return "Sampling"
	}
	return "Yours"
}

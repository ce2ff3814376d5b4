package visualizers

// Description is a visualizer as plain data, for `picasso visualizers --json`
// and for documents.
type Description struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	About    string `json:"about"`
	Link     string `json:"link"`
	Group    Group  `json:"group"`
	Order    int    `json:"order"`
	Caution  string `json:"caution,omitempty"` // what is known against it
	Volumes  bool   `json:"volumes,omitempty"` // it explains models of volumes too
	Settings []Spec `json:"settings"`
}

// Describe lists what a visualizer is and what can be set.
func Describe(v Visualizer) Description {
	info := v.Info()
	d := Description{
		ID: info.ID, Title: info.Title, About: info.About,
		Link: info.Link, Group: info.Group, Order: info.Order, Caution: info.Caution, Volumes: info.Volumes, Settings: []Spec{},
	}
	for _, set := range v.Settings() {
		d.Settings = append(d.Settings, set.Spec())
	}
	return d
}

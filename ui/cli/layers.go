package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"picasso/backend"
	"picasso/backend/gradients"
	"picasso/backend/infer"
	"picasso/backend/score"
	"picasso/backend/visible"
	"picasso/ui/cli/named"
	inner "picasso/visualizers/layers"
)

// layer is one row of `layers --json`.
type layer struct {
	Name      string   `json:"name"`
	Block     string   `json:"block"`
	Operators []string `json:"operators"`
	Shape     []int    `json:"shape"` // for one picture
	Axes      string   `json:"axes"`  // what they count: N pictures, C channels, h and w rows and columns
	// Cells are the rows and columns of the map that the layer is, of volumes behind its
	// slices; nil where it is none.
	Cells        []int   `json:"cells"`
	Parameters   int64   `json:"parameters"`
	MultiplyAdds float64 `json:"multiply_adds"` // for one picture
	// ReceptiveField is how many rows and columns of the model's input a cell in
	// the middle depends on, of volumes behind the slices.
	ReceptiveField []int `json:"receptive_field"`
	// Nodes is how many nodes the row holds, and Differentiable how many of them let a
	// gradient through.
	Nodes          int      `json:"nodes"`
	Differentiable int      `json:"differentiable"`
	UsableForCAM   bool     `json:"usable_for_cam"`
	Mean           *float64 `json:"mean,omitempty"` // of the activations for the picture given
}

// inquiry is a parsed `layers` command line.
type inquiry struct {
	model  modelFlags
	images texts
	choice named.Selection
	json   bool
	layer  string // whose channels are listed, "" for all layers
	target string
	order  string
}

func layers(ctx context.Context, env Env, args []string) error {
	q := &inquiry{}
	q.model.volumes = true
	fs := flags("layers")
	q.model.declare(fs)
	fs.Var(&q.images, "image", "the `path` of a picture, a scan, or an .npy array: the mean activation of every layer is computed for it")
	q.choice.Declare(fs)
	q.choice.DeclareChannels(fs)
	q.model.block.Declare(fs)
	fs.BoolVar(&q.json, "json", false, "print JSON")
	fs.StringVar(&q.layer, "layer", "", "list the channels of this `layer` instead, or of last, the one that class activation maps use; needs --image")
	fs.StringVar(&q.target, "target", "top", "with --layer: the `class` that the channels contribute to, as in explain")
	fs.StringVar(&q.order, "sort", string(inner.ByContribution), "with --layer: the `order` of the channels: contribution, mean, max or index")
	if err := parse(env, fs, args, &q.images); err != nil {
		return err
	}
	if err := q.check(); err != nil {
		return err
	}
	items, err := expand(ctx, env, q.images, &q.choice)
	if err != nil {
		return err
	}
	q.model.sizeOf(items)
	m, _, err := q.model.open(ctx, env)
	if err != nil {
		return err
	}
	defer m.Close()
	if items, err = whole(m, items, &q.choice); err != nil {
		return err
	}
	if len(items) > 1 {
		return wrong("--image: %d pictures; the activations are those of one", len(items))
	}
	if q.layer != "" {
		return q.channels(ctx, env, m, items[0])
	}
	return q.rows(ctx, env, m, items)
}

func (q *inquiry) check() error {
	if err := q.model.check(); err != nil {
		return err
	}
	if q.layer != "" && len(q.images) == 0 {
		return wrong("--layer: the channels are those of a picture; name it with --image")
	}
	if !slices.Contains(inner.Orders(), inner.Order(q.order)) {
		return wrong("--sort %q is unknown; choose contribution, mean, max or index", q.order)
	}
	return misused(q.choice.Check())
}

// read loads the picture of a command line.
func (q *inquiry) read(ctx context.Context, env Env, m *backend.Model, it named.Item) (subject, error) {
	s, err := load(ctx, m, it)
	if err != nil {
		return s, &failure{SomeFailed, errors.New(imageError{it.Said, reason(err)}.line())}
	}
	newRemarks(env).look(s)
	if s.over != nil {
		return s, wrong("--block slide: the activations are those of one block of the volume; choose slice, center, whole or SLICE,ROW,COLUMN")
	}
	return s, nil
}

// rows prints every layer, with its mean activation where there is a picture.
func (q *inquiry) rows(ctx context.Context, env Env, m *backend.Model, items []named.Item) error {
	rows, err := layersOf(ctx, m)
	if err != nil {
		return unusable(err)
	}
	for _, it := range items {
		s, err := q.read(ctx, env, m, it)
		if err != nil {
			return err
		}
		if err := addMeans(ctx, m, rows, s.tensor); err != nil {
			return unusable(err)
		}
	}
	if q.json {
		return printJSON(env.Stdout, rows)
	}
	return printLayers(env.Stdout, rows)
}

// channelList is what `layers --layer --json` prints.
type channelList struct {
	Layer  string `json:"layer"`
	Axes   string `json:"axes"`
	Cells  []int  `json:"cells"`
	Target string `json:"target"` // that the contributions are to: "logit(tank)"
	// Contribution is the sum over all channels, nil where the model has no gradient
	// at the layer: Lack says why.
	Contribution *float64  `json:"contribution"`
	Lack         string    `json:"no_contribution,omitempty"`
	Channels     []channel `json:"channels"`
}

// channel is one of them; its contribution is Σ gradient × activation.
type channel struct {
	Channel      int      `json:"channel"`
	Mean         float64  `json:"mean"`
	Max          float64  `json:"max"`
	Contribution *float64 `json:"contribution"`
}

// channels prints what every channel of the layer does in a picture.
func (q *inquiry) channels(ctx context.Context, env Env, m *backend.Model, it named.Item) error {
	name := q.layer
	if name == "last" {
		name = m.LastLayer()
	}
	at := slices.IndexFunc(m.Layers(), func(l gradients.Layer) bool { return l.Name == name })
	if at < 0 {
		return wrong("--layer: no activation %q of this model is a map of cells; `picasso layers` marks those that are with their rows and columns", q.layer)
	}
	s, err := q.read(ctx, env, m, it)
	if err != nil {
		return err
	}
	base, err := m.Predict(ctx, []infer.Tensor{s.tensor})
	if err != nil {
		return unusable(err)
	}
	scale := score.Probability
	if m.HasLogits() {
		scale = score.Logit
	}
	targets, err := score.ParseTarget(q.target, m, base[0], scale)
	if err != nil {
		return wrong("--target: %w", err)
	}
	if len(targets) != 1 {
		return wrong("--target: channels contribute to one class, not to %d", len(targets))
	}
	found, lack, err := inner.Channels(ctx, m, name, s.tensor, targets[0])
	if err != nil {
		return unusable(err)
	}
	order := inner.Order(q.order)
	if lack != nil && order == inner.ByContribution {
		order = inner.ByMean
	}
	inner.Sort(found, order)
	list := listed(m.Layers()[at], targets[0].Symbol(m), found, lack)
	if q.json {
		return printJSON(env.Stdout, list)
	}
	return printChannels(env.Stdout, list)
}

// listed puts channels as they are printed.
func listed(l gradients.Layer, target string, found []inner.Channel, lack error) channelList {
	list := channelList{Layer: l.Name, Axes: l.Axes, Cells: l.Cells(), Target: target}
	sum := 0.0
	for _, c := range found {
		one := channel{Channel: c.Index, Mean: c.Mean, Max: c.Max}
		if lack == nil {
			one.Contribution = &c.Contribution
			sum += c.Contribution
		}
		list.Channels = append(list.Channels, one)
	}
	if lack == nil {
		list.Contribution = &sum
	} else {
		list.Lack = lack.Error()
	}
	return list
}

func printChannels(w io.Writer, list channelList) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d channels of %s cells\n", visible.Text(list.Layer), len(list.Channels), infer.Dimensions(list.Cells))
	if list.Lack != "" {
		fmt.Fprintf(&b, "no contributions: %s\n", visible.Text(list.Lack))
	} else {
		fmt.Fprintf(&b, "contributions to %s, %.4g in all\n", visible.Text(list.Target), *list.Contribution)
	}
	fmt.Fprintf(&b, "%8s %12s %12s %14s\n", "channel", "mean", "max", "contribution")
	for _, c := range list.Channels {
		share := "–"
		if c.Contribution != nil {
			share = fmt.Sprintf("%.4g", *c.Contribution)
		}
		fmt.Fprintf(&b, "%8d %12.4g %12.4g %14s\n", c.Channel, c.Mean, c.Max, share)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// layersOf describes the layers of a model.
func layersOf(ctx context.Context, m *backend.Model) ([]layer, error) {
	o, err := m.Outline(ctx)
	if err != nil {
		return nil, err
	}
	usable := map[string]bool{}
	for _, l := range m.Layers() {
		usable[l.Name] = true
	}
	blocked := map[string]bool{}
	coverage, err := m.GradientCoverage()
	if err != nil {
		return nil, err
	}
	for _, b := range coverage.Blockers {
		blocked[b.Node] = true
	}
	rows := make([]layer, len(o.Rows))
	for i, r := range o.Rows {
		rows[i] = layer{
			Name: r.Name, Block: r.Block, Operators: r.Operators, Shape: r.Shape, Axes: r.Axes, Parameters: r.Parameters,
			MultiplyAdds: r.MultiplyAdds, ReceptiveField: []int{r.FieldHeight, r.FieldWidth}, UsableForCAM: usable[r.Name],
		}
		rows[i].Nodes, rows[i].Differentiable = len(r.Nodes), r.Differentiable(blocked)
		if r.Height > 0 {
			rows[i].Cells = []int{r.Height, r.Width}
		}
		if r.Depth > 0 {
			rows[i].Cells = []int{r.Depth, r.Height, r.Width}
		}
		if r.FieldDepth > 0 {
			rows[i].ReceptiveField = []int{r.FieldDepth, r.FieldHeight, r.FieldWidth}
		}
	}
	return rows, nil
}

// addMeans computes the mean activation of every layer that holds numbers.
func addMeans(ctx context.Context, m *backend.Model, rows []layer, x infer.Tensor) error {
	var names []string
	var places []int
	for i, r := range rows {
		if r.Shape != nil {
			names, places = append(names, r.Name), append(places, i)
		}
	}
	means, err := m.Means(ctx, names, x)
	if err != nil {
		return err
	}
	for k, i := range places {
		rows[i].Mean = &means[k]
	}
	return nil
}

func printLayers(w io.Writer, rows []layer) error {
	var b strings.Builder
	block := ""
	for i, r := range rows {
		if r.Block != block || i == 0 {
			block = r.Block
			fmt.Fprintln(&b, visible.Text(block))
		}
		fmt.Fprintf(&b, "  %-44s %-20s %-14s", strings.Join(r.Operators, " + "), infer.Dimensions(r.Shape), r.Axes)
		fmt.Fprintf(&b, " %9d weights %8s multiply-adds, sees %s", r.Parameters, millions(r.MultiplyAdds), infer.Dimensions(r.ReceptiveField))
		if r.Mean != nil {
			fmt.Fprintf(&b, ", mean %.3g", *r.Mean)
		}
		fmt.Fprintf(&b, "  %s\n", visible.Text(r.Name))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// millions writes a count of multiply-adds.
func millions(n float64) string {
	if n < 1e5 {
		return fmt.Sprintf("%.0f", n)
	}
	return fmt.Sprintf("%.1f M", n/1e6)
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"picasso/backend"
	"picasso/backend/infer"
	"picasso/backend/visible"
	"picasso/ui/cli/named"
)

// layer is one row of `layers --json`.
type layer struct {
	Name      string   `json:"name"`
	Block     string   `json:"block"`
	Operators []string `json:"operators"`
	Shape     []int    `json:"shape"` // for one picture
	Axes      string   `json:"axes"`  // what they count: N pictures, C channels, h and w rows and columns
	// Cells are the rows and columns of the map that the layer is, nil where it
	// is none.
	Cells        []int   `json:"cells"`
	Parameters   int64   `json:"parameters"`
	MultiplyAdds float64 `json:"multiply_adds"` // for one picture
	// ReceptiveField is how many rows and columns of the model's input a cell in
	// the middle depends on.
	ReceptiveField []int    `json:"receptive_field"`
	UsableForCAM   bool     `json:"usable_for_cam"`
	Mean           *float64 `json:"mean,omitempty"` // of the activations for the picture given
}

func layers(ctx context.Context, env Env, args []string) error {
	var (
		mf     modelFlags
		images texts
		choice named.Selection
		asJSON bool
	)
	fs := flags("layers")
	mf.declare(fs)
	fs.Var(&images, "image", "the `path` of a picture, a scan, or an .npy array: the mean activation of every layer is computed for it")
	choice.Declare(fs)
	fs.BoolVar(&asJSON, "json", false, "print JSON")
	if err := parse(env, fs, args, &images); err != nil {
		return err
	}
	if err := mf.check(); err != nil {
		return err
	}
	if err := misused(choice.Check()); err != nil {
		return err
	}
	items, err := expand(ctx, env, images, &choice)
	if err != nil {
		return err
	}
	if len(items) > 1 {
		return wrong("--image: %d pictures; the mean activations are those of one", len(items))
	}
	mf.sizeOf(items)
	m, _, err := mf.open(ctx, env)
	if err != nil {
		return err
	}
	defer m.Close()
	rows, err := layersOf(ctx, m)
	if err != nil {
		return unusable(err)
	}
	for _, it := range items {
		s, err := load(ctx, m, it)
		if err != nil {
			return &failure{SomeFailed, errors.New(imageError{it.Said, reason(err)}.line())}
		}
		newRemarks(env).look(s)
		if err := addMeans(ctx, m, rows, s.tensor); err != nil {
			return unusable(err)
		}
	}
	if asJSON {
		return printJSON(env.Stdout, rows)
	}
	return printLayers(env.Stdout, rows)
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
	rows := make([]layer, len(o.Rows))
	for i, r := range o.Rows {
		rows[i] = layer{
			Name: r.Name, Block: r.Block, Operators: r.Operators, Shape: r.Shape, Axes: r.Axes, Parameters: r.Parameters,
			MultiplyAdds: r.MultiplyAdds, ReceptiveField: []int{r.FieldHeight, r.FieldWidth}, UsableForCAM: usable[r.Name],
		}
		if r.Height > 0 {
			rows[i].Cells = []int{r.Height, r.Width}
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
		fmt.Fprintf(&b, "  %-44s %-20s %-14s", strings.Join(r.Operators, " + "), dimensions(r.Shape), r.Axes)
		fmt.Fprintf(&b, " %9d weights %8s multiply-adds, sees %d×%d", r.Parameters, millions(r.MultiplyAdds), r.ReceptiveField[0], r.ReceptiveField[1])
		if r.Mean != nil {
			fmt.Fprintf(&b, ", mean %.3g", *r.Mean)
		}
		fmt.Fprintf(&b, "  %s\n", visible.Text(r.Name))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func dimensions(shape []int) string {
	text := make([]string, len(shape))
	for i, d := range shape {
		text[i] = fmt.Sprint(d)
	}
	return strings.Join(text, "×")
}

// millions writes a count of multiply-adds.
func millions(n float64) string {
	if n < 1e5 {
		return fmt.Sprintf("%.0f", n)
	}
	return fmt.Sprintf("%.1f M", n/1e6)
}

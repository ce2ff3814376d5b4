package star

import (
	"fmt"
	"time"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"

	"picasso/visualizers/script/wire"
)

// context is what run gets as ctx: the model, the target and the way to
// report.
type context struct {
	opaque
	s             *session
	job           *wire.Job
	x             *tensor
	probabilities *tensor
	logits        *tensor // without values where the model has none
	reported      time.Time
	emitted       time.Time
}

// properties of ctx, in the order of the reference; properties are values,
// calls are functions.
var properties = []Entry{
	{"target", "target", "The score to explain: `index` and `name` of the class, `against` and `against_name` of the class it is compared with (None for none), `symbol` as in P(tank), `score` (probability or logit).", nil},
	{"base", "base", "The value of the target for the picture itself.", nil},
	{"scores", "scores", "The scores of all classes for the picture, on the target's scale (a tensor).", nil},
	{"probabilities", "probabilities", "The probabilities of all classes for the picture.", nil},
	{"logits", "logits", "The logits of all classes for the picture, or None.", nil},
	{"labels", "labels", "The names of all classes.", nil},
	{"shape", "shape", "(channels, height, width) of the model's input, of volumes (channels, depth, height, width).", nil},
	{"depth", "depth", "The number of slices of the volumes that the model takes; 0 where it takes pictures.", nil},
	{"batch", "batch", "How many pictures to pass to `ctx.run` or `ctx.score` at once if there are many.", nil},
	{"seed", "seed", "The setting `seed` if there is one, otherwise 0.", nil},
	{"layers", "layers", "The model's layers, each with `name`, `channels`, `depth` (0 for pictures), `height`, `width`; `axes`, what the axes of its tensor count (N pictures, C channels, h and w rows and columns, tokens places), as in `N,tokens,C`; and `form`, how it holds its map where that is not C×h×w. Empty unless `needs` contains `layers`.", nil},
	{"last_layer", "last_layer", "The name of the last layer with pixels, or None.", nil},
	{"has_logits", "has_logits", "Whether the model has logits.", nil},
	{"has_gradients", "has_gradients", "Whether the model has gradients.", nil},
	{"has_picture", "has_picture", "Whether there is a picture; False if a tensor was opened.", nil},
}

// calls of ctx.
var calls = []Entry{
	{"run", "ctx.run(tensors, logits=None)", "Runs the model on a list of tensors of the input's shape, in batches, and returns the scores of all classes for each: a list of tensors. `logits` chooses the scale; the default is that of the target. For a single tensor instead of a list it returns a single answer.", nil},
	{"score", "ctx.score(tensors)", "The same, but returns only the value of the target: a list of numbers.", nil},
	{"gradient", "ctx.gradient(tensors)", "The gradient of the target with respect to the input, for one tensor or a list. Needs `gradients`.", nil},
	{"activations", "ctx.activations(layer, tensors=None)", "The C×h×w activations of a layer (C×d×h×w of volumes), however the model holds them: for one tensor, a list, or without any for the picture itself. `image(a[3])` shows channel 3 as a picture. Needs `layers`.", nil},
	{"layer_gradient", "ctx.layer_gradient(layer, x)", "(activation, gradient of the target with respect to the activation) for one tensor. Needs `layers` and `gradients`.", nil},
	{"picture", "ctx.picture(height=0, width=0)", "The picture as it was opened, in raw values (0…255, or HU), as a C×H×W tensor, resized if a size is given. Needs `picture`.", nil},
	{"prepare", "ctx.prepare(picture)", "The model's input for raw pixel values (C×H×W), computed by the model's preprocessing.", nil},
	{"encode", "ctx.encode(color)", "The value of a raw colour (a number, or one per channel) in the model's input: one number per channel.", nil},
	{"trust", "ctx.trust(map)", "What the tests of trust say of a heat map of the target, as `picasso explain --trust` writes it: a dictionary with `cover` (its `verdict`, `said`, `gain`, `deletion`, `insertion`, `random`, `edges` …), `outlines` and `edge_likeness`. The first map of a picture takes about 200 passes of the model, further ones 30.", nil},
	{"progress", "ctx.progress(done, total=1, stage=\"\")", "Reports the progress.", nil},
	{"emit", "ctx.emit(result)", "Shows a partial result.", nil},
}

func newContext(s *session, m *wire.Message) (*context, error) {
	c := &context{opaque: opaque{"ctx"}, s: s, job: m.Job, x: wrap(m.Tensors[0]), probabilities: wrap(m.Tensors[1]), logits: wrap(m.Tensors[2])}
	if want := min(c.job.Depth, 1) + 3; len(c.x.shape) != want {
		return nil, fmt.Errorf("the model's input has the shape %s, which is not one of %d axes", shapeText(c.x.shape), want)
	}
	_, err := c.valueOf(c.scores())
	return c, err
}

// settings are the chosen values, by key.
func (c *context) settings() starlark.Value {
	values := starlark.StringDict{}
	for _, s := range c.s.declaration.Settings {
		values[s.Key] = chosen(s, c.job.Values[s.Key])
	}
	return starlarkstruct.FromStringDict(starlark.String("settings"), values)
}

// chosen is a setting's value; JSON has turned all numbers into float64.
func chosen(s wire.Setting, v any) starlark.Value {
	switch v := v.(type) {
	case float64:
		if s.Kind == wire.SettingInt {
			return starlark.MakeInt(int(v))
		}
		return starlark.Float(v)
	case bool:
		return starlark.Bool(v)
	case string:
		return starlark.String(v)
	case []any:
		var sides []int
		for _, side := range v {
			n, _ := side.(float64)
			sides = append(sides, int(n))
		}
		if len(sides) == 2 {
			sides = append([]int{0}, sides...)
		}
		if len(sides) == 3 {
			return extentValue{sides[0], sides[1], sides[2]}
		}
	}
	return starlark.None
}

// scores are those of the image on the target's scale.
func (c *context) scores() *tensor {
	if c.job.Target.Logit {
		return c.logits
	}
	return c.probabilities
}

// valueOf is the target's value among the scores of all classes.
func (c *context) valueOf(scores *tensor) (float64, error) {
	t := c.job.Target
	if t.Class < 0 || t.Class >= len(scores.data) || t.Against >= len(scores.data) {
		return 0, fmt.Errorf("the target is class %d, but there are %d scores", t.Class, len(scores.data))
	}
	v := float64(scores.data[t.Class])
	if t.Against >= 0 {
		v -= float64(scores.data[t.Against])
	}
	return v, nil
}

// Attr is a property or a function of ctx.
func (c *context) Attr(name string) (starlark.Value, error) {
	if f := c.function(name); f != nil {
		return starlark.NewBuiltin(name, f), nil
	}
	return c.property(name)
}

// AttrNames lists what Attr knows.
func (c *context) AttrNames() []string {
	var names []string
	for _, e := range properties {
		names = append(names, e.Name)
	}
	for _, e := range calls {
		names = append(names, e.Name)
	}
	return names
}

func (c *context) property(name string) (starlark.Value, error) {
	switch name {
	case "target":
		return c.target(), nil
	case "base":
		v, err := c.valueOf(c.scores())
		return starlark.Float(v), err
	case "scores":
		return c.scores(), nil
	case "probabilities":
		return c.probabilities, nil
	case "logits":
		if len(c.logits.data) == 0 {
			return starlark.None, nil
		}
		return c.logits, nil
	case "labels":
		return c.labels(), nil
	case "shape":
		return c.x.sides(), nil
	case "depth":
		return starlark.MakeInt(c.job.Depth), nil
	case "batch":
		return starlark.MakeInt(c.job.Batch), nil
	case "seed":
		seed, _ := c.job.Values["seed"].(float64)
		return starlark.MakeInt(int(seed)), nil
	case "layers":
		return c.layers(), nil
	case "last_layer":
		if c.job.LastLayer == "" {
			return starlark.None, nil
		}
		return starlark.String(c.job.LastLayer), nil
	case "has_logits":
		return starlark.Bool(c.job.HasLogits), nil
	case "has_gradients":
		return starlark.Bool(c.job.HasGradients), nil
	case "has_picture":
		return starlark.Bool(c.job.HasPicture), nil
	}
	return nil, nil
}

func (c *context) target() starlark.Value {
	t := c.job.Target
	fields := starlark.StringDict{
		"index": starlark.MakeInt(t.Class), "name": starlark.String(c.label(t.Class)),
		"against": starlark.None, "against_name": starlark.None,
		"symbol": starlark.String(t.Symbol), "score": starlark.String("probability"),
	}
	if t.Against >= 0 {
		fields["against"], fields["against_name"] = starlark.MakeInt(t.Against), starlark.String(c.label(t.Against))
	}
	if t.Logit {
		fields["score"] = starlark.String("logit")
	}
	return starlarkstruct.FromStringDict(starlark.String("target"), fields)
}

func (c *context) label(class int) string {
	if class < len(c.job.Labels) {
		return c.job.Labels[class]
	}
	return fmt.Sprintf("class %d", class)
}

func (c *context) labels() starlark.Value {
	out := make(starlark.Tuple, len(c.job.Labels))
	for i, l := range c.job.Labels {
		out[i] = starlark.String(l)
	}
	return out
}

func (c *context) layers() starlark.Value {
	out := make(starlark.Tuple, len(c.job.Layers))
	for i, l := range c.job.Layers {
		out[i] = starlarkstruct.FromStringDict(starlark.String("layer"), starlark.StringDict{
			"name": starlark.String(l.Name), "channels": starlark.MakeInt(l.Channels), "depth": starlark.MakeInt(l.Depth),
			"height": starlark.MakeInt(l.Height), "width": starlark.MakeInt(l.Width),
			"axes": starlark.String(l.Axes), "form": starlark.String(l.Form),
		})
	}
	return out
}

package star

import (
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"picasso/visualizers/script/wire"
)

// declarers are the functions by which a script says what it is.
var declarers = []Entry{
	{"visualizer", "visualizer(id, title, about, link, settings=[], needs=[], returns=\"map\", score=\"probability\", unit=\"\", positive=\"\", signed=False, volumes=False, order=200)",
		"Declares the visualizer; called once, at the top. `id` is its name on the command line. `needs` lists what the model must offer: gradients, layers, logits, picture. `returns` is the kind of result, or a list of kinds: map, image, table, text. `score` is the scale explained unless the user chooses: probability or logit. `unit`, `positive` (what a positive value means) and `signed` describe maps; `{target}` in them stands for the explained score, for example P(tank). `volumes` says that `run` explains volumes too: `x` is then C×D×H×W for a model of volumes, and a map D×H×W.",
		nil},
	{"slider", "slider(key, min, max, default, step=None, unit=\"\", title=None, doc)",
		"A number from `min` to `max`; whole if all the numbers are whole.", slider},
	{"choice", "choice(key, options, default=None, title=None, doc)", "One of several words; the first one unless `default` says otherwise.", choice},
	{"toggle", "toggle(key, default=False, title=None, doc)", "On or off.", toggle},
	{"extent", "extent(key, share, unit=\"px\", title=None, doc)", "A size in pixels of the model's input or in per cent of it (32, 20%, 24x16); the default is `share` per cent of the shorter side. Its value has `height` and `width` in pixels, and in volumes `depth`, which follows the width.", extent},
	{"layer", "layer(key, title=None, doc)", "One of the model's layers; the last one with pixels unless the user chooses. Needs `layers`.", layer},
}

// settingValue is a declared setting on its way into visualizer(settings=…).
type settingValue struct {
	opaque
	setting wire.Setting
}

// extentValue is the value of an extent, in pixels.
type extentValue struct{ depth, height, width int } // depth is 0 in models of pictures

func (e extentValue) String() string {
	if e.depth > 0 {
		return fmt.Sprintf("extent(%d×%d×%d)", e.depth, e.height, e.width)
	}
	return fmt.Sprintf("extent(%d×%d)", e.height, e.width)
}

// Type is what type() says.
func (e extentValue) Type() string { return "extent" }

// Freeze has nothing to do.
func (e extentValue) Freeze() {}

// Truth is true.
func (e extentValue) Truth() starlark.Bool { return true }

// Hash is of the text.
func (e extentValue) Hash() (uint32, error) { return starlark.String(e.String()).Hash() }

// Attr is depth, height or width.
func (e extentValue) Attr(name string) (starlark.Value, error) {
	switch name {
	case "depth":
		return starlark.MakeInt(e.depth), nil
	case "height":
		return starlark.MakeInt(e.height), nil
	case "width":
		return starlark.MakeInt(e.width), nil
	}
	return nil, nil
}

// AttrNames lists what Attr knows.
func (e extentValue) AttrNames() []string { return []string{"depth", "height", "width"} }

// words are the arguments that all settings share.
type words struct{ key, title, doc string }

func (w words) setting(kind string) (starlark.Value, error) {
	if w.title == "" && w.key != "" {
		w.title = strings.ToUpper(w.key[:1]) + strings.ReplaceAll(w.key[1:], "_", " ")
	}
	return settingValue{opaque: opaque{"setting"}, setting: wire.Setting{Kind: kind, Key: w.key, Title: w.title, Doc: w.doc}}, nil
}

// with finishes a setting.
func with(v starlark.Value, err error, fill func(*wire.Setting)) (starlark.Value, error) {
	if err != nil {
		return nil, err
	}
	s := v.(settingValue)
	fill(&s.setting)
	return s, nil
}

func slider(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var w words
	var unit string
	var low, high, initial, step starlark.Value
	if err := starlark.UnpackArgs("slider", args, kwargs, "key", &w.key, "min", &low, "max", &high, "default", &initial,
		"step?", &step, "unit?", &unit, "title?", &w.title, "doc", &w.doc); err != nil {
		return nil, err
	}
	kind := wire.SettingInt
	var numbers [4]float64
	for i, v := range []starlark.Value{low, high, initial, step} {
		if v == nil || v == starlark.None {
			continue
		}
		x, ok := starlark.AsFloat(v)
		if !ok {
			return nil, fmt.Errorf("slider: min, max, default and step are numbers; got %s", v.Type())
		}
		if _, isInt := v.(starlark.Int); !isInt {
			kind = wire.SettingFloat
		}
		numbers[i] = x
	}
	if numbers[3] == 0 {
		numbers[3] = 1
		if kind == wire.SettingFloat {
			numbers[3] = (numbers[1] - numbers[0]) / 100
		}
	}
	v, err := w.setting(kind)
	return with(v, err, func(s *wire.Setting) {
		s.Min, s.Max, s.Number, s.Step, s.Unit = numbers[0], numbers[1], numbers[2], numbers[3], unit
	})
}

func choice(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var w words
	var options *starlark.List
	var initial string
	if err := starlark.UnpackArgs("choice", args, kwargs, "key", &w.key, "options", &options, "default?", &initial,
		"title?", &w.title, "doc", &w.doc); err != nil {
		return nil, err
	}
	list, err := wordsOf("choice: options", options)
	if err != nil {
		return nil, err
	}
	v, err := w.setting(wire.SettingChoice)
	return with(v, err, func(s *wire.Setting) { s.Options, s.Word = list, initial })
}

func toggle(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var w words
	var initial bool
	if err := starlark.UnpackArgs("toggle", args, kwargs, "key", &w.key, "default?", &initial, "title?", &w.title, "doc", &w.doc); err != nil {
		return nil, err
	}
	v, err := w.setting(wire.SettingToggle)
	return with(v, err, func(s *wire.Setting) { s.On = initial })
}

func extent(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var w words
	var share real
	unit := "px"
	if err := starlark.UnpackArgs("extent", args, kwargs, "key", &w.key, "share", &share, "unit?", &unit, "title?", &w.title, "doc", &w.doc); err != nil {
		return nil, err
	}
	v, err := w.setting(wire.SettingExtent)
	return with(v, err, func(s *wire.Setting) { s.Number, s.Unit = float64(share), unit })
}

func layer(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var w words
	if err := starlark.UnpackArgs("layer", args, kwargs, "key", &w.key, "title?", &w.title, "doc", &w.doc); err != nil {
		return nil, err
	}
	return w.setting(wire.SettingLayer)
}

// declaring is visualizer(…): it fills d.
func declaring(d **wire.Declaration) builtin {
	return func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		if *d != nil {
			return nil, fmt.Errorf("visualizer: already called; a file declares only one visualizer")
		}
		n := &wire.Declaration{Order: 200}
		var settings, needs *starlark.List
		var returns starlark.Value = starlark.String(wire.ItemMap)
		score := "probability"
		if err := starlark.UnpackArgs("visualizer", args, kwargs, "id", &n.ID, "title", &n.Title, "about", &n.About, "link", &n.Link,
			"settings?", &settings, "needs?", &needs, "returns?", &returns, "score?", &score,
			"unit?", &n.Unit, "positive?", &n.Positive, "signed?", &n.Signed, "volumes?", &n.Volumes, "order?", &n.Order); err != nil {
			return nil, err
		}
		if score != "probability" && score != "logit" {
			return nil, fmt.Errorf("visualizer: score is %q; choose probability or logit", score)
		}
		n.Logit = score == "logit"
		if err := fillLists(n, settings, needs, returns); err != nil {
			return nil, fmt.Errorf("visualizer: %w", err)
		}
		*d = n
		return starlark.None, nil
	}
}

func fillLists(n *wire.Declaration, settings, needs *starlark.List, returns starlark.Value) (err error) {
	if settings != nil {
		for v := range starlark.Elements(settings) {
			s, ok := v.(settingValue)
			if !ok {
				return fmt.Errorf("settings contains a %s; use slider, choice, toggle, extent or layer", v.Type())
			}
			n.Settings = append(n.Settings, s.setting)
		}
	}
	if n.Needs, err = wordsOf("needs", needs); err != nil {
		return err
	}
	if err := among("needs", n.Needs, wire.Needs()); err != nil {
		return err
	}
	kinds, isList := returns.(*starlark.List)
	if word, ok := starlark.AsString(returns); ok {
		n.Returns = []string{word}
	} else if !isList {
		return fmt.Errorf("returns is a %s; give a kind of result or a list of kinds", returns.Type())
	} else if n.Returns, err = wordsOf("returns", kinds); err != nil {
		return err
	}
	return among("returns", n.Returns, []string{wire.ItemMap, wire.ItemPicture, wire.ItemTable, wire.ItemText})
}

func among(what string, list, allowed []string) error {
	for _, w := range list {
		if !slices.Contains(allowed, w) {
			return fmt.Errorf("%s: %q is unknown; choose among %s", what, w, strings.Join(allowed, ", "))
		}
	}
	return nil
}

// wordsOf reads a list of strings; nil is none.
func wordsOf(what string, list *starlark.List) ([]string, error) {
	if list == nil {
		return nil, nil
	}
	var out []string
	for v := range starlark.Elements(list) {
		w, ok := starlark.AsString(v)
		if !ok {
			return nil, fmt.Errorf("%s: got %s in the list, want words", what, v.Type())
		}
		out = append(out, w)
	}
	return out, nil
}

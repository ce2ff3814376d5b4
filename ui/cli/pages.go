package cli

import (
	"context"
	"flag"
	"io"
	"slices"
	"strings"
)

// page is one command as manuals and shells know it.
type page struct {
	command
	flags []option
}

// option is one flag: --name value.
type option struct {
	name, value string // value is "" for a switch
	usage       string
	fallback    string // what holds without it, "" when nothing or empty
}

// pages asks every command for its flags, so that a manual cannot differ from
// what is read.
func pages(ctx context.Context, env Env) []page {
	var list []page
	for _, c := range commands() {
		p := page{command: c}
		asked := env
		asked.Stdout, asked.Stderr = io.Discard, io.Discard
		asked.describe = func(fs *flag.FlagSet) { p.flags = options(fs) }
		_ = c.run(ctx, asked, nil) // always flag.ErrHelp
		list = append(list, p)
	}
	return list
}

func options(fs *flag.FlagSet) []option {
	var list []option
	fs.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		o := option{name: f.Name, value: value, usage: usage}
		if f.DefValue != "false" && f.DefValue != "0" {
			o.fallback = f.DefValue
		}
		list = append(list, o)
	})
	return list
}

// names are what a flag can be set to when that is known beforehand.
func (o option) names(env Env) []string {
	switch o.name {
	case "visualizer":
		var ids []string
		for _, v := range env.Visualizers {
			ids = append(ids, v.Info().ID)
		}
		return ids
	case "provider":
		return strings.Fields("auto cpu cuda directml coreml webgpu")
	case "window":
		return append([]string{"auto"}, slices.DeleteFunc(presetNames(), func(n string) bool { return strings.Contains(n, " ") })...)
	}
	return nil
}

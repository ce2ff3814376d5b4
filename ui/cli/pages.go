package cli

import (
	"context"
	"flag"
	"io"
	"slices"
	"strings"

	"picasso/ui/cli/pages"
)

// completion prints the completion of one shell.
func completion(ctx context.Context, env Env, args []string) error {
	var shell texts
	if err := parse(env, flags("completion"), args, &shell); err != nil {
		return err
	}
	write := pages.Completions[shell.String()]
	if write == nil {
		return wrong("name one shell: bash, zsh or fish")
	}
	_, err := io.WriteString(env.Stdout, write(pagesOf(ctx, env)))
	return err
}

// manual prints the manual page.
func manual(ctx context.Context, env Env, args []string) error {
	if err := parse(env, flags("manual"), args, nil); err != nil {
		return err
	}
	_, err := env.Stdout.Write(pages.Manual(env.Version, pagesOf(ctx, env), []pages.Status{
		{Code: Done, Text: "everything asked for was done"}, {Code: SomeFailed, Text: "some pictures failed; the others are done"},
		{Code: Usage, Text: "the command line is wrong"}, {Code: Unusable, Text: "the model or ONNX Runtime could not be used"},
		{Code: Interrupted, Text: "an audit was stopped; the same command goes on from there"},
	}))
	return err
}

// pagesOf asks every command for its flags, so that a manual cannot differ from
// what is read.
func pagesOf(ctx context.Context, env Env) []pages.Page {
	var list []pages.Page
	for _, c := range commands() {
		p := pages.Page{Name: c.name, Args: c.args, About: c.about}
		asked := env
		asked.Stdout, asked.Stderr = io.Discard, io.Discard
		asked.describe = func(fs *flag.FlagSet) { p.Flags = options(env, fs) }
		_ = c.run(ctx, asked, nil) // always flag.ErrHelp
		list = append(list, p)
	}
	return list
}

func options(env Env, fs *flag.FlagSet) []pages.Flag {
	var list []pages.Flag
	fs.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		o := pages.Flag{Name: f.Name, Value: value, Usage: usage, Choices: choicesOf(env, f.Name)}
		if f.DefValue != "false" && f.DefValue != "0" {
			o.Fallback = f.DefValue
		}
		list = append(list, o)
	})
	return list
}

// choicesOf are what a flag can be set to when that is known beforehand.
func choicesOf(env Env, name string) []string {
	switch name {
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

package cli

import (
	"context"
	"slices"

	"picasso/visualizers"
)

// list prints every visualizer and what can be set.
func list(ctx context.Context, env Env, args []string) error {
	var asJSON bool
	fs := flags("visualizers")
	fs.BoolVar(&asJSON, "json", false, "print JSON")
	if err := parse(env, fs, args, nil); err != nil {
		return err
	}
	methods := append(slices.Clone(env.Visualizers), ownMethods(ctx, env)...)
	all := make([]visualizers.Description, 0, len(methods))
	for _, v := range methods {
		all = append(all, visualizers.Describe(v))
	}
	if asJSON {
		return printJSON(env.Stdout, all)
	}
	for _, d := range all {
		printLine(env.Stdout, "%s — %s", d.ID, d.Title)
		printLine(env.Stdout, "  %s", line(d.About))
		for _, s := range d.Settings {
			printLine(env.Stdout, "    --set %s=%v", s.Key, s.Default)
			printLine(env.Stdout, "        %s", line(s.Doc))
			if s.Only != nil {
				printLine(env.Stdout, "        It matters only with --set %s.", s.Only)
			}
		}
	}
	return nil
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"picasso/backend/infer"
)

// doctor says what runs models on this machine. Without a usable library it
// ends with the exit code for that.
func doctor(ctx context.Context, env Env, args []string) error {
	var (
		library string
		asJSON  bool
	)
	fs := flags("doctor")
	declareLibrary(fs, &library)
	fs.BoolVar(&asJSON, "json", false, "print JSON")
	if err := parse(env, fs, args, nil); err != nil {
		return err
	}
	d := env.Runtime(library, "").Diagnose(ctx)
	if asJSON {
		if err := printJSON(env.Stdout, d); err != nil {
			return err
		}
	} else {
		printDiagnosis(env.Stdout, d)
	}
	if d.Err != "" {
		return unusable(errors.New(d.Err))
	}
	return nil
}

func printDiagnosis(w io.Writer, d infer.Diagnosis) {
	if d.Library != "" {
		printLine(w, "ONNX Runtime %s: %s", d.Version, d.Library)
	} else {
		fmt.Fprintln(w, "ONNX Runtime: not found")
	}
	for _, place := range d.Looked {
		printLine(w, "  searched: %s", place)
	}
	for _, a := range d.Providers {
		state := "works"
		if !a.OK {
			state = a.Reason
		}
		printLine(w, "%s: %s", a.Provider, state)
	}
}

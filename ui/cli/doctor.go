package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"picasso/backend"
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
	d := diagnosis{env.Runtime(library, "").Diagnose(ctx), env.Tuning.Known()}
	if asJSON {
		if err := printJSON(env.Stdout, d); err != nil {
			return err
		}
	} else {
		printDiagnosis(env.Stdout, d.Diagnosis)
		printMeasured(env.Stdout, d.Measured)
	}
	if d.Err != "" {
		return unusable(errors.New(d.Err))
	}
	return nil
}

// diagnosis is what runs models, and what was measured of it on this machine.
type diagnosis struct {
	infer.Diagnosis
	Measured []backend.Tuned `json:"measured"` // on as many cores, the latest first
}

// mostMeasured bounds the models that are listed in words.
const mostMeasured = 10

// printMeasured says how models are run that were measured here.
func printMeasured(w io.Writer, list []backend.Tuned) {
	for i, m := range list {
		if i == mostMeasured {
			printLine(w, "  and %d more models; --json lists them", len(list)-i)
			return
		}
		how := "each batch in one run"
		if m.Lanes > 1 {
			how = fmt.Sprintf("%d runs of one thread beside each other", m.Lanes)
		}
		if i == 0 {
			printLine(w, "measured on this machine, with %d cores:", m.Cores)
		}
		printLine(w, "  model %.12s…: %s (lanes are %.2f times as fast as one run)", m.Model, how, m.Gain)
	}
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
	if d.Threads > 0 {
		printLine(w, "threads in an operator on the CPU: %d, one for each core", d.Threads)
	}
}

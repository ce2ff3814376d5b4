package perturb

import (
	"context"

	"picasso/backend/infer"
	"picasso/backend/score"
)

// NoGainError says that incremental inference is not worth while for a model
// and its windows.
type NoGainError struct {
	Reason string
	Told   bool // also to those who left the choice to us
}

func (e *NoGainError) Error() string { return e.Reason }

// worthwhile is the expected gain from which incremental inference is used: it
// needs further sessions, and the estimate may be a little off.
const worthwhile = 1.2

// setupRuns is what preparing costs in runs of the whole model: the maps of
// the unchanged picture, the copies scored in both ways.
const setupRuns = 4

// incrementalRun scores copies of one picture incrementally.
type incrementalRun struct {
	plan    *incrementalPlan
	windows Size // their class, which need not be the plan's
	maps    baseMaps
	fresh   bool // maps were computed for this run
}

// start opens the plan for the windows and remembers the unchanged
// picture's maps. Unless always is set, a [*NoGainError] says that the plain
// way is as good. The plan must be released after the last use.
func (e *incrementalEngine) start(ctx context.Context, base infer.Tensor, windows []Box, always bool) (*incrementalRun, error) {
	if e.host.Provider() != "CPU" && !always {
		return nil, &NoGainError{Reason: "The model runs on a graphics card, where whole batches are faster."}
	}
	plan, err := e.plan(ctx, largest(windows), len(windows), always)
	if err != nil {
		return nil, err
	}
	maps, fresh, err := plan.mapsOf(ctx, base)
	if err != nil {
		plan.release()
		return nil, err
	}
	return &incrementalRun{plan, classOf(largest(windows)), maps, fresh}, nil
}

func (r *incrementalRun) engine() Engine { return IncrementalEngine }

func (r *incrementalRun) class() Size { return r.windows }

func (r *incrementalRun) release() { r.plan.release() }

// setup implements [strategy].
func (r *incrementalRun) setup() float64 {
	if !r.fresh {
		return 0
	}
	return 1 - r.plan.Tail.MultiplyAdds/max(r.plan.Full, 1)
}

// score implements [strategy].
func (r *incrementalRun) score(ctx context.Context, batch []infer.Tensor, changed []Box) ([]score.Scores, float64, error) {
	scores, macs, err := r.plan.score(ctx, r.maps, batch, changed)
	return scores, macs / max(r.plan.Full, 1), err
}

func (r *incrementalRun) proven() bool { return r.plan.proven.Load() }

func (r *incrementalRun) prove() { r.plan.proven.Store(true) }

func (r *incrementalRun) disprove() { r.plan.wrong.Store(true) }

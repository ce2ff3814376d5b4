package cli_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"picasso/backend"
	"picasso/backend/fixtures"
	"picasso/backend/infer"
	"picasso/backend/ort/orttest"
	"picasso/backend/picture"
	"picasso/backend/score"
)

// shardAlone is the argument by which a test's process becomes one that audits.
const shardAlone = "audit-shard"

// auditShard is the command line of such a process.
func auditShard(args []string) int {
	code, _, said := picasso(context.Background(), append([]string{"audit"}, args...)...)
	if code != 0 {
		fmt.Fprintln(os.Stderr, said)
	}
	return code
}

// BenchmarkShards compares the pictures that two processes do in a second with those
// that one of them does alone, each with one thread, opening the model included: the
// first shard of two alone, then both at once, of new audits of the same pictures.
//
//	two/one  2 where shards do not hinder each other, and nothing else runs: beside k
//	         other busy threads the system itself gives two of k+2 shares, and one of k+1
//	cpu-two/one  the same by processor time, whatever else runs: what two would do in a
//	             second on cores of their own, over what one does
func BenchmarkShards(b *testing.B) {
	model := fixtures.Path(b, "models", "imagenet", "squeezenet1.1_rgbnorm_227.onnx")
	folder := photographs(b, 200)
	shard := func(out string, i int) (time.Duration, error) {
		cmd := exec.CommandContext(b.Context(), os.Args[0], shardAlone, "--model", model, "--image", folder, "--out", out, "--shard", fmt.Sprintf("%d/2", i), "--threads", "1")
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
		if said, err := cmd.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("%w: %s", err, said)
		}
		return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
	}
	// shards is how long some of two take, side by side, and the processor time of all.
	shards := func(n int) (took, processor time.Duration) {
		out := filepath.Join(b.TempDir(), "out")
		errs, used := make([]error, n), make([]time.Duration, n)
		start := time.Now()
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() { used[i], errs[i] = shard(out, i) })
		}
		all.Wait()
		took = time.Since(start)
		for i, err := range errs {
			if err != nil {
				b.Fatal(err)
			}
			processor += used[i]
		}
		return took, processor
	}
	shards(1) // what is measured and kept about a model
	var one, two, oneUsed, twoUsed time.Duration
	for b.Loop() {
		took, used := shards(1)
		one, oneUsed = one+took, oneUsed+used
		took, used = shards(2)
		two, twoUsed = two+took, twoUsed+used
	}
	b.ReportMetric(0, "ns/op") // of no use here
	b.ReportMetric(2*float64(one)/float64(two), "two/one")
	b.ReportMetric(4*float64(oneUsed)/float64(twoUsed), "cpu-two/one")
	b.ReportMetric(one.Seconds()/float64(b.N), "s-one")
	b.ReportMetric(two.Seconds()/float64(b.N), "s-two")
}

// BenchmarkAuditFolder compares the rows of an audit, from files of 224×224 to the disk,
// with as many gradients of the best class, in turns within one run: with respect to the
// picture, which go back through the whole network, and with respect to the layer that
// Grad-CAM takes, which do not, each with the answer that a row has too. The latter are
// the least that a row can take; what rows add are files, properties and places. What a shard takes that is done already is left out: opening the model, finding
// the pictures.
//
//	audit/gradients  processor time of rows and of gradients of the picture
//	audit/maps       processor time of rows, and of answers with gradients of the layer
//	wall-ratio       the same of the time that passes
func BenchmarkAuditFolder(b *testing.B) {
	const shards, each = 3, 200
	model := fixtures.Path(b, "models", "imagenet", "squeezenet1.1_rgbnorm_227.onnx")
	folder := photographsOf(b, shards*each, 224, 224)
	out := ""
	shard := func(k int) (processor, wall time.Duration) {
		before, began := processorTime(), time.Now()
		if code, _, said := picasso(b.Context(), "audit", "--model", model, "--image", folder, "--out", out, "--provider", "cpu", "--shard", fmt.Sprintf("%d/%d", k, shards)); code != 0 {
			b.Fatal(said)
		}
		return processorTime() - before, time.Since(began)
	}
	gradients, maps := gradientsOn(b, model, folder)
	var ours, theirs [2]time.Duration
	var least time.Duration
	for b.Loop() {
		out = filepath.Join(b.TempDir(), "out")
		for k := range shards {
			processor, wall := shard(k)
			idle, waited := shard(k)
			ours[0], ours[1] = ours[0]+processor-idle, ours[1]+wall-waited
			before, began := processorTime(), time.Now()
			gradients(each)
			theirs[0], theirs[1] = theirs[0]+processorTime()-before, theirs[1]+time.Since(began)
			before = processorTime()
			maps(each)
			least += processorTime() - before
		}
	}
	b.ReportMetric(0, "ns/op") // of no use here
	b.ReportMetric(float64(ours[0])/float64(theirs[0]), "audit/gradients")
	b.ReportMetric(float64(ours[0])/float64(least), "audit/maps")
	b.ReportMetric(float64(ours[1])/float64(theirs[1]), "wall-ratio")
	b.ReportMetric(1000*ours[0].Seconds()/float64(b.N*shards*each), "cpu-ms/picture")
}

// gradientsOn makes n gradients of a picture of a folder that is prepared already, and
// as many answers with gradients of the last layer.
func gradientsOn(b *testing.B, path, folder string) (gradients, maps func(n int)) {
	b.Helper()
	m := orttest.Open(b, path, backend.ModelOptions{Provider: infer.CPU})
	img, err := picture.OpenWith(b.Context(), filepath.Join(folder, "0000.jpg"), picture.Options{})
	if err != nil {
		b.Fatal(err)
	}
	x, err := m.Prepare(img)
	if err != nil {
		b.Fatal(err)
	}
	p, err := m.Predict(b.Context(), []infer.Tensor{x})
	if err != nil {
		b.Fatal(err)
	}
	targets := []score.Target{score.ClassTarget(p[0].Order()[0], score.Logit)}
	gradients = func(n int) {
		for range n {
			if _, err := m.Gradient(b.Context(), []infer.Tensor{x}, targets); err != nil {
				b.Fatal(err)
			}
		}
	}
	maps = func(n int) {
		for range n {
			if _, err := m.Predict(b.Context(), []infer.Tensor{x}); err != nil {
				b.Fatal(err)
			}
			if _, _, err := m.LayerGradient(b.Context(), m.LastLayer(), x, targets); err != nil {
				b.Fatal(err)
			}
		}
	}
	gradients(1) // sessions open at the first
	maps(1)
	return gradients, maps
}

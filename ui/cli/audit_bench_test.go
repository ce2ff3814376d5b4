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

	"picasso/backend/fixtures"
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
//	two/one  2 where shards do not hinder each other
func BenchmarkShards(b *testing.B) {
	model := fixtures.Path(b, "models", "imagenet", "squeezenet1.1_rgbnorm_227.onnx")
	folder := photographs(b, 200)
	shard := func(out string, i int) error {
		cmd := exec.CommandContext(b.Context(), os.Args[0], shardAlone, "--model", model, "--image", folder, "--out", out, "--shard", fmt.Sprintf("%d/2", i), "--threads", "1")
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
		if said, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%w: %s", err, said)
		}
		return nil
	}
	// shards is how long some of two take, side by side.
	shards := func(n int) time.Duration {
		out := filepath.Join(b.TempDir(), "out")
		errs := make([]error, n)
		start := time.Now()
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() { errs[i] = shard(out, i) })
		}
		all.Wait()
		took := time.Since(start)
		for _, err := range errs {
			if err != nil {
				b.Fatal(err)
			}
		}
		return took
	}
	shards(1) // what is measured and kept about a model
	var one, two time.Duration
	for b.Loop() {
		one += shards(1)
		two += shards(2)
	}
	b.ReportMetric(0, "ns/op") // of no use here
	b.ReportMetric(2*float64(one)/float64(two), "two/one")
	b.ReportMetric(one.Seconds()/float64(b.N), "s-one")
	b.ReportMetric(two.Seconds()/float64(b.N), "s-two")
}

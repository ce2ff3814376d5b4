package store

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Shard is the part of the items that one process works on: item j belongs to
// shard j mod Of.
type Shard struct{ Number, Of int }

// Whole is the shard of a process that does all.
var Whole = Shard{0, 1}

// maxShards bounds what anybody may want.
const maxShards = 1_000_000

// engines are the variables by which batch systems tell a process which of an
// array it is, and where they do, of how many.
var engines = []struct{ number, of, first string }{
	{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN"},
	{"JOB_COMPLETION_INDEX", "", ""},             // Kubernetes, indexed Jobs
	{"AWS_BATCH_JOB_ARRAY_INDEX", "", ""},        // AWS Batch
	{"BATCH_TASK_INDEX", "BATCH_TASK_COUNT", ""}, // Google Cloud Batch
}

// ParseShard reads "i/n", i from 0, or "auto", which asks the batch system by way
// of the environment. shards is how many there are where that is said beside it, 0
// where it is not. "" is everything.
func ParseShard(text string, shards int, environment func(string) string) (Shard, error) {
	switch text {
	case "":
		if shards > 1 {
			return Shard{}, errors.New("which of the shards is this? Add --shard auto or --shard I")
		}
		return Whole, nil
	case "auto":
		return automatic(shards, environment)
	}
	number, of, both := strings.Cut(text, "/")
	if !both {
		of = strconv.Itoa(shards)
	}
	i, err := strconv.Atoi(number)
	n, errOf := strconv.Atoi(of)
	switch {
	case err != nil || errOf != nil || n == 0 && !both:
		return Shard{}, fmt.Errorf("%q: give I/N, such as 0/8 for the first of eight, or auto", text)
	case both && shards > 0 && n != shards:
		return Shard{}, fmt.Errorf("--shard %s and --shards %d contradict each other", text, shards)
	}
	return Shard{i, n}.check()
}

func (s Shard) check() (Shard, error) {
	switch {
	case s.Of < 1 || s.Of > maxShards:
		return Shard{}, fmt.Errorf("%d shards: give 1 to %d", s.Of, maxShards)
	case s.Number < 0 || s.Number >= s.Of:
		return Shard{}, fmt.Errorf("shard %d of %d: they count from 0 to %d", s.Number, s.Of, s.Of-1)
	}
	return s, nil
}

func automatic(shards int, environment func(string) string) (Shard, error) {
	for _, e := range engines {
		text := environment(e.number)
		if text == "" {
			continue
		}
		number, err := strconv.Atoi(text)
		if err != nil {
			return Shard{}, fmt.Errorf("%s is %q, which is no number", e.number, text)
		}
		if e.first != "" { // arrays may begin with another number
			if first, err := strconv.Atoi(environment(e.first)); err == nil {
				number -= first
			}
		}
		if shards == 0 && e.of != "" {
			shards, err = strconv.Atoi(environment(e.of))
		}
		if shards == 0 || err != nil {
			return Shard{}, fmt.Errorf("%s is %d, but nothing says of how many; add --shards N", e.number, number)
		}
		return Shard{number, shards}.check()
	}
	return Shard{}, errors.New("no batch system says which shard this is (SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX, BATCH_TASK_INDEX); give --shard I/N")
}

// Has reports whether item j belongs to the shard.
func (s Shard) Has(j int) bool { return j%s.Of == s.Number }

func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Number, s.Of) }

// file is the name of what the shard writes about itself.
func (s Shard) file() string { return fmt.Sprintf("%05d-of-%05d", s.Number, s.Of) }

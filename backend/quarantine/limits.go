package quarantine

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"picasso/backend/onnx"
)

// Limits bound the trial of one model.
type Limits struct {
	Memory int64         // bytes of its process
	Open   time.Duration // until it has a session
	Run    time.Duration // for the runs after that
}

// What every model may take, and what is added for its weights: the runtime
// packs, folds and converts them.
const (
	leastMemory = 4 << 30
	baseMemory  = 2 << 30
	forWeights  = 8
	leastTime   = 60 * time.Second
	slowDisk    = 10 << 20 // bytes a second
	// runTime is longer than what the opening itself waits for one run, so that
	// its sentence is the one that is shown.
	runTime = 45 * time.Second
)

// Variable is the environment variable with which the user allows the trial of
// every model as many megabytes of memory.
const Variable = "PICASSO_TRIAL_MEMORY"

// LimitsOf are the limits for a model and its files of weights.
func LimitsOf(m *onnx.Model) Limits {
	size := fileSize(m.Path)
	for _, name := range m.External() {
		size += fileSize(filepath.Join(filepath.Dir(m.Path), filepath.FromSlash(name)))
	}
	return Limits{
		Memory: allowance(size),
		Open:   leastTime + time.Duration(size/slowDisk)*time.Second,
		Run:    runTime,
	}
}

// allowance is how many bytes of memory the trial of a model with so many bytes of
// weights may take.
func allowance(size int64) int64 {
	const most = 1 << 40
	if allowed, err := strconv.ParseInt(os.Getenv(Variable), 10, 64); err == nil && allowed > 0 {
		return min(allowed, most>>20) << 20
	}
	return max(leastMemory, baseMemory+forWeights*size)
}

// cpu is the processor time of all threads within the limits.
func (l Limits) cpu() time.Duration {
	return (l.Open + l.Run) * time.Duration(runtime.GOMAXPROCS(0))
}

func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

//go:build cgo

package ort

import (
	"math"
	"sync/atomic"
	"time"

	onnxruntime "github.com/yalue/onnxruntime_go"
)

// quickRun is a run so short that it may hold its caller even when the caller
// does not want the result any more.
const quickRun = 20 * time.Millisecond

// pace remembers how long a session's latest run took, to foresee the next. It
// is safe for concurrent use.
type pace struct{ bits atomic.Uint64 } // seconds per input element, 0 while unknown

// quick reports a run that will surely be short. Handing a run to another
// goroutine costs as much as a small model computes, so such runs do without.
func (p *pace) quick(inputs []onnxruntime.Value) bool {
	each := math.Float64frombits(p.bits.Load())
	return each > 0 && each*elements(inputs) < quickRun.Seconds()
}

func (p *pace) note(inputs []onnxruntime.Value, took time.Duration) {
	p.bits.Store(math.Float64bits(took.Seconds() / max(elements(inputs), 1)))
}

func elements(inputs []onnxruntime.Value) float64 {
	var n float64
	for _, v := range inputs {
		n += float64(v.GetShape().FlattenedSize())
	}
	return n
}

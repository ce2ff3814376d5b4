package gradient

import (
	"errors"
	"fmt"

	"picasso/backend/onnx"
)

// Unsupported says that a node on the path has no gradient rule, or that its
// rule does not cover the way the node is used.
type Unsupported struct {
	Op     string // operator, for example "LSTM"
	Domain string // "" is ai.onnx
	Node   string // the node as onnx.Node.Label writes it
	Reason string // a clause: "has no gradient rule"
	// Varies says that only a shape or a choice is in the way: facts of the very picture
	// ([NewPictureProbe]) lift it.
	Varies bool
}

func unsupported(n *onnx.Node, reason string) *Unsupported {
	return &Unsupported{Op: n.OpType, Domain: n.Domain, Node: n.Label(), Reason: reason}
}

// Error is one sentence with operator, node and reason.
func (e *Unsupported) Error() string {
	domain := ""
	if e.Domain != "" {
		domain = " of " + e.Domain
	}
	return fmt.Sprintf("operator %s%s (node %s) %s", e.Op, domain, e.Node, e.Reason)
}

// ErrNoPath reports that the seed does not depend on the wanted tensor in a
// differentiable way, so that the gradient is zero everywhere.
var ErrNoPath = errors.New("no differentiable path leads from the tensor to the score")

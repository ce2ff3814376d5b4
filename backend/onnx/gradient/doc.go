// Package gradient differentiates ONNX graphs: given a model, a tensor whose
// gradient is known (the seed) and tensors whose gradient is wanted, it writes
// a second model, the backward model, that computes one from the other.
//
// The backward model is an ordinary ONNX file of standard operators (operator
// set 18). It runs wherever the model runs and needs neither Python nor the
// training build of a runtime. Its inputs are the activations of the forward
// pass that the chain rule needs, and the seed; its outputs are the gradients.
// Weights are not copied: its initializers refer to byte ranges of the user's
// own file.
//
// # How it works
//
// Reverse-mode differentiation over the list of nodes. [Build] finds the nodes
// on a path from the wanted tensors to the seed, walks them from the last to
// the first, and lets one rule per operator write the nodes that turn the
// gradient of a node's outputs into that of its inputs. Where a tensor feeds
// several nodes their gradients are added. The rules stand in one table
// (table.go), the mathematics of each in the comment of its function.
//
// Lengths of axes and small computed tensors (targets of Reshape, starts of
// Slice) are not inferred but observed: a [Probe] is the forward model with the
// shapes of all tensors as its output, run once or twice. A backward model
// therefore belongs to one input size. The batch axis alone stays open,
// where the observations show one; see [Batching]. Where shapes depend on the
// picture itself, facts of that very picture serve it alone
// ([NewPictureProbe]).
//
// Branches, loops of a known count, lists of tensors, attention and sampling
// are written in simpler operators beforehand ([Decide], lower.go), in the
// model's own operator set, and differentiated by the rules of those.
//
// # Conventions
//
// Where a function has a corner the rules follow PyTorch: ReLU'(0) = 0, the
// derivative of Clip is 0 at its bounds, |x|' = 0 at 0, max-pooling gives all
// to the first maximum in row-major order, ReduceMax and Max share evenly
// among equal values. Rounding and comparison carry no gradient. Quantisation
// is passed straight through inside its range, which is an approximation that
// [Plan.Notes] states. Gradients are float32 whatever the model computes in.
//
// An operator without a rule is an [Unsupported] error, and so is a picture that
// reaches an input without one; nothing is ever approximated or dropped
// silently. [Cover] tells beforehand.
package gradient

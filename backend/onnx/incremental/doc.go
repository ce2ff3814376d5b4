// Package incremental plans how to run a network again after a small part of
// its input changed, computing only what the change can reach. The result is
// that of a full run, not an approximation (Nakandala, Kumar and
// Papakonstantinou, "Incremental and approximate inference for faster
// occlusion-based deep CNN explanations", SIGMOD 2019).
//
// The network's spatially local beginning (convolutions, poolings, everything
// that works pixel by pixel) is cut into segments. A segment is a small model
// of its own that takes crops of its input tensors and gives crops of its
// outputs: what changed is pasted into a crop of the map remembered from the
// unchanged input. The rest of the network, where every element depends on
// every pixel, runs in full.
//
// Crops are exact. They begin and end at multiples of the segment's stride
// counted from either end of the map, so each layer sees the phase it has in
// the full run. Where a crop ends at the border of the map, the layers' own
// padding is that of the full run; where it ends inside, a margin is computed
// along and thrown away. [Axis] says how far the margin must be.
package incremental

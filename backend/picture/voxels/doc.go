// Package voxels holds volumes in memory: grey values in a regular grid of slices,
// rows and columns, with their place in the patient.
//
// [Load] reads the volume that a slice belongs to. Slices that are tilted against
// their stack, or unevenly apart, are resampled to a grid, with a remark; where a
// gap is too large to be bridged honestly the volume is refused. [Grid.Along] tells
// which axes of a grid follow those of the patient, [Grid.Sample] makes another
// grid along them, and [Grid.Inside] finds the box of the foreground.
package voxels

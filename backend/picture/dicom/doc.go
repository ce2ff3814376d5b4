// Package dicom reads DICOM files: what a scanner, an archive or a disk from
// a hospital holds, including the many files that follow the standard only
// nearly.
//
// A file is one byte slice; elements are sub-slices of it, every length is
// checked against what is there, and what is cut off, mislabelled or missing
// becomes a warning as long as there is still a picture to show. Nothing is
// allocated on a file's word alone: see [MaxPixels] and [maxDepth].
//
// The grey pipeline keeps both ends (PS3.4 N.2):
//
//	stored bits → modality LUT or rescale → Frame.Values (Hounsfield units on CT)
//	Frame.Values → VOI LUT or window → Frame.Render (8 bits)
//
// A model is fed from the first, a person looks at the second.
//
// There is one modality for every frame, and nothing else gives values: tables,
// slope and intercept of the frame, the scaling of a dose grid. [Place] tells
// where a frame lies and by its [Traits] which volume of a series it is of.
//
// Names, dates and identifiers of patients are never part of errors, warnings
// or frames.
package dicom

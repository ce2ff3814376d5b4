// Package nifti reads the headers of NIfTI-1, NIfTI-2 and Analyze 7.5 volumes: one
// file (.nii), or a header beside its elements (.hdr and .img).
//
// Standards: https://nifti.nimh.nih.gov/nifti-1 and nifti-2;
// https://analyzedirect.com/documents/AnalyzeFormat.pdf
package nifti

// Package ascent draws inputs that a network likes: gradient ascent from
// nothing, for the score of a class (Simonyan, Vedaldi and Zisserman 2013,
// https://arxiv.org/abs/1312.6034) or the activity of a unit.
//
// A picture is made in four steps, each with its derivative here:
//
//	parameters → canvas (C×H×W, −1…1) → views of it → inputs of the model
//
// What the parameters are is the [Method]: the pixels themselves; the
// coefficients of their Fourier transform, large scales first (Olah, Mordvintsev
// and Schubert 2017, https://distill.pub/2017/feature-visualization); or only
// their phases, beside the amplitudes of real pictures (MaCo: Fel et al. 2023,
// https://arxiv.org/abs/2306.06805).
package ascent

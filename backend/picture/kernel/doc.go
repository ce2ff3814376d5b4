// Package kernel is what is done to every sample of a picture, in C, where compilers do
// many beside each other: blocks of coefficients become samples, planes of samples become
// rows of pixels, and pixels are resized. Results are those of libjpeg and of the Python
// Imaging Library to the last bit.
//
// A build without a C compiler has the formulas alone, sample by sample.
//
// Sizes may come from files that are not trusted. They are checked here, before C sees
// them; what does not fit is a panic.
package kernel

// fits panics unless a condition holds that keeps C within its memory.
func fits(ok bool) {
	if !ok {
		panic("a picture does not fit its memory")
	}
}

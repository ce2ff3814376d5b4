// Package picture decodes picture files of every kind to one type of image:
// raw pixel values, grey or RGB, without transparency, the right way up.
//
// Files come from anywhere and are not trusted: the declared size is checked
// before anything is allocated, the type is read from the content and never
// from the extension, and a file that is no picture is named in words.
package picture

import "fmt"

// Image is a decoded picture: grey or RGB, without transparency, the right way
// up. Values are raw pixel values: 0…255 for ordinary pictures of any depth
// (16-bit pictures keep their fractions), Hounsfield or other units for
// medical ones. An Image is not changed after it was made.
type Image struct {
	Name     string // base name of the file, for the user, unless it tells who a patient is
	Path     string // "" when the picture did not come from a file
	SHA256   string // of the file's bytes, hexadecimal
	Width    int
	Height   int
	Channels int        // 1 (grey) or 3 (red, green, blue); 4 only behind [Image.WithAlpha]
	Unit     string     // of the values: "" or "HU"
	Range    [2]float32 // raw values shown as black and as white
	// Bits is how many bits the values use where that is less than the file has: 12
	// in a PNG of 16. Values are raw all the same, so that the largest possible one
	// is (2^Bits − 1)/257. 0: all.
	Bits  int
	Notes []string // what was done to the file to get here, in words
	Scan  *Scan    // of medical pictures; nil for others
	// Neighbours are the slices beside this one; nil for a picture that is
	// none of several.
	Neighbours Neighbours

	px    storage
	clear *Image // four channels: colours as they were before they were laid over white, and alpha; nil for opaque pictures
}

// Error is a picture that cannot be used: which file, what is wrong with it
// and what to do.
type Error struct {
	Path   string // file or name
	Fault  string
	Remedy string
	Err    error // what the decoder said, or nil
}

func (e *Error) Error() string {
	s := fmt.Sprintf("%s: %s", e.Path, e.Fault)
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}

// Unwrap gives the decoder's own error.
func (e *Error) Unwrap() error { return e.Err }

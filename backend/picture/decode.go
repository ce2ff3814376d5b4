package picture

import (
	"errors"
	"image"
)

// MaxPixels bounds the size of a picture. Larger ones are refused by their
// declared size, before anything is allocated.
const MaxPixels = 1 << 28

// Open reads a picture file. The type is told by the content.
func Open(path string) (*Image, error) {
	return nil, &Error{Path: path, Fault: "cannot be read yet", Err: errors.ErrUnsupported}
}

// Decode reads a picture from memory. name is shown to the user.
func Decode(name string, data []byte) (*Image, error) {
	return nil, &Error{Path: name, Fault: "cannot be read yet", Err: errors.ErrUnsupported}
}

// FromImage converts a decoded image.
func FromImage(name string, m image.Image) *Image { return &Image{Name: name} }

// Known reports whether the file's extension is that of a picture.
func Known(path string) bool { return false }

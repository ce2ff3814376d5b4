package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// MaxPixels bounds the size of a picture. Larger ones are refused by their
// declared size, before anything is allocated.
const MaxPixels = 1 << 28

// maxBytes bounds the size of a picture file.
const maxBytes = 1 << 30

// Open reads a picture file. The type is told by the content, never by the
// extension. Errors are of type *[Error].
func Open(path string) (*Image, error) { return OpenFrame(path, 0) }

// OpenFrame is [Open] for one frame of a DICOM file or one slice of a NIfTI
// volume, counted from 0 in the order in which they are shown: volume after
// volume, in each from foot to head. [Scan.Frame] is its number in the file.
// Other pictures have frame 0 alone.
func OpenFrame(path string, frame int) (*Image, error) { return openFrame(path, frame, decode) }

// OpenStored is [OpenFrame] with frames counted from 0 in the order of the
// file.
func OpenStored(path string, frame int) (*Image, error) { return openFrame(path, frame, decodeStored) }

func openFrame(path string, frame int, decode func(string, []byte, int) (*Image, error)) (*Image, error) {
	data, err := read(path)
	if err != nil {
		return nil, withhold(err)
	}
	m, err := decode(path, data, frame)
	if err != nil {
		return nil, withhold(err)
	}
	m.Path = path
	if m.Scan != nil {
		m.Scan.Named = m.Scan.Named || NamesPatient(path)
		if m.Scan.Frames > 1 {
			m.Neighbours = frames{path, m.Scan.Slice, m.Scan.Frames}
		}
	}
	return m, nil
}

// read loads a regular file of bounded size.
func read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &Error{path, "does not exist", "check the name", err}
	case err != nil:
		return nil, &Error{path, "cannot be read: " + cause(err), "check the permissions", err}
	case info.IsDir():
		return nil, &Error{path, "is a folder", "choose a picture in it", nil}
	case !info.Mode().IsRegular():
		return nil, &Error{path, "is not an ordinary file", "choose a picture file", nil}
	case info.Size() > maxBytes:
		return nil, tooLarge(path, fmt.Sprintf("the file has %d MB", info.Size()>>20))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, &Error{path, "cannot be read: " + cause(err), "check the permissions", err}
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxBytes))
	if err != nil {
		return nil, &Error{path, "cannot be read: " + cause(err), "copy the file again", err}
	}
	return data, nil
}

// cause is the innermost text of a file error, without the path again.
func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

func tooLarge(path, what string) *Error {
	return &Error{path, what + ", more than the program takes", "use a smaller copy of the picture", nil}
}

// Decode reads a picture from memory. name is a file name for messages; its
// base becomes the image's name. Errors are of type *[Error].
func Decode(name string, data []byte) (*Image, error) { return decode(name, data, 0) }

func decode(name string, data []byte, frame int) (*Image, error) {
	f, ok := sniff(data)
	if !ok {
		return decodeOther(name, data, frame)
	}
	if frame != 0 {
		return nil, &Error{name, fmt.Sprintf("has no frame %d", frame), "a " + f.name + " has frame 0 alone", nil}
	}
	size, err := guard(func() (image.Config, error) { return f.config(bytes.NewReader(data)) })
	if err != nil {
		return nil, damaged(name, f, err)
	}
	if size.Width < 1 || size.Height < 1 {
		return nil, &Error{name, fmt.Sprintf("is a %s of %d×%d pixels", f.name, size.Width, size.Height), "use another picture", nil}
	}
	if size.Width > MaxPixels/size.Height {
		return nil, tooLarge(name, fmt.Sprintf("declares %d×%d pixels", size.Width, size.Height))
	}
	m, err := decodeAs(f, filepath.Base(name), data, size)
	if err != nil {
		return nil, damaged(name, f, err)
	}
	m.SHA256 = checksum(data)
	return m, nil
}

func checksum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// decodeOther reads a medical picture, or says what the file is.
func decodeOther(name string, data []byte, frame int) (*Image, error) {
	m, ok, err := decodeScan(name, data, frame)
	switch {
	case !ok:
		return nil, foreign(name, data)
	case err != nil:
		return nil, err
	}
	m.SHA256 = checksum(data)
	return m, nil
}

func decodeAs(f format, name string, data []byte, size image.Config) (*Image, error) {
	return guard(func() (*Image, error) {
		src, err := f.decode(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		m, err := convert(name, onScreen(src, size))
		if err != nil {
			return nil, err
		}
		if f.frames != nil && f.frames(data) > 1 {
			m.Notes = append(m.Notes, "the first picture of several in the file is used")
		}
		if f.orientation != nil {
			m = m.turn(f.orientation(data))
		}
		return m, nil
	})
}

// guard turns a decoder's panic, which hostile files have caused before, into
// an error.
func guard[T any](f func() (T, error)) (v T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the decoder failed: %v", r)
		}
	}()
	return f()
}

func damaged(name string, f format, err error) *Error {
	short := strings.Contains(err.Error(), "not enough") // pixels, as PNG and GIF say it
	if short || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return &Error{name, "is a " + f.name + " that ends too early", "copy or download it again", err}
	}
	return &Error{name, fmt.Sprintf("is a %s that cannot be decoded (%v)", f.name, err), "save it again as PNG", err}
}

package picture

// Image is a decoded picture: grey or RGB, without transparency, the right way
// up. Values are raw pixel values: 0…255 for ordinary pictures of any depth
// (16-bit pictures keep their fractions), Hounsfield or other units for
// medical ones.
type Image struct {
	Name     string // base name of the file, for the user
	Path     string // "" when the picture did not come from a file
	SHA256   string // of the file's bytes, hexadecimal
	Width    int
	Height   int
	Channels int        // 1 (grey) or 3 (red, green, blue)
	Unit     string     // of the values: "" or "HU"
	Range    [2]float32 // raw values shown as black and as white
	Notes    []string   // what was done to the file to get here, in words

	px storage
}

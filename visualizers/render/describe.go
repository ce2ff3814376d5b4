package render

// Describe says in words what a reader would otherwise misread in the picture
// of f: that it is flat, has no positive values, or holds no numbers at all.
// It is "" when there is nothing to say.
func Describe(f Field, signed bool) string { return "" }

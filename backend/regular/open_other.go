//go:build !unix

package regular

// unwaiting has no meaning here: a name cannot be that of a pipe.
const unwaiting = 0

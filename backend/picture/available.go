package picture

import "math"

// available is how many bytes of memory the machine has free for programs; for
// tests it may be another function.
var available = freeMemory

// unknownMemory is what is free on a system that does not tell.
const unknownMemory = math.MaxInt64

package heap

import (
	"runtime"
	"syscall"
)

// large asks for large pages, of 2 MB on most processors, for the next so many bytes
// that the heap hands out: where a virtual machine's memory comes from its host, a new page is
// dear, but a large one by far not as much dearer as it is larger. Go asks for none of its own accord. But it hands freed
// memory out again, the lowest address first, and a request outlasts what was allocated
// there. None of the memory is touched. Where the system does not do so on request,
// nothing changes.
func large(bytes int) {
	block := make([]byte, bytes)
	for len(block) > heapPage && syscall.Madvise(block, syscall.MADV_HUGEPAGE) == syscall.EINVAL {
		block = block[heapPage:] // up to where a page of the system begins
	}
	runtime.GC()
}

// heapPage is a page of Go's heap. Those of the system are larger on some machines.
const heapPage = 8 << 10

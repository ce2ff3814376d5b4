package cores

import (
	"io/fs"
	"os"
	"path"
)

// topology asks the kernel.
func topology() machine { return read(os.DirFS("/sys/devices/system/cpu")) }

// read counts hardware threads, and the different groups in which they share a core.
// Threads that are switched off have no group.
func read(cpus fs.FS) machine {
	groups, threads := map[string]bool{}, 0
	files, err := fs.Glob(cpus, path.Join("cpu[0-9]*", "topology", "thread_siblings_list"))
	if err != nil {
		return machine{}
	}
	for _, file := range files {
		group, err := fs.ReadFile(cpus, file)
		if err != nil {
			return machine{}
		}
		threads++
		groups[string(group)] = true
	}
	return machine{threads, len(groups)}
}

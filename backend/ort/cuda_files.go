package ort

import (
	"bytes"
	"debug/elf"
	"debug/pe"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// search is where the system's loader looks for libraries.
type search struct {
	folders []string
	known   []byte // Linux: the loader's cache of all other folders
}

// cudaFiles names every file that CUDA lacks, and where it was looked for; ""
// when none is missing. It is asked only after CUDA could not be used: the
// loader may find more than is known here, and then its own answer stands.
//
// library is that of ONNX Runtime, beside which its CUDA part must lie. A
// library found by its bare name lies where only the loader knows.
func cudaFiles(library string) string {
	folder := filepath.Dir(library)
	if folder == "." {
		return ""
	}
	if err := besideLibrary(library, runtime.GOOS, "providers_shared", "providers_cuda"); err != nil {
		return err.Error() + "; it comes with the GPU build of ONNX Runtime " + Version
	}
	s := loaderSearch(runtime.GOOS, folder)
	var missing []string
	for _, name := range cudaNeeds(runtime.GOOS, folder) {
		if !s.finds(name) {
			missing = append(missing, name+needs(name))
		}
	}
	if len(missing) == 0 {
		return ""
	}
	return fmt.Sprintf("not found: %s. Looked in %s", strings.Join(missing, ", "), s)
}

// cudaNeeds lists what ONNX Runtime's CUDA part is linked to, as it says
// itself, and the driver, which is loaded later.
func cudaNeeds(goos, folder string) []string {
	switch goos {
	case "linux":
		f, err := elf.Open(filepath.Join(folder, "libonnxruntime_providers_cuda.so"))
		if err != nil {
			return nil
		}
		defer f.Close()
		libraries, _ := f.ImportedLibraries() // none read, none missed
		return append(ofNVIDIA(libraries), "libcuda.so.1")
	case "windows":
		f, err := pe.Open(filepath.Join(folder, "onnxruntime_providers_cuda.dll"))
		if err != nil {
			return nil
		}
		defer f.Close()
		libraries, _ := f.ImportedLibraries()
		return append(ofNVIDIA(libraries), "nvcuda.dll")
	}
	return nil
}

// ofNVIDIA keeps NVIDIA's libraries: the system's own are always there.
func ofNVIDIA(libraries []string) []string {
	var list []string
	for _, l := range libraries {
		base := strings.TrimPrefix(strings.ToLower(l), "lib")
		if (strings.HasPrefix(base, "cu") || strings.HasPrefix(base, "nv")) && !slices.Contains(list, l) {
			list = append(list, l)
		}
	}
	return list
}

// maxLoaderCache bounds what is read of the loader's cache; it has some
// hundred kilobytes.
const maxLoaderCache = 16 << 20

func loaderSearch(goos, beside string) search {
	if goos == "windows" {
		s := search{folders: []string{beside, filepath.Join(os.Getenv("SystemRoot"), "System32")}}
		s.folders = append(s.folders, filepath.SplitList(os.Getenv("PATH"))...)
		return s
	}
	// The official CUDA part looks beside itself as well.
	s := search{folders: append([]string{beside}, filepath.SplitList(os.Getenv("LD_LIBRARY_PATH"))...)}
	s.folders = append(s.folders, "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib")
	if f, err := os.Open("/etc/ld.so.cache"); err == nil {
		defer f.Close()
		s.known, _ = io.ReadAll(io.LimitReader(f, maxLoaderCache)) // a cache that cannot be read names nothing
	}
	return s
}

func (s search) finds(name string) bool {
	for _, folder := range s.folders {
		if info, err := os.Stat(filepath.Join(folder, name)); folder != "" && err == nil && !info.IsDir() {
			return true
		}
	}
	return bytes.Contains(s.known, []byte("\x00"+name+"\x00"))
}

func (s search) String() string {
	var list []string
	for _, folder := range s.folders {
		if folder != "" && !slices.Contains(list, folder) {
			list = append(list, folder)
		}
	}
	if s.known != nil {
		list = append(list, "the loader's cache (/etc/ld.so.cache)")
	}
	return strings.Join(list, ", ")
}

package ort

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestWhatCUDALacksIsNamed(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the library files of this test are those of Linux")
	}
	compiler, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("no C compiler to make libraries with")
	}
	folder := t.TempDir()
	library := filepath.Join(folder, "libonnxruntime.so.1")
	t.Setenv("LD_LIBRARY_PATH", filepath.Join(folder, "own"))
	expect := func(parts ...string) {
		t.Helper()
		got := cudaFiles(library)
		for _, part := range parts {
			if !strings.Contains(got, part) {
				t.Errorf("%q is not in %q", part, got)
			}
		}
	}
	expect("libonnxruntime_providers_shared.so not found beside " + library)
	write(t, filepath.Join(folder, "libonnxruntime_providers_shared.so"), "")
	expect("libonnxruntime_providers_cuda.so not found beside " + library)

	source := filepath.Join(folder, "empty.c")
	write(t, source, "")
	link := func(args ...string) {
		t.Helper()
		if out, err := exec.Command(compiler, append(args, source)...).CombinedOutput(); err != nil {
			t.Skipf("the C compiler makes no libraries: %s", out)
		}
	}
	cudnn := filepath.Join(folder, "libcudnn.so.9")
	link("-shared", "-Wl,-soname,libcudnn.so.9", "-o", cudnn)
	here := filepath.Join(folder, "libcurand.so.10")
	link("-shared", "-Wl,-soname,libcurand.so.10", "-o", here)
	link("-shared", "-Wl,--no-as-needed", "-o", filepath.Join(folder, "libonnxruntime_providers_cuda.so"), cudnn, here)
	if got := cudaFiles(library); strings.Contains(got, "libcudnn") {
		t.Errorf("a library beside it is missed: %q", got)
	}
	if err := os.Remove(cudnn); err != nil {
		t.Fatal(err)
	}
	expect("libcudnn.so.9 (part of NVIDIA cuDNN 9)", folder, filepath.Join(folder, "own"), "Looked in")
	if got := cudaFiles(library); strings.Contains(got, "libcurand") || strings.Contains(got, "libc.so") {
		t.Errorf("libraries that are there are missed: %q", got)
	}
}

func TestALibraryKnownByNameAloneIsLeftToTheLoader(t *testing.T) {
	if got := cudaFiles("libonnxruntime.so.1"); got != "" {
		t.Error(got)
	}
}

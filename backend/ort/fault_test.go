package ort

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"picasso/backend/infer"
)

// The texts are those of glibc 2.36, macOS 14, Windows 11 and ONNX Runtime
// 1.24.3.
func TestLibraryFaults(t *testing.T) {
	const head = `Platform-specific initialization failed: Error loading ONNX shared library "/x/libonnxruntime.so.1": `
	for text, want := range map[string]string{
		head + "/x/libonnxruntime.so.1: cannot open shared object file: No such file or directory": "not there",
		head + "libstdc++.so.6: cannot open shared object file: No such file or directory":         "needs libstdc++.so.6, which is missing",
		head + "/x/libonnxruntime.so.1: invalid ELF header":                                        "not a library",
		head + "/x/libonnxruntime.so.1: file too short":                                            "not a library",
		head + "/x/libonnxruntime.so.1: wrong ELF class: ELFCLASS32":                               "made for another kind of processor or system",
		head + "/x/libonnxruntime.so.1: undefined symbol: foo":                                     "/x/libonnxruntime.so.1: undefined symbol: foo",
		"Platform-specific initialization failed: Error setting ORT API base: 2":                   "another version of ONNX Runtime; 1.24.3 is needed (programming interface 24)",
		`Platform-specific initialization failed: Error looking up OrtGetApiBase in "/x/libz.so":`: "a library, but not ONNX Runtime",
		head + "%1 is not a valid Win32 application.":                                              "made for another kind of processor or system",
		head + "The specified module could not be found.":                                          "not there",
	} {
		if got := libraryFault(errors.New(text)); got != want {
			t.Errorf("%s\n  became %q, want %q", text, got, want)
		}
	}
}

func TestProviderFaults(t *testing.T) {
	const place = "/onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:1952 onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load library /x/libonnxruntime_providers_cuda.so with error: "
	for text, want := range map[string]string{
		place + "libcudnn.so.9: cannot open shared object file: No such file or directory":       "libcudnn.so.9 not found (part of NVIDIA cuDNN 9)",
		place + "libcublasLt.so.12: cannot open shared object file: No such file or directory":   "libcublasLt.so.12 not found (part of the NVIDIA CUDA toolkit 12)",
		place + "libcuda.so.1: cannot open shared object file: No such file or directory":        "libcuda.so.1 not found (part of the NVIDIA driver)",
		"CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=-1": "the NVIDIA driver is older than this CUDA needs; update the driver",
		"CUDA failure 100: no CUDA-capable device is detected":                                   "no NVIDIA graphics card found",
		"XNNPACK execution provider is not supported in this build.":                             "this build of ONNX Runtime does not contain it",
		"Specified provider is not supported.":                                                   "this build of ONNX Runtime does not contain it",
		"webgpu_context.cc:63 void f() Failed to get a WebGPU adapter: No supported adapters":    "no graphics card with a suitable Vulkan driver found",
	} {
		if got := providerFault(infer.CUDA, text); got != want {
			t.Errorf("%s\n  became %q, want %q", text, got, want)
		}
	}
}

func TestPlainCutsSourcePlaces(t *testing.T) {
	for text, want := range map[string]string{
		"Error running network: Non-zero status code returned while running Conv node. Name:'c' Status Message: bad":                                                        "Conv node. Name:'c' Status Message: bad",
		"Error creating C session from file: Load model from /a b/m.onnx failed:/o/graph/load.h:46 void ns::f(const std::map<a, int>&, int) Opset 999 is under development": "Opset 999 is under development",
		"[ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Got invalid dimensions\nPlease fix":                                                                                    "Got invalid dimensions",
		"nothing to cut": "nothing to cut",
	} {
		if got := plain(text); got != want {
			t.Errorf("%s\n  became %q, want %q", text, got, want)
		}
	}
}

func TestRunFaultTellsMissingMemory(t *testing.T) {
	for text, memory := range map[string]bool{
		"Failed to allocate memory for requested buffer of size 123":               true,
		"CUDA failure 2: out of memory ; GPU=0":                                    true,
		"std::bad_alloc":                                                           true,
		"8007000E Not enough memory resources are available":                       true,
		"Got invalid dimensions for input: x. index: 2 Got: 5 Expected: 3":         false,
		"CUDA failure 222: the provided PTX was compiled with an unsupported tool": false,
	} {
		if got := errors.Is(runFault("m.onnx", errors.New(text)), infer.ErrOutOfMemory); got != memory {
			t.Errorf("%q: out of memory is %v", text, got)
		}
	}
}

func TestModelFaultNamesFileFaultAndRemedy(t *testing.T) {
	for text, want := range map[string]string{
		"Error creating C session: Load model from m failed:Fatal error: com.acme:Magic(-1) is not a registered function/op":                "an operator that ONNX Runtime does not know (com.acme:Magic)",
		`Load model from m failed:This is an invalid model. In Node, ("", Fancy, "", -1) , Error No Op registered for Fancy with version 1`: "an operator that ONNX Runtime does not know (Fancy)",
		"Load model from m failed:Protobuf parsing failed.":                                                                                 "ONNX model",
		"Exception during initialization: std::bad_alloc":                                                                                   "does not fit into memory",
	} {
		got := modelFault("m.onnx", errors.New(text)).Error()
		if !strings.HasPrefix(got, "m.onnx ") || !strings.Contains(got, want) {
			t.Errorf("%s\n  became %q, want %q in it", text, got, want)
		}
	}
}

func TestBesideLibrary(t *testing.T) {
	folder := t.TempDir()
	library := filepath.Join(folder, "libonnxruntime.so.1")
	err := besideLibrary(library, "linux", "providers_cuda")
	if err == nil || err.Error() != "libonnxruntime_providers_cuda.so not found beside "+library {
		t.Errorf("%v", err)
	}
	write(t, filepath.Join(folder, "libonnxruntime_providers_cuda.so"), "")
	if err := besideLibrary(library, "linux", "providers_cuda"); err != nil {
		t.Error(err)
	}
	if err := besideLibrary("libonnxruntime.so.1", "linux", "providers_cuda"); err != nil {
		t.Errorf("a bare name has no folder: %v", err)
	}
}

package ort

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"picasso/backend/infer"
)

// providerTitle is a provider's name as users read it.
func providerTitle(name infer.ProviderName) string {
	switch name {
	case infer.CPU:
		return "CPU"
	case infer.CUDA:
		return "CUDA"
	case infer.DirectML:
		return "DirectML"
	case infer.CoreML:
		return "CoreML"
	case infer.WebGPU:
		return "WebGPU"
	}
	return string(name)
}

// besideLibrary reports the first of the named parts of ONNX Runtime that does
// not lie in the library's folder. A library found by its bare name lies where
// only the system's loader knows, so nothing is reported for it.
func besideLibrary(library, goos string, parts ...string) error {
	folder := filepath.Dir(library)
	if folder == "." {
		return nil
	}
	pattern := "libonnxruntime_%s.so"
	switch goos {
	case "windows":
		pattern = "onnxruntime_%s.dll"
	case "darwin":
		pattern = "libonnxruntime_%s.dylib"
	}
	for _, part := range parts {
		name := fmt.Sprintf(pattern, part)
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			return fmt.Errorf("%s not found beside %s", name, library)
		}
	}
	return nil
}

var notFound = regexp.MustCompile(`([^\s:"]+\.(?:so[.\d]*|dll|dylib)): cannot open shared object file`)

// providerFault turns what the library says about a provider into one short
// sentence without the library's source positions.
func providerFault(name infer.ProviderName, text string) string {
	has := func(part string) bool { return strings.Contains(text, part) }
	if m := notFound.FindStringSubmatch(text); m != nil {
		return filepath.Base(m[1]) + " not found" + needs(filepath.Base(m[1]))
	}
	switch {
	case has("CUDA driver version is insufficient"), has("CUDA failure 35"):
		return "the NVIDIA driver is older than this CUDA needs; update the driver"
	case has("no CUDA-capable device"), has("CUDA failure 100"):
		return "no NVIDIA graphics card found"
	case has("out of memory"):
		return "the graphics card has run out of memory"
	case has("No supported adapters"), has("Failed to get a WebGPU adapter"):
		return "no graphics card with a suitable Vulkan driver found"
	case has("not supported in this build"), has("does not support CoreML"), has("provider is not supported"),
		has("is not enabled in this build"):
		return "this build of ONNX Runtime does not contain it"
	case has("Failed to load shared library"), has("LoadLibrary failed"):
		return "its library or one that it needs could not be loaded (" + needsTitle(name) + ")"
	}
	return plain(text)
}

// needs tells where a library that CUDA misses comes from.
func needs(library string) string {
	base := strings.TrimPrefix(library, "lib")
	switch {
	case strings.HasPrefix(base, "cudnn"):
		return " (part of NVIDIA cuDNN 9)"
	case strings.HasPrefix(base, "cuda.so"), base == "nvcuda.dll":
		return " (part of the NVIDIA driver)"
	case strings.HasPrefix(base, "cu"), strings.HasPrefix(base, "nv"):
		return " (part of the NVIDIA CUDA toolkit 12)"
	case strings.HasPrefix(base, "vulkan"):
		return " (the Vulkan loader)"
	}
	return ""
}

func needsTitle(name infer.ProviderName) string {
	if name == infer.CUDA {
		return "CUDA 12, cuDNN 9 and the NVIDIA driver are needed"
	}
	return "see the manual of " + providerTitle(name)
}

package orttest

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Places compares what a header of ours says of the functions of OrtApi, in lines
// PLACE(function, place), of which it has so many at least, with the header that the
// runtime's binding brings along. It returns the interface's version.
func Places(t testing.TB, header string, least int) (version string) {
	t.Helper()
	folder, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/yalue/onnxruntime_go").Output()
	if err != nil {
		t.Skipf("the binding's folder is not known: %v", err)
	}
	whole, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(folder)), "onnxruntime_c_api.h"))
	if err != nil {
		t.Fatal(err)
	}
	own, err := os.ReadFile(header)
	if err != nil {
		t.Fatal(err)
	}
	places := functions(t, string(whole))
	known := regexp.MustCompile(`(?m)^PLACE\((\w+), (\d+)\);`).FindAllStringSubmatch(string(own), -1)
	if len(known) < least || len(places) < 300 {
		t.Fatalf("%d places, %d functions", len(known), len(places))
	}
	for _, k := range known {
		if want, err := strconv.Atoi(k[2]); err != nil || want >= len(places) || places[want] != k[1] {
			t.Errorf("%s is not function %s of the runtime", k[1], k[2])
		}
	}
	if v := regexp.MustCompile(`#define ORT_API_VERSION (\d+)`).FindStringSubmatch(string(whole)); v != nil {
		version = v[1]
	}
	return version
}

// functions are the names in OrtApi, in order.
func functions(t testing.TB, header string) (names []string) {
	t.Helper()
	_, body, ok := strings.Cut(header, "\nstruct OrtApi {")
	if !ok {
		t.Fatal("the header has no OrtApi")
	}
	body, _, _ = strings.Cut(body, "\n};")
	body = regexp.MustCompile(`(?s)/\*.*?\*/|//[^\n]*`).ReplaceAllString(body, "")
	for _, m := range regexp.MustCompile(`ORT_API2_STATUS\(\s*(\w+)|ORT_CLASS_RELEASE\(\s*(\w+)|\(\s*ORT_API_CALL\s*\*\s*(\w+)\s*\)`).FindAllStringSubmatch(body, -1) {
		switch {
		case m[2] != "":
			names = append(names, "Release"+m[2])
		default:
			names = append(names, m[1]+m[3])
		}
	}
	return names
}

package zoo

import (
	"os"
	"path/filepath"
)

// File is the path of a network of [Side] × [Side] pixels in the system's
// folder for temporary files, written on first use.
func File(name string) (string, error) {
	folder := filepath.Join(os.TempDir(), "picasso-networks")
	path := filepath.Join(folder, name+".onnx")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	net, err := Network(name, Side)
	if err != nil {
		return "", err
	}
	data, err := net.Encode()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	part, err := os.CreateTemp(folder, name+"-*.part")
	if err != nil {
		return "", err
	}
	defer os.Remove(part.Name()) // fails once the file has taken its place
	_, err = part.Write(data)
	if closed := part.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(part.Name(), path)
	}
	return path, err
}

package assets

import (
	"fmt"
	"path"
)

// Cover returns the picture that stands for a sample, the one to show first:
// the file's name and content.
func Cover(s Sample) (name string, data []byte, err error) {
	if len(s.Images) == 0 {
		return "", nil, fmt.Errorf("the sample %s has no pictures", s.Name)
	}
	name = s.Images[s.First]
	data, err = samples.ReadFile(path.Join("samples", s.Folder, name))
	return name, data, err
}

package backend

import (
	"fmt"

	"picasso/backend/picture"
	"picasso/backend/preprocess"
)

// Fit takes over the size of a picture in pixels, where the model's graph
// brings pictures of any size to its own: every picture is then given as it is.
// Other models keep their size. It is called before [Model.Prepare]; what ran
// for pictures of another size has to be over.
func (m *Model) Fit(height, width int) error {
	m.mu.Lock()
	if in := m.Input; !in.OwnSize || in.Height == height && in.Width == width {
		m.mu.Unlock()
		return nil
	}
	if !preprocess.SideOK(height) || !preprocess.SideOK(width) || height*width > picture.MaxPixels/max(m.Input.Channels, usualChannels) {
		m.mu.Unlock()
		return fmt.Errorf("a picture of %d×%d pixels is too large to be used as it is; choose a smaller size: --size WxH, or \"size\": [height, width] in the sidecar", width, height)
	}
	m.Input.Height, m.Input.Width = height, width
	copies, gradients := m.copies, m.gradients
	m.copies, m.gradients, m.timing = nil, nil, 0
	m.mu.Unlock()
	var err error
	if copies != nil {
		err = copies.Close()
	}
	if gradients != nil {
		if e := gradients.Close(); err == nil {
			err = e
		}
	}
	return err
}

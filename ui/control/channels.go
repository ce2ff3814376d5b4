package control

import (
	"errors"
	"fmt"
	"strings"

	"picasso/backend/picture"
	"picasso/visualizers"
)

// ChannelCount is how many volumes the open model takes as its channels, 0 for models
// that take one, or none.
func (c *Controller) ChannelCount() int {
	if c.state.Model == nil || visualizers.DepthOf(c.state.Model) == 0 {
		return 0
	}
	if n, _, _ := c.state.Model.Shape(); n > 1 {
		return n
	}
	return 0
}

// ChannelSeries are the entries of the list that can be a channel of a model of volumes:
// series of one volume.
func (c *Controller) ChannelSeries() []*Picture {
	var all []*Picture
	for _, p := range c.state.Images {
		if p.Series != nil && p.whole == nil && p.Slices() > 1 {
			all = append(all, p)
		}
	}
	return all
}

// JoinChannels adds an entry whose volumes are series of the list, one for each channel
// of the open model in their order, and looks at it. Series that do not lie at the same
// place in the patient are refused. The series stay in the list.
func (c *Controller) JoinChannels(channels []*Picture) error {
	if n := c.ChannelCount(); len(channels) != n || n == 0 {
		return fmt.Errorf("the model takes %d channels, and %d series were chosen", n, len(channels))
	}
	var all []*picture.Series
	var names []string
	for k, p := range channels {
		if p == nil || p.Series == nil || p.whole != nil {
			return errors.New("choose a series for each channel")
		}
		all = append(all, p.Series)
		names = append(names, fmt.Sprintf("channel %d: %s", k+1, p.Name))
	}
	joined, err := picture.Join(joinedName(channels), all, names)
	if err != nil {
		return err
	}
	p := volumed(joined)
	p.Name = c.nameOf(joined)
	c.add(p)
	c.listed(len(c.state.Images) - 1)
	return nil
}

// joinedName is what an entry of several series is called.
func joinedName(channels []*Picture) string {
	var names []string
	for _, p := range channels {
		names = append(names, p.Name)
	}
	return strings.Join(names, " + ")
}

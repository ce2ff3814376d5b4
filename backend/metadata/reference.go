package metadata

import (
	"context"
	"fmt"

	"picasso/backend/preprocess"
)

// maxReferences bounds the pictures that embeddings are compared with.
const maxReferences = 1000

// applyReferences makes every reference a class of a model that embeds.
func (c *Card) applyReferences(f *Facts) {
	o := &c.Output
	c.Say("activation", o.Origin)
	if len(f.references) == 0 {
		c.Say("reference", "none given")
		c.Warn(fmt.Sprintf("The output %q is an embedding of %d numbers: choose a picture to compare with (\"reference\" in the sidecar, --reference on the command line, Compare with in the window). Until then each number is a value of its own.", o.Name, o.Dimensions))
		return
	}
	c.References = f.references
	o.Classes = len(f.references)
	c.Say("reference", f.Origin["reference"])
}

// BadReference says where a reference that cannot be used was named.
func (f *Facts) BadReference(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	key := &preprocess.KeyError{Key: "reference", Fault: err.Error(), Cause: err}
	if f.Origin["reference"] == userOrigin || f.Sidecar == nil {
		return fmt.Errorf("%s: %w", userOrigin, key)
	}
	return &SidecarError{f.sidecarPath, f.Sidecar.locate(key)}
}

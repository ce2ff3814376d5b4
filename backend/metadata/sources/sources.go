package sources

import (
	"picasso/backend/metadata"
)

// All lists the sources beside and inside a model's file, in order of trust.
func All() []metadata.Source {
	return []metadata.Source{onnxMetadata{}, ultralytics{}, huggingFace{}, huggingFaceConfig{}, timm{}, monai{}, triton{}}
}

package backend

// allSources lists the sources beside and inside a model's file, in order of trust.
func allSources() []source {
	return []source{onnxMetadata{}, ultralytics{}, huggingFace{}, huggingFaceConfig{}, timm{}, monai{}, triton{}}
}

package gradient

// Fact is what was observed of a tensor of the model, and whether it was.
// Value is set for small tensors that do not depend on the picture.
func (f Facts) Fact(name string) (fact Fact, known bool) {
	fact, known = f.tensors[name]
	return fact, known
}

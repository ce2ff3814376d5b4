// Package visualizers holds the methods of explanation: each is one file with
// one value that implements [Visualizer] and registers itself. It declares its
// settings as data, gets all it may touch as one [Input], and gives numbers,
// never pixels. Window, command line and tests take the rest from there: a tab
// with controls, a subcommand's options, a row in the documents, and the laws
// of package vistest.
//
// # Adding one
//
//	func init() { Register(shuffle{}) }
//
//	type shuffle struct{}
//
//	var shuffleSeed = Int{Field: Field{ID: "seed", Title: "Seed", Doc: "…"}, Max: 9999, Step: 1}
//
//	func (shuffle) Info() Info          { return Info{ID: "shuffle", Order: 75, …} }
//	func (shuffle) Settings() []Setting { return []Setting{shuffleSeed} }
//	func (shuffle) Explain(ctx context.Context, in Input, emit func(Result)) (Result, error)
//
// What only some models can do is asked of the subject by type assertion
// ([Differentiable], [Layered], …); what only some methods can do is asked of
// the visualizer ([Requirer], [Previewer], [Coverer]).
//
// # Occlusion
//
// A [grid] says where windows stand, a [lattice] in which order they are run
// and how gaps are filled meanwhile, a [hider] makes the covered images, and a
// [sweep] brings them to the model and its answers into [Patches], from which
// maps of any class follow without the model.
//
// A score depends on nothing but the model, its preprocessing, the image, the
// fill and the covered rectangle. That is the key under which answers may be
// kept between runs (a stride that halves shares a quarter of its windows with
// the one before), and [backend.Model.Copies] keeps them.
package visualizers

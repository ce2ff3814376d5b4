// Package backend opens a model and answers questions about it.
//
// A [Model] is a card and sessions. The card ([metadata.Card]) says what is
// known about the model: its input and output, how pictures are prepared, the
// names of its classes, and where each of these comes from. The sessions run
// it: the one that predicts, those beside it ([Lanes]), and those of gradients
// and covered copies, which the rooms below own.
//
// The rooms below know nothing of Model; where they need one they say what
// they ask of it in an interface of their own, which host.go answers:
//
//	infer       sessions, tensors, what every room runs models with
//	preprocess  from a picture to the input of a model
//	score       from the output of a model to scores of classes, and back
//	metadata    what is known about a model, and the sources that say it
//	gradients   derivatives of scores by rewritten graphs
//	perturb     scores of covered copies of a picture
//	onnx        the file as a graph: read, query, rewrite
//	picture     files of every kind as one type of picture
//	ort         the only room that sees ONNX Runtime
//
// [OpenModel] is the way in: it reads the file, gathers what is known, opens a
// session, runs it once to see what comes out, and settles the card.
package backend

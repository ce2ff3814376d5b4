// Package preprocess turns pictures into the input of a model.
//
// How is data, not code: a [Preprocess] lists colour, geometry, intensity,
// scale, mean and deviation; an [Input] says what the model takes. [Prepare]
// carries it out, [Preprocess.Encoder] does the same for a single colour,
// [Preprocess.Decoder] goes back from values of the model to colours, and
// [Preprocess.Place] from pixels of the model to pixels of the picture.
package preprocess

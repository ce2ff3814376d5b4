// Package labels reads what data sets say about their pictures: the folder that a
// picture lies in, tables (one column, one-hot columns, several labels in a cell,
// CheXpert), COCO, YOLO and FiftyOne, and matches it with pictures and with the
// classes of a model. What does not match is counted, both ways.
//
// Files are not trusted: their size is bounded before they are read.
package labels

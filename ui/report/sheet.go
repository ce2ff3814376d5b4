package report

import "picasso/visualizers/compare"

// Sheet is a picture with the maps of several methods and classes.
type Sheet struct {
	File    string       `json:"file"`
	Methods []string     `json:"methods"` // ids, in the order of the columns
	Classes []SheetRow   `json:"classes"` // in the order of the rows
	Scales  []SheetScale `json:"scales"`  // of the columns
}

// SheetRow is a class, and how far each two methods agree about it.
type SheetRow struct {
	Class     Class          `json:"class"`
	Agreement []compare.Pair `json:"agreement"`
}

// SheetScale are the ends of the colour scale that the maps of a method share.
type SheetScale struct {
	Visualizer string `json:"visualizer"`
	Low        Number `json:"low"`
	High       Number `json:"high"`
	Unit       string `json:"unit"`
}

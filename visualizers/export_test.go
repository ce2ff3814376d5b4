package visualizers

// Names that the tests outside the package need.
var ClassicGeometry = classicGeometry

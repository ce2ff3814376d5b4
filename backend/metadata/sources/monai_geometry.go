package sources

import (
	"fmt"
	"slices"
	"strings"

	"picasso/backend/jsondoc"
	"picasso/backend/metadata"
)

// readGeometry goes through the transforms that a bundle prepares pictures by:
// the orientation is carried out, and what is not is named, one by one.
func readGeometry(d *metadata.Document) {
	list := preparation(d.Root, false)
	if list == nil {
		return
	}
	var loaded string
	oriented := false
	for _, n := range list.Items {
		name, line := transform(n)
		origin := fmt.Sprintf("%s, line %d (%s)", d.Name, n.Line, name)
		switch kind := strings.TrimSuffix(strings.TrimSuffix(name, "d"), "Dict"); {
		case kind == "LoadImage":
			loaded = origin
		case kind == "Orientation":
			oriented = orient(d, n, origin)
		case name == "" || line == 0 || slices.Contains(carriedOut, kind):
		default:
			d.Facts.Warn("%s is not carried out: pictures reach the model without it.", origin)
		}
	}
	if loaded != "" && !oriented {
		d.Facts.Warn("%s gives arrays of x before y, in the order of the file, which is not done here: set preprocess.orientation in the sidecar, for example to \"RAS\".", loaded)
	}
}

// carriedOut are transforms that are done here as well, and those that change
// no value.
var carriedOut = []string{
	"ScaleIntensityRange", "ScaleIntensityRangePercentiles", "ScaleIntensity", "NormalizeIntensity", // what of them is not done is said there
	"EnsureChannelFirst", "AddChannel", "AsChannelFirst", "EnsureType", "ToTensor", "CastToType", "ToDevice",
	"Identity", "DeleteItems", "SelectItems", "CopyItems",
}

// preparation is the first list of transforms that loads pictures, or is named
// as what comes before a model.
func preparation(n *jsondoc.Node, named bool) *jsondoc.Node {
	if n == nil {
		return nil
	}
	if n.Kind == jsondoc.Array && slices.ContainsFunc(n.Items, func(item *jsondoc.Node) bool {
		name, _ := transform(item)
		return strings.HasPrefix(name, "LoadImage") || named && name != "" && name != "Compose"
	}) {
		return n
	}
	for _, item := range n.Items {
		if found := preparation(item, named); found != nil {
			return found
		}
	}
	for _, key := range n.Keys {
		if found := preparation(n.Fields[key], named || strings.HasPrefix(strings.ToLower(key), "preproc") || strings.HasPrefix(strings.ToLower(key), "pre_")); found != nil {
			return found
		}
	}
	return nil
}

// transform is the name of the class that an entry makes, without its package.
func transform(n *jsondoc.Node) (name string, line int) {
	target := n.At("_target_")
	if target == nil || target.Kind != jsondoc.String || target.Decode(&name) != nil {
		return "", 0
	}
	return name[strings.LastIndex(name, ".")+1:], n.Line
}

// orient takes over the axes that slices are brought to.
func orient(d *metadata.Document, n *jsondoc.Node, origin string) bool {
	codes := "RAS"
	if at := n.At("axcodes"); at != nil {
		if at.Decode(&codes) != nil {
			d.Facts.Warn("%s is not carried out: its axes are no text such as \"RAS\".", origin)
			return false
		}
	}
	d.Facts.SetOrientation(codes, origin)
	return true
}

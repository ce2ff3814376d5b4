package backend

import (
	"fmt"

	"picasso/backend/metadata"
	"picasso/backend/onnx"
)

// dropUnread leaves out what only serves outputs that cannot be read: exports
// of ML.NET hand inputs of text, such as the true label, on to outputs of
// text. What the user names stays.
func (m *Model) dropUnread(found *metadata.Facts) {
	if len(m.File.Graph.Feeds()) < 2 {
		return
	}
	file := m.File.Clone()
	all, err := metadata.Candidates(file, "")
	if err != nil {
		return // refused with a sentence when the output is chosen
	}
	var names []string
	for _, c := range all {
		names = append(names, c.Port.Name)
	}
	file.Graph.KeepOutputs(names...)
	file.Graph.Prune()
	dropped := file.Graph.DropInputs(func(v *onnx.Value) bool { return v.Type == onnx.String && v.Name != found.InputName })
	if len(dropped) == 0 {
		return
	}
	m.File, m.edited, found.File = file, true, file
	m.Say("unread", fmt.Sprintf("the inputs of text %q serve nothing that is read", dropped))
}

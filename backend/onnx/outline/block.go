package outline

import (
	"fmt"
	"strings"

	"picasso/backend/onnx"
)

// blocksOf names the block of every chain: by the scopes that exporters write
// into the names of nodes, else by where the network narrows to one tensor.
func blocksOf(t *tracer, chains [][]*onnx.Node) []string {
	if blocks, ok := scopes(chains); ok {
		return blocks
	}
	return stages(t, chains)
}

// scopes reads blocks from names such as /layer1/layer1.0/conv1/Conv: the scope
// that holds other scopes, here layer1/layer1.0. ok is false where most nodes
// have no scope.
func scopes(chains [][]*onnx.Node) (blocks []string, ok bool) {
	paths, holds, scoped := make([][]string, len(chains)), map[string]bool{}, 0
	for i, chain := range chains {
		parts := strings.FieldsFunc(chain[0].Name, func(r rune) bool { return r == '/' })
		if len(parts) < 2 {
			continue
		}
		paths[i] = parts[:len(parts)-1]
		scoped++
		for k := 1; k < len(paths[i]); k++ {
			holds[strings.Join(paths[i][:k], "/")] = true
		}
	}
	if 2*scoped < len(chains) {
		return nil, false
	}
	blocks = make([]string, len(chains))
	for i, path := range paths {
		at := strings.Join(path, "/")
		if !holds[at] && len(path) > 1 {
			at = strings.Join(path[:len(path)-1], "/")
		}
		blocks[i] = at
	}
	return blocks, true
}

// stages cuts the network where one tensor alone goes on and the size of the
// maps changes.
func stages(t *tracer, chains [][]*onnx.Node) []string {
	row := map[string]int{} // chain that gives a tensor
	last := make([]int, len(chains))
	for i, chain := range chains {
		last[i] = i
		for _, n := range chain {
			for _, name := range n.Outputs {
				row[name] = i
			}
			for _, name := range reads(n) {
				if from, ok := row[name]; ok {
					last[from] = max(last[from], i)
				}
			}
		}
	}
	blocks, number, open := make([]string, len(chains)), 1, 0
	size := ""
	for i, chain := range chains {
		now := size
		name := chain[len(chain)-1].Output(0)
		if c, ok := t.Roles.Cells(name); ok && t.Depth == 0 {
			now = fmt.Sprintf("%d×%d", c.Height, c.Width)
		} else if shape := t.shape(name); t.Solids[name] && len(shape) == 5 {
			now = fmt.Sprint(shape[2:])
		}
		if i > 0 && now != size && open <= i {
			number++
		}
		size = now
		blocks[i] = fmt.Sprintf("stage %d", number)
		open = max(open, last[i]) // the tensors before this chain are read up to there
	}
	return blocks
}

package survey

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"picasso/ui/control"
	"picasso/visualizers/audit/cases"
)

// offer tells of many dropped pictures that they can be audited. A series is one.
func (s *Controller) offer(paths, files []string, entries int) {
	if s.listing {
		s.listing = false
		s.c.Say(fmt.Sprintf("The list holds %d files of the audit now. Undo brings back what was there.", len(files)))
		return
	}
	if s.slice > 0 { // of the series that is to be explained
		s.c.SelectSlice(s.slice)
		s.slice = 0
		return
	}
	if entries < Enough {
		return
	}
	setup := gathered(files)
	if len(paths) == 1 && !slices.Contains(files, paths[0]) { // a folder
		setup = Setup{Folder: paths[0]}
	}
	s.c.Say(fmt.Sprintf("%d pictures were added. An audit tells what the model relies on in all of them.", entries),
		control.Offer{Title: offered, Take: func() { s.propose(setup) }})
}

// offered is what stands on the offer of an audit.
const offered = "Audit them"

// takeBack withdraws the offer, once an audit begins without it.
func (s *Controller) takeBack() {
	if n := s.c.State().Notice; n != nil && len(n.Offers) == 1 && n.Offers[0].Title == offered {
		s.c.Dismiss()
	}
}

// propose shows the workspace with an audit that can be started.
func (s *Controller) propose(setup Setup) {
	s.Close()
	now := &s.state.Setup
	now.Folder, now.Paths = setup.Folder, setup.Paths
	s.proposeFolders()
	s.c.Dismiss()
	s.c.SetWorkspace(control.Audit)
	s.changed()
}

// proposeLabels makes the labels of the list those of the next audit, unless others
// were chosen for it.
func (s *Controller) proposeLabels() {
	before, now := s.labels, s.c.TruthFile()
	if before == now {
		return
	}
	s.labels = now
	if setup := &s.state.Setup; setup.Labels == before || s.byFolder && setup.Labels == ByFolder {
		setup.Labels, s.byFolder = now, false
		s.changed()
	}
}

// proposeFolders makes the names of folders the labels of the next audit where they are
// those of the list, unless others were chosen for it.
func (s *Controller) proposeFolders() {
	known := func(p *control.Picture) bool { return p.Shows.Any() }
	if setup := &s.state.Setup; setup.Labels == "" && s.c.TruthFile() == "" && slices.ContainsFunc(s.c.State().Images, known) {
		setup.Labels, s.byFolder = ByFolder, true
	}
}

// OfList reports whether labels are those of the list of pictures.
func (s *Controller) OfList(labels string) bool { return labels != "" && labels == s.labels }

// ChooseListed makes the pictures of the list those of the next audit.
func (s *Controller) ChooseListed() {
	var files []string
	for _, p := range s.c.State().Images {
		if p.Series == nil && p.Path != "" {
			files = append(files, p.Path)
		}
		for i := range p.Slices() {
			if p.Series == nil {
				break
			}
			path, _ := p.Series.Path(i)
			files = append(files, path)
		}
	}
	if len(files) == 0 {
		s.c.Say("The list has no pictures yet. Drop a folder of pictures on the window.")
		return
	}
	slices.Sort(files)
	setup := gathered(slices.Compact(files))
	s.proposeFolders()
	s.Choose(func(now *Setup) { now.Folder, now.Paths = setup.Folder, setup.Paths })
}

// gathered are files with the deepest folder that holds all of them.
func gathered(files []string) Setup {
	folder := filepath.Dir(files[0])
	for _, path := range files[1:] {
		for !strings.HasPrefix(path, strings.TrimSuffix(folder, string(filepath.Separator))+string(filepath.Separator)) {
			up := filepath.Dir(folder)
			if up == folder {
				break
			}
			folder = up
		}
	}
	return Setup{Folder: folder, Paths: files}
}

// Explain shows a picture in the workspace Explain; it comes to the list if it is
// not there.
func (s *Controller) Explain(row int) {
	r := s.state.Result
	if r == nil || row < 0 || row >= len(r.Cases) {
		return
	}
	found := r.Cases[row]
	if found == nil {
		s.c.Tell("explain the picture", cases.ErrGone)
		return
	}
	for i, p := range s.c.State().Images {
		at := p.Path
		if p.Series != nil {
			at, _ = p.Series.Path(0)
		}
		if at == found.Files[0] {
			s.c.SetWorkspace(control.Explain)
			s.c.Select(i)
			s.c.SelectSlice(r.Digest.Sample.Rows[row].Slice)
			return
		}
	}
	s.c.SetWorkspace(control.Explain)
	s.slice = r.Digest.Sample.Rows[row].Slice
	s.c.Drop(found.Files)
}

// List makes the pictures that are looked at the list of pictures.
func (s *Controller) List() {
	r := s.state.Result
	if r == nil || s.state.Arranging {
		return
	}
	var files []string
	for _, i := range s.state.Listed {
		if i < len(r.Cases) && r.Cases[i] != nil {
			files = append(files, r.Cases[i].Files...)
		}
	}
	if len(files) == 0 {
		s.c.Tell("list the pictures", cases.ErrGone)
		return
	}
	s.c.Clear()
	s.listing = true
	s.c.Drop(files)
}

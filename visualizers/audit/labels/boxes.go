package labels

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"picasso/backend/coco"
	"picasso/backend/files"
	"picasso/backend/picture"
)

// Of boxes and outlines only the class is read: a picture has every class of which
// something is drawn on it.

// document reads COCO's instances and FiftyOne's classifications.
func document(data []byte) (*Source, error) {
	var d struct {
		Classes []string        `json:"classes"`
		Labels  map[string]*int `json:"labels"`
	}
	if err := json.Unmarshal(data, &d); err == nil && len(d.Classes) > 0 && d.Labels != nil {
		return fiftyOne(d.Classes, d.Labels)
	}
	f, err := coco.Read(data)
	if err != nil {
		return nil, fmt.Errorf("it is neither COCO nor FiftyOne (classes, labels): %w", err)
	}
	return objects(f)
}

// objects takes the categories of what is drawn on a picture for its classes.
func objects(f *coco.File) (*Source, error) {
	switch {
	case len(f.Images) == 0 || len(f.Categories) == 0:
		return nil, errors.New("it is neither COCO (images, annotations, categories) nor FiftyOne (classes, labels)")
	case len(f.Categories) > maxClasses || len(f.Images) > maxEntries:
		return nil, fmt.Errorf("it has more than %d classes or %d pictures", maxClasses, maxEntries)
	}
	s := &Source{Form: "COCO"}
	category, at := map[coco.ID]int{}, map[coco.ID]int{}
	for k, c := range f.Categories {
		category[c.ID] = k
		s.Classes = append(s.Classes, c.Name)
	}
	for i, m := range f.Images {
		at[m.ID] = i
		s.Entries = append(s.Entries, Entry{clean(m.FileName), map[int]Mark{}})
	}
	for _, a := range f.Annotations {
		i, image := at[a.ImageID]
		k, named := category[a.CategoryID]
		if !image || !named {
			return nil, fmt.Errorf("an annotation names image %s and category %s, which are not both there", a.ImageID, a.CategoryID)
		}
		s.Entries[i].Marks[k] = Present
	}
	return s, nil
}

func fiftyOne(classes []string, labels map[string]*int) (*Source, error) {
	if len(classes) > maxClasses {
		return nil, fmt.Errorf("it has more than %d classes", maxClasses)
	}
	s := &Source{Form: "FiftyOne", Classes: classes, Exclusive: true}
	for place, k := range labels {
		if k == nil {
			continue // not labelled
		}
		if *k < 0 || *k >= len(classes) {
			return nil, fmt.Errorf("%s has the class %d; there are %d", place, *k, len(classes))
		}
		s.Entries = append(s.Entries, Entry{clean(place), map[int]Mark{*k: Present}})
	}
	slices.SortFunc(s.Entries, func(a, b Entry) int { return strings.Compare(a.Place, b.Place) })
	return s, nil
}

// yoloNames reads the names of classes of a YOLO data set.
func yoloNames(data []byte) ([]string, error) {
	var d struct {
		Names yaml.Node `yaml:"names"`
	}
	if err := yaml.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("data.yaml cannot be read: %w", err)
	}
	var list []string
	if d.Names.Kind == yaml.SequenceNode {
		if err := d.Names.Decode(&list); err != nil {
			return nil, fmt.Errorf("data.yaml: names: %w", err)
		}
		return list, nil
	}
	byIndex := map[int]string{}
	if err := d.Names.Decode(&byIndex); err != nil || len(byIndex) == 0 {
		return nil, errors.New("data.yaml has no names of classes")
	}
	for k := range len(byIndex) {
		name, ok := byIndex[k]
		if !ok {
			return nil, fmt.Errorf("data.yaml: class %d has no name", k)
		}
		list = append(list, name)
	}
	return list, nil
}

// yoloBoxes reads the classes in a label file of YOLO: a line for each object that
// begins with its class.
func yoloBoxes(data []byte, classes int) (map[int]Mark, error) {
	marks := map[int]Mark{}
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		k, err := strconv.Atoi(fields[0])
		if err != nil || len(fields) < 5 {
			return nil, fmt.Errorf("line %d is no “class x y width height”", n)
		}
		if k < 0 || k >= classes {
			return nil, fmt.Errorf("line %d names class %d; there are %d", n, k, classes)
		}
		marks[k] = Present
	}
	return marks, nil
}

// maxSmall bounds data.yaml, and the label file of one picture.
const maxSmall = 4 << 20

// yolo reads a data set of YOLO: data.yaml and a text file for each picture.
func yolo(ctx context.Context, folder string) (*Source, error) {
	data, err := files.Read(filepath.Join(folder, yoloName), maxSmall)
	if errors.Is(err, os.ErrNotExist) {
		return nil, errors.New("the folder holds no data.yaml; give a file with labels, “folders” for one folder for each class, or the folder of a YOLO data set")
	}
	if err != nil {
		return nil, err
	}
	s := &Source{Form: "YOLO"}
	if s.Classes, err = yoloNames(data); err != nil {
		return nil, err
	}
	found, err := picture.Find(ctx, folder)
	if err != nil {
		return nil, err
	}
	for _, file := range found.Files {
		if filepath.Ext(file) != ".txt" || strings.EqualFold(filepath.Base(file), "classes.txt") {
			continue
		}
		data, err := files.Read(file, maxSmall)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
		marks, err := yoloBoxes(data, len(s.Classes))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
		rel, err := filepath.Rel(folder, file)
		if err != nil {
			return nil, err
		}
		// labels/train/a.txt belongs to images/train/a.jpg.
		parts := strings.Split(strings.TrimSuffix(filepath.ToSlash(rel), ".txt"), "/")
		if i := slices.Index(parts, "labels"); i >= 0 {
			parts[i] = "images"
		}
		s.Entries = append(s.Entries, Entry{strings.Join(parts, "/"), marks})
	}
	return s, nil
}

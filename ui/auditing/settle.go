package auditing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"picasso/backend/picture"
	"picasso/backend/score"
	"picasso/backend/visible"
	"picasso/ui/report"
	"picasso/visualizers"
	"picasso/visualizers/audit"
	"picasso/visualizers/audit/labels"
	"picasso/visualizers/audit/store"
)

// manifest settles the method and the labels: all that rows depend on. frozen is
// what is kept of the labels.
func (j *Job) manifest(ctx context.Context, s *subject) (m store.Manifest, frozen []byte, err error) {
	if m.Why, err = j.settle(ctx, s); err != nil {
		return m, nil, err
	}
	card := s.model.Known()
	preparation := report.NewPreparation(&card)
	preparation.Origins = nil // where it is known from may differ from machine to machine
	if m.Preparation, err = json.Marshal(preparation); err != nil {
		return m, nil, err
	}
	m.Settings.Model, m.Visualizer, m.Values = s.model.SHA256, s.auditor.Method.Info().ID, visualizers.FormatValues(s.auditor.Method, s.auditor.Values)
	m.Class, m.Score, m.Masks, m.Picasso = audit.PredictedName, s.auditor.Score.String(), s.masks != nil, j.Host.Version
	m.Model.Name = filepath.Base(picture.Said(s.model.Path))
	for k := range s.model.Classes() {
		m.Model.Classes = append(m.Model.Classes, s.model.ClassName(k))
	}
	if s.auditor.Class != audit.Predicted {
		m.Class = s.model.ClassName(s.auditor.Class)
	}
	if err := s.features(ctx, &m); err != nil {
		return m, nil, err
	}
	if j.Labels == "" {
		return m, nil, nil
	}
	frozen, m.Settings.Labels, err = j.truth(ctx, s, m.Model.Classes)
	return m, frozen, err
}

// features settles whether rows keep the penultimate activations, or why not.
func (s *subject) features(ctx context.Context, m *store.Manifest) (err error) {
	f, ok := s.model.Model.(audit.Featured)
	if !ok {
		m.Without = "this model gives no inner tensors"
		return nil
	}
	if m.Features, m.FeatureLength, err = f.Penultimate(ctx); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		m.Features, m.FeatureLength, m.Without = "", 0, visible.Text(err.Error())
	}
	return nil
}

// ErrVolumes is why models of volumes are not audited.
var ErrVolumes = errors.New("an audit is of a model of pictures, and this one takes volumes: where maps lie, ways of deciding and properties are those of flat pictures; explain the volumes one by one, in the window or with picasso explain on their folder, which tells the share of every map on every slice")

// settle chooses the method, its settings, and what it explains.
func (j *Job) settle(ctx context.Context, s *subject) (why string, err error) {
	if visualizers.DepthOf(s.model.Model) > 0 {
		return "", wrong("%w", ErrVolumes)
	}
	a := audit.Auditor{Subject: s.model.Model, Class: audit.Predicted, Score: score.Probability}
	if s.model.HasLogits() {
		a.Score = score.Logit
	}
	pairs := j.Sets
	if j.Method == "" {
		var preset []string
		if a.Method, preset, why, err = audit.Choose(s.model.Model, j.method(ctx)); err != nil {
			return "", err
		}
		pairs = append(preset, pairs...)
		j.Host.Note(why)
	} else if a.Method, err = j.Host.Find(ctx, j.Method); err != nil {
		return "", wrong("%w", err)
	}
	if err := visualizers.Suits(a.Method, s.model.Model); err != nil {
		return "", wrong("%w", err)
	}
	if a.Values, err = visualizers.ParseValues(a.Method, s.model.Model, pairs); err != nil {
		return "", wrong("%w", err)
	}
	if j.Class != audit.PredictedName {
		t, err := score.ParseTarget(j.Class, s.model.Model, score.Scores{}, a.Score)
		if err != nil || len(t) != 1 || t[0].Against != score.NoClass {
			return "", wrong("class to explain: %q is no class of the model; give one, by its index or name", j.Class)
		}
		a.Class = t[0].Class
	}
	s.auditor = a
	return why, nil
}

// method finds methods by their ids.
func (j *Job) method(ctx context.Context) func(id string) (visualizers.Visualizer, bool) {
	return func(id string) (visualizers.Visualizer, bool) {
		v, err := j.Host.Find(ctx, id)
		return v, err == nil
	}
}

// truth reads the labels and matches them with the pictures. sum tells labels apart.
func (j *Job) truth(ctx context.Context, s *subject, names []string) (frozen []byte, sum string, err error) {
	var places [][]string
	var first []string
	for _, c := range s.found.Cases {
		places, first = append(places, c.Places), append(first, c.Places[0])
	}
	renamed := map[string]string{}
	for _, pair := range j.Renamed {
		label, class, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, "", wrong("class map: %q is not of the form label=class", pair)
		}
		renamed[label] = class
	}
	source, err := labels.Read(ctx, j.Labels, first, names)
	if err != nil {
		return nil, "", wrong("labels of %s: %w", picture.Said(j.Labels), err)
	}
	truth, err := labels.Match(source, places, names, renamed, j.Policy)
	if err != nil {
		return nil, "", wrong("labels of %s: %w", picture.Said(j.Labels), err)
	}
	c := truth.Counts
	j.Host.Note(fmt.Sprintf("labels: %s; %d pictures have one, %d have none, %d labels have no picture", source.Form, c.Matched, c.WithoutLabel, c.WithoutItem))
	if which := c.Strangers(); which != "" {
		j.Host.Note(which + ". Answers of which no label speaks are not judged there, unless you say what the model calls these labels (label=class)")
	}
	frozen, err = json.Marshal(truth)
	return frozen, source.Sum(j.Policy, renamed), err
}

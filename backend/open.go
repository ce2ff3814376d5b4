package backend

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync"

	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/metadata/sources"
	"picasso/backend/onnx"
	"picasso/backend/picture"
	"picasso/backend/regular"
)

func openModel(ctx context.Context, o infer.Opener, path string, opt ModelOptions) (_ *Model, err error) {
	file, err := onnx.Open(path)
	if err != nil {
		return nil, err
	}
	m := &Model{
		Path: path, Name: filepath.Base(path), File: file,
		opener: o, provider: opt.Provider, threads: opt.Threads, mapped: opt.Mapped, pictures: picture.Options{MaxMemory: opt.PictureMemory}, notice: opt.Notice, tuning: opt.Tuning, jobs: infer.NewJobs(),
	}
	m.parts = newParts(m.weights())
	m.edited = file.Graph.OpenZeros()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	sum := sync.OnceValues(hashBeside(ctx, path))
	m.trying = try(o, file, opt, sum)
	defer m.trying.Close()
	found, err := metadata.Find(file, path, opt.wishes(), sources.All())
	if err != nil {
		return nil, err
	}
	m.Sidecar = found.Sidecar
	m.dropUnread(found)
	if m.Input, err = found.FindInput(); err != nil {
		return nil, found.Blame("input", err)
	}
	if opt.Many {
		m.spread()
	}
	if err := m.fillInputs(ctx, found); err != nil {
		return nil, err
	}
	if err := m.openSession(ctx, found); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			m.Close()
		}
	}()
	if err = m.settle(ctx, found); err != nil {
		return nil, err
	}
	if m.SHA256, err = sum(); err != nil {
		return nil, err
	}
	if err = file.Unchanged(); err != nil {
		return nil, err
	}
	m.trying.Passed(m.SHA256)
	m.trying = untried{} // it is over
	return m, nil
}

// hashBeside starts [hashFile]; what it returns waits for the result.
func hashBeside(ctx context.Context, path string) func() (string, error) {
	type result struct {
		sum string
		err error
	}
	done := make(chan result, 1)
	go func() {
		sum, err := hashFile(ctx, path)
		done <- result{sum, err}
	}()
	return func() (string, error) {
		r := <-done
		return r.sum, r.err
	}
}

// hashFile is the SHA-256 of a file. ctx ends it: models may be gigabytes.
func hashFile(ctx context.Context, path string) (string, error) {
	f, _, err := regular.Open(path, regular.Unbounded)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	for {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		_, err := io.CopyN(h, f, 1<<24)
		if errors.Is(err, io.EOF) {
			return hex.EncodeToString(h.Sum(nil)), nil
		}
		if err != nil {
			return "", fmt.Errorf("%s cannot be read: %w", filepath.Base(path), err)
		}
	}
}

// openSession opens the forward session and runs it once to see the shapes and
// values that come out.
func (m *Model) openSession(ctx context.Context, found *metadata.Facts) error {
	m.dequantise()
	all, err := metadata.Candidates(m.File, found.OutputName)
	if err != nil {
		return found.Blame("output", err)
	}
	if err := m.trying.Opened(ctx); err != nil {
		return err
	}
	needed, inner := metadata.Tensors(all)
	if m.main, err = m.openForward(ctx, slices.Concat(needed, inner)...); err != nil && len(inner) > 0 && ctx.Err() == nil {
		if main, errPlain := m.openForward(ctx, needed...); errPlain == nil {
			m.main, err = main, nil
			m.Warn("The logits could not be read from the graph, so only probabilities can be explained.")
		} else {
			err = errPlain
		}
	}
	if err != nil {
		return err
	}
	err = m.try(ctx, all, found)
	if err == nil {
		err = m.restamp(ctx)
	}
	if err == nil {
		err = m.freeBatch(ctx)
	}
	if err == nil {
		err = m.narrow(ctx)
	}
	if err == nil {
		err = m.verify(ctx)
	}
	if err != nil {
		m.forward().Session.Close()
	}
	return err
}

// dequantise lets the file's outputs of quantised numbers give the values that
// they stand for.
func (m *Model) dequantise() {
	file := m.File.Clone()
	if names := file.DequantiseOutputs(); len(names) > 0 {
		m.File, m.edited = file, true
		m.Say("quantised", fmt.Sprintf("the integers of %q are converted back to the values they stand for", names))
	}
}

// narrow opens the model again where it still gives more than what scores are
// made from.
func (m *Model) narrow(ctx context.Context) error {
	needed := m.scoring().Tensors()
	if len(needed) == len(m.main.Tensors) || m.slowToOpen() {
		return nil
	}
	opened, err := m.openForward(ctx, needed...)
	if err != nil {
		return err
	}
	m.main.Session.Close()
	m.main = opened
	return nil
}

// try runs the model once on a test pattern and describes the output by what
// comes out.
func (m *Model) try(ctx context.Context, all []metadata.Candidate, found *metadata.Facts) error {
	if err := m.trying.Ran(ctx); err != nil {
		return err
	}
	outputs, err := m.trial(ctx, found)
	if err != nil {
		return err
	}
	seen := func(name string) (infer.Tensor, bool) {
		t, err := m.forward().Tensor(outputs, name)
		return t, err == nil
	}
	metadata.See(all, seen)
	chosen, err := m.ChooseOutput(found, all)
	if err != nil {
		return err
	}
	head := chosen.Head
	output, err := m.Picture(chosen.Value())
	if err != nil {
		return fmt.Errorf("%s: %w", m.Name, err)
	}
	if err := m.DescribeShape(found, output.Shape, head, metadata.Others(all, chosen)); err != nil {
		return err
	}
	if err := m.ApplyShape(found); err != nil {
		return err
	}
	m.NoticeEmbedding(found, head, m.Output.ClassValues(output))
	m.DescribeHead(found, head, output)
	var logits infer.Tensor
	raw, given := seen(head.Logits)
	if given {
		if logits, err = m.Picture(raw); err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
	}
	m.SettleLogits(head, given, output, logits)
	if err := m.traceBoxes(ctx, head, output, logits); err != nil {
		return err
	}
	m.Say("activation", m.Output.Origin)
	return nil
}

// verify compares an accelerator with the CPU on the test pattern and warns
// where they disagree.
func (m *Model) verify(ctx context.Context) error {
	if m.Provider() == "CPU" {
		return nil
	}
	in, err := m.Input.Feed([]infer.Tensor{m.Input.Pattern()})
	if err != nil {
		return err
	}
	_, err = infer.VerifyProvider(ctx, m.opener, m.forward().Source, m.forward().Session, []infer.Tensor{in})
	var disagreement *infer.DisagreementError
	if errors.As(err, &disagreement) {
		m.Warn(disagreement.Error() + ".")
		return nil
	}
	return err
}

// settle takes over what was found about preprocessing, labels and activation.
func (m *Model) settle(ctx context.Context, found *metadata.Facts) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := m.ApplyOutput(found); err != nil {
		return err
	}
	if m.References != nil {
		m.references = &references{}
	}
	found.Complete(&m.Card, m.File)
	if err := found.Pre.Check(m.Input.Channels); err != nil {
		return found.Mistake(err)
	}
	m.Preprocess = found.Pre
	if err := m.refilled(ctx); err != nil {
		return err
	}
	if err := m.compared(ctx); err != nil {
		return found.BadReference(ctx, err)
	}
	m.nameReferences(found)
	for _, key := range metadata.PreprocessKeys {
		if origin, ok := found.Origin[key]; ok {
			m.Say("preprocess."+key, origin)
		}
	}
	return m.ChooseLabels(found)
}

package backend

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"picasso/backend/infer"
	"picasso/backend/metadata"
	"picasso/backend/metadata/sources"
	"picasso/backend/onnx"
	"picasso/backend/score"
)

func openModel(ctx context.Context, o infer.Opener, path string, opt ModelOptions) (_ *Model, err error) {
	file, err := onnx.Open(path)
	if err != nil {
		return nil, err
	}
	m := &Model{
		Path: path, Name: filepath.Base(path), File: file,
		opener: o, provider: opt.Provider, threads: opt.Threads, notice: opt.Notice, tuning: opt.Tuning, jobs: infer.NewJobs(),
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	sum := hashBeside(ctx, path)
	found, err := metadata.Find(file, path, opt.wishes(), sources.All())
	if err != nil {
		return nil, err
	}
	m.Sidecar = found.Sidecar
	if m.Input, err = found.FindInput(); err != nil {
		return nil, found.Blame("input", err)
	}
	if err := found.CheckChannels(m.Input); err != nil {
		return nil, err
	}
	if err := m.fillInputs(found); err != nil {
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
	m.SHA256, err = sum()
	return m, err
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
	f, err := os.Open(path)
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
	v, reason, err := metadata.FindOutput(m.File, found.OutputName)
	if err != nil {
		return found.Blame("output", err)
	}
	m.Output = score.Output{Name: v.Name, Box: -1}
	if reason != "" {
		m.Say("output", reason)
	}
	head := onnx.FindHead(m.File, v.Name)
	if head.Kind == onnx.HeadArgMax {
		if head, err = m.beforeArgMax(head); err != nil {
			return err
		}
	}
	logits := head.Logits
	if logits == m.Output.Name || head.Node == nil {
		logits = ""
	}
	m.main, err = m.openForward(ctx, m.Output.Name, logits)
	if err != nil && logits != "" && ctx.Err() == nil {
		main, errPlain := m.openForward(ctx, m.Output.Name, "")
		if errPlain != nil {
			return errPlain
		}
		m.main, head.Logits, err = main, "", nil
		m.Warn("The logits could not be read from the graph: only probabilities can be explained.")
	}
	if err != nil {
		return err
	}
	err = m.try(ctx, head, found)
	if err == nil {
		err = m.restamp(ctx)
	}
	if err == nil {
		err = m.freeBatch(ctx)
	}
	if err == nil {
		err = m.verify(ctx)
	}
	if err != nil {
		m.forward().Session.Close()
	}
	return err
}

// beforeArgMax reads the scores in front of an output that gives only the
// number of the best class.
func (m *Model) beforeArgMax(head onnx.Head) (onnx.Head, error) {
	if head.Logits == "" {
		return head, metadata.ModelError(m.Path, fmt.Sprintf("gives only the number of the best class (%q)", m.Output.Name), "Export it with the class scores as output.")
	}
	m.Say("output", fmt.Sprintf("%q gives only the number of the best class: the scores in front of it (%q) are read", m.Output.Name, head.Logits))
	m.Output.Name = head.Logits
	return onnx.Head{Kind: onnx.HeadLogits, Output: head.Logits, Logits: head.Logits}, nil
}

// try runs the model once on a test pattern and describes the output by what
// comes out.
func (m *Model) try(ctx context.Context, head onnx.Head, found *metadata.Facts) error {
	outputs, err := m.trial(ctx, found)
	if err != nil {
		return err
	}
	output, logits, err := m.forward().Picture(outputs, 0, m.Input.Batched)
	if err != nil {
		return fmt.Errorf("%s: %w", m.Name, err)
	}
	var others [][]int
	for i, t := range outputs {
		if i != m.forward().Output && i != m.forward().Logits {
			others = append(others, t.Shape)
		}
	}
	if err := metadata.DescribeShape(&m.Output, m.Path, output.Shape, m.Input, head, others); err != nil {
		return err
	}
	if err := m.ApplyShape(found); err != nil {
		return err
	}
	trial := m.Output.ClassValues(output)
	m.NoticeEmbedding(found, head, trial)
	metadata.DescribeHead(&m.Output, head, trial)
	m.SettleLogits(head, m.forward().Logits >= 0, output, logits)
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

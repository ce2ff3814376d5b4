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

	"picasso/backend/onnx"
)

func openModel(ctx context.Context, o Opener, path string, opt ModelOptions) (_ *Model, err error) {
	file, err := onnx.Open(path)
	if err != nil {
		return nil, err
	}
	m := &Model{
		Path: path, Name: filepath.Base(path), File: file,
		opener: o, provider: opt.Provider, threads: opt.Threads, notice: opt.Notice, tuning: opt.Tuning, jobs: newJobs(),
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	sum := hashBeside(ctx, path)
	found, err := gather(file, path, opt.wishes(), allSources())
	if err != nil {
		return nil, err
	}
	m.sidecar = found.sidecar
	if m.Input, err = found.findInput(); err != nil {
		return nil, found.blame("input", err)
	}
	if err := found.checkChannels(m.Input); err != nil {
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
func (m *Model) openSession(ctx context.Context, found *facts) error {
	v, reason, err := findOutput(m.File, found.output)
	if err != nil {
		return found.blame("output", err)
	}
	m.Output = OutputSpec{Name: v.Name, Box: -1}
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
		return head, modelError(m.Path, fmt.Sprintf("gives only the number of the best class (%q)", m.Output.Name), "Export it with the class scores as output.")
	}
	m.Say("output", fmt.Sprintf("%q gives only the number of the best class: the scores in front of it (%q) are read", m.Output.Name, head.Logits))
	m.Output.Name = head.Logits
	return onnx.Head{Kind: onnx.HeadLogits, Output: head.Logits, Logits: head.Logits}, nil
}

// try runs the model once on a test pattern and describes the output by what
// comes out.
func (m *Model) try(ctx context.Context, head onnx.Head, found *facts) error {
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
	if err := describeShape(&m.Output, m.Path, output.Shape, m.Input, head, others); err != nil {
		return err
	}
	if err := m.applyShape(found); err != nil {
		return err
	}
	trial := m.Output.classValues(output)
	m.noticeEmbedding(found, head, trial)
	describeHead(&m.Output, head, trial)
	m.settleLogits(head, m.forward().Logits >= 0, output, logits)
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
	in, err := m.Input.feed([]Tensor{m.Input.pattern()})
	if err != nil {
		return err
	}
	_, err = VerifyProvider(ctx, m.opener, m.forward().Source, m.forward().Session, []Tensor{in})
	var disagreement *DisagreementError
	if errors.As(err, &disagreement) {
		m.Warn(disagreement.Error() + ".")
		return nil
	}
	return err
}

// settle takes over what was found about preprocessing, labels and activation.
func (m *Model) settle(ctx context.Context, found *facts) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := m.applyOutput(found); err != nil {
		return err
	}
	if m.References != nil {
		m.references = &references{}
	}
	found.complete(&m.Card, m.File)
	if err := found.pre.Check(m.Input.Channels); err != nil {
		return found.mistake(err)
	}
	m.Preprocess = found.pre
	if err := m.refilled(ctx); err != nil {
		return err
	}
	if err := m.compared(ctx); err != nil {
		return found.badReference(ctx, err)
	}
	m.nameReferences(found)
	for _, key := range preprocessKeys {
		if origin, ok := found.origin[key]; ok {
			m.Say("preprocess."+key, origin)
		}
	}
	return m.chooseLabels(found)
}

//go:build cgo

package ort

import (
	"fmt"
	"math"

	onnxruntime "github.com/yalue/onnxruntime_go"

	"picasso/backend/infer"
	"picasso/backend/onnx"
)

// newValue gives the library a tensor with the element type of a port. Float32
// is handed over without copying, so the library reads t.Data itself; all other
// types are converted (see toIntegers, toBools, halfBits for the rounding).
func newValue(t infer.Tensor, kind onnx.DataType) (onnxruntime.Value, error) {
	shape := longs(t.Shape)
	switch kind {
	case onnx.Float:
		return tensorOf(shape, t.Data)
	case onnx.Double:
		return tensorOf(shape, toDoubles(t.Data))
	case onnx.Uint8:
		return tensorOf(shape, toIntegers[uint8](t.Data, 0, math.MaxUint8))
	case onnx.Int8:
		return tensorOf(shape, toIntegers[int8](t.Data, math.MinInt8, math.MaxInt8))
	case onnx.Uint16:
		return tensorOf(shape, toIntegers[uint16](t.Data, 0, math.MaxUint16))
	case onnx.Int16:
		return tensorOf(shape, toIntegers[int16](t.Data, math.MinInt16, math.MaxInt16))
	case onnx.Uint32:
		return tensorOf(shape, toIntegers[uint32](t.Data, 0, math.MaxUint32))
	case onnx.Int32:
		return tensorOf(shape, toIntegers[int32](t.Data, math.MinInt32, math.MaxInt32))
	case onnx.Uint64:
		return tensorOf(shape, toIntegers[uint64](t.Data, 0, math.MaxUint64))
	case onnx.Int64:
		return tensorOf(shape, toIntegers[int64](t.Data, math.MinInt64, math.MaxInt64))
	case onnx.Bool:
		return tensorOf(shape, toBools(t.Data))
	case onnx.Float16:
		return onnxruntime.NewCustomDataTensor(shape, packBits(t.Data, halfBits), onnxruntime.TensorElementDataTypeFloat16)
	case onnx.BFloat16:
		return onnxruntime.NewCustomDataTensor(shape, packBits(t.Data, bfloatBits), onnxruntime.TensorElementDataTypeBFloat16)
	}
	return nil, fmt.Errorf("inputs of type %s are not supported", kind)
}

// tensorOf wraps data. The binding has a type of its own for single numbers.
func tensorOf[T onnxruntime.TensorData](shape onnxruntime.Shape, data []T) (onnxruntime.Value, error) {
	if len(shape) == 0 {
		return onnxruntime.NewScalar(data[0])
	}
	return onnxruntime.NewTensor(shape, data)
}

// numbers converts an output to float32. Float32 is returned without copying:
// the data belong to Go already and outlive the library's value.
func numbers(v onnxruntime.Value) ([]float32, error) {
	switch t := v.(type) {
	case *onnxruntime.Tensor[float32]:
		return t.GetData(), nil
	case *onnxruntime.Tensor[float64]:
		return fromNumbers(t.GetData()), nil
	case *onnxruntime.Tensor[uint8]:
		return fromNumbers(t.GetData()), nil
	case *onnxruntime.Tensor[int8]:
		return fromNumbers(t.GetData()), nil
	case *onnxruntime.Tensor[uint16]:
		return fromNumbers(t.GetData()), nil
	case *onnxruntime.Tensor[int16]:
		return fromNumbers(t.GetData()), nil
	case *onnxruntime.Tensor[uint32]:
		return fromNumbers(t.GetData()), nil
	case *onnxruntime.Tensor[int32]:
		return fromNumbers(t.GetData()), nil
	case *onnxruntime.Tensor[uint64]:
		return fromNumbers(t.GetData()), nil
	case *onnxruntime.Tensor[int64]:
		return fromNumbers(t.GetData()), nil
	case *onnxruntime.Tensor[bool]:
		return fromBools(t.GetData()), nil
	}
	return nil, fmt.Errorf("the model returns %s, which is not a tensor of numbers", formOf(v))
}

// formOf says in words what a value is if not a tensor of numbers.
func formOf(v onnxruntime.Value) string {
	switch v.GetONNXType() {
	case onnxruntime.ONNXTypeSequence:
		return "a list"
	case onnxruntime.ONNXTypeMap:
		return "a map"
	case onnxruntime.ONNXTypeTensor:
		return "text, or numbers of a type that cannot be read"
	}
	return "a value of another kind"
}

func longs(shape []int) onnxruntime.Shape {
	out := make(onnxruntime.Shape, len(shape))
	for i, d := range shape {
		out[i] = int64(d)
	}
	return out
}

func ints(shape onnxruntime.Shape) []int {
	out := make([]int, len(shape))
	for i, d := range shape {
		out[i] = int(d)
	}
	return out
}

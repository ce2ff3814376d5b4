package ort

import (
	"fmt"

	"picasso/backend/onnx"
)

var typeNames = map[onnx.DataType]string{
	onnx.Float: "float32", onnx.Uint8: "uint8", onnx.Int8: "int8", onnx.Uint16: "uint16", onnx.Int16: "int16",
	onnx.Int32: "int32", onnx.Int64: "int64", onnx.String: "string", onnx.Bool: "bool", onnx.Float16: "float16",
	onnx.Double: "float64", onnx.Uint32: "uint32", onnx.Uint64: "uint64", onnx.BFloat16: "bfloat16",
}

func typeName(t onnx.DataType) string {
	if name, ok := typeNames[t]; ok {
		return name
	}
	return fmt.Sprintf("number %d", int32(t))
}

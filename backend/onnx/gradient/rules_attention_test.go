package gradient_test

import "picasso/backend/onnx"

func attentionRules() []single {
	ms := "com.microsoft"
	mask := func(kind onnx.DataType, shape []int64, v ...int64) arg {
		t := &onnx.Tensor{Type: kind, Dims: shape}
		for _, n := range v {
			t.Raw = append(t.Raw, byte(n))
			if kind == onnx.Int32 {
				t.Raw = append(t.Raw, 0, 0, 0)
			}
		}
		return arg{value: t}
	}
	list := []single{
		{op: "Attention", opset: 23, args: []arg{x(1, 2, 3, 4), x(1, 2, 5, 4), x(1, 2, 5, 3)}},
		{op: "Attention", opset: 23, args: []arg{x(1, 3, 8), x(1, 3, 8), x(1, 3, 6)}, attrs: attrs(i("q_num_heads", 2), i("kv_num_heads", 2), i("is_causal", 1))},
		{op: "Attention", opset: 23, args: []arg{x(1, 4, 3, 4), x(1, 2, 5, 4), x(1, 2, 5, 4), random(3, 5)}, attrs: attrs(f("scale", 0.7))},
		{op: "Attention", opset: 23, args: []arg{x(1, 2, 3, 4), x(1, 2, 5, 4), x(1, 2, 5, 4), mask(onnx.Bool, []int64{3, 5}, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1)}},
		{op: "Attention", opset: 23, args: []arg{x(1, 2, 3, 4), x(1, 2, 5, 4), x(1, 2, 5, 4)}, attrs: attrs(f("softcap", 1.5))},
		{op: "Attention", opset: 23, args: []arg{x(1, 2, 3, 4), x(1, 2, 2, 4), x(1, 2, 2, 4), absent(), x(1, 2, 3, 4), x(1, 2, 3, 4)}, outs: []string{"y", "k", "v"}},
		{op: "RotaryEmbedding", opset: 23, args: []arg{x(1, 2, 3, 4), random(5, 2), random(5, 2), matrix([]int64{1, 3}, 0, 4, 2)}, fixed: true},
		{op: "RotaryEmbedding", opset: 23, args: []arg{x(1, 3, 8), random(1, 3, 2), random(1, 3, 2)}, attrs: attrs(i("num_heads", 2), i("interleaved", 1)), fixed: true},
		{op: "RotaryEmbedding", opset: 23, args: []arg{x(1, 3, 12), random(1, 3, 2), random(1, 3, 2)}, attrs: attrs(i("num_heads", 2), i("rotary_embedding_dim", 4)), fixed: true},
		{op: "RotaryEmbedding", domain: ms, args: []arg{x(1, 2, 3, 4), matrix([]int64{1, 3}, 1, 0, 3), random(5, 2), random(5, 2)}, fixed: true},
		{op: "RotaryEmbedding", domain: ms, args: []arg{x(1, 3, 8), ints(1), random(5, 2), random(5, 2)}, attrs: attrs(i("interleaved", 1)), fixed: true},
		{op: "Attention", domain: ms, args: []arg{x(1, 4, 6), random(6, 24), random(24)}, attrs: attrs(i("num_heads", 2))},
		{op: "Attention", domain: ms, args: []arg{x(1, 4, 6), random(6, 24), random(24), mask(onnx.Int32, []int64{1, 4}, 1, 1, 1, 0)}, attrs: attrs(i("num_heads", 2)), fixed: true},
		{op: "Attention", domain: ms, args: []arg{x(1, 4, 6), random(6, 24), random(24), absent(), absent(), random(1, 2, 4, 4)}, attrs: attrs(i("num_heads", 2), i("unidirectional", 1)), fixed: true},
		{op: "MultiHeadAttention", domain: ms, args: []arg{x(1, 3, 8), x(1, 5, 8), x(1, 5, 8)}, attrs: attrs(i("num_heads", 2))},
		{op: "MultiHeadAttention", domain: ms, args: []arg{x(1, 3, 8), x(1, 5, 8), x(1, 5, 8), random(24)}, attrs: attrs(i("num_heads", 2), f("scale", 0.4))},
		{op: "MultiHeadAttention", domain: ms, args: []arg{x(1, 3, 8), x(1, 2, 5, 4), x(1, 2, 5, 4), absent(), mask(onnx.Int32, []int64{1, 5}, 1, 0, 1, 1, 0), random(1, 2, 3, 5)}, attrs: attrs(i("num_heads", 2)), fixed: true},
		{op: "GroupQueryAttention", domain: ms, args: []arg{x(1, 3, 32), x(1, 3, 16), x(1, 3, 16), absent(), absent(), mask(onnx.Int32, []int64{1}, 2), mask(onnx.Int32, nil, 3)},
			attrs: attrs(i("num_heads", 4), i("kv_num_heads", 2)), fixed: true, outs: []string{"y", "k", "v"}},
		{op: "GroupQueryAttention", domain: ms, args: []arg{x(1, 3, 128), absent(), absent(), absent(), absent(), mask(onnx.Int32, []int64{1}, 2), mask(onnx.Int32, nil, 3), random(5, 8), random(5, 8)},
			attrs: attrs(i("num_heads", 4), i("kv_num_heads", 2), i("do_rotary", 1), i("local_window_size", 2)), fixed: true, outs: []string{"y", "k", "v"}},
	}
	return list
}

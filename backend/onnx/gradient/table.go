package gradient

// table holds the rule of every operator: those of ai.onnx by their name,
// others with their domain.
var table = map[string]entry{
	// Arithmetic.
	"Add": {rule: gradAdd}, "Sub": {rule: gradSub}, "Mul": {rule: gradMul}, "Div": {rule: gradDiv},
	"Pow": {rule: gradPow}, "Sum": {rule: gradSum}, "Mean": {rule: gradMean},
	"Max": {rule: gradExtreme}, "Min": {rule: gradExtreme}, "Mod": {rule: gradMod},
	"Where": {rule: gradWhere, from: []int{1, 2}, flat: []int{0}},

	// Functions of one number.
	"Neg": pointwise(minusOne), "Abs": pointwise(signOfX), "Sqrt": pointwise(halfOverY), "Exp": pointwise(sameAsY),
	"Log": pointwise(oneOverX), "Reciprocal": pointwise(minusYSquared),
	"Sin": pointwise(cosine), "Cos": pointwise(minusSine), "Tan": pointwise(onePlusYSquared),
	"Asin": pointwise(arcsine), "Acos": pointwise(arccosine), "Atan": pointwise(arctangent),
	"Sinh": pointwise(coshX), "Cosh": pointwise(sinhX), "Tanh": pointwise(oneMinusYSquared),
	"Asinh": pointwise(areaSine), "Acosh": pointwise(areaCosine), "Atanh": pointwise(areaTangent),
	"Erf": pointwise(gaussian),

	// Activation functions.
	"Relu": {rule: gradRelu}, "Clip": {rule: gradClip}, "PRelu": {rule: gradPRelu},
	"LeakyRelu": pointwise(leaky), "ThresholdedRelu": pointwise(aboveThreshold), "Shrink": pointwise(shrunk),
	"Elu": pointwise(elu), "Selu": pointwise(selu), "Celu": pointwise(celu),
	"Softplus": pointwise(sigmoidOfX), "Softsign": pointwise(softsign),
	"Sigmoid": pointwise(yTimesOneMinusY), "HardSigmoid": pointwise(hardSigmoid), "HardSwish": pointwise(hardSwish),
	"Swish": pointwise(swish), "Mish": pointwise(mish), "Gelu": pointwise(gelu),
	"Softmax": {rule: gradSoftmax}, "LogSoftmax": {rule: gradLogSoftmax},

	// Linear layers.
	"Conv": {rule: gradConv}, "ConvTranspose": {rule: gradConvTranspose},
	"Gemm": {rule: gradGemm}, "MatMul": {rule: gradMatMul}, "Einsum": {rule: gradEinsum},

	// Pooling.
	"MaxPool": {rule: gradMaxPool, to: 1}, "AveragePool": {rule: gradAveragePool}, "LpPool": {rule: gradLpPool},
	"GlobalAveragePool": {rule: gradGlobalAveragePool}, "GlobalMaxPool": {rule: gradGlobalMaxPool},
	"GlobalLpPool": {rule: gradGlobalLpPool}, "MaxUnpool": {rule: gradMaxUnpool, from: []int{0}},

	// Normalisation.
	"BatchNormalization": {rule: gradBatchNorm, check: inferring}, "InstanceNormalization": {rule: gradInstanceNorm},
	"LayerNormalization": {rule: gradLayerNorm}, "GroupNormalization": {rule: gradGroupNorm},
	"RMSNormalization": {rule: gradRMSNorm}, "MeanVarianceNormalization": {rule: gradMVN},
	"LRN": {rule: gradLRN}, "LpNormalization": {rule: gradLpNorm},

	// Reduction.
	"ReduceSum": {rule: gradReduceSum, from: []int{0}}, "ReduceMean": {rule: gradReduceMean, from: []int{0}},
	"ReduceMax": {rule: gradReduceExtreme, from: []int{0}}, "ReduceMin": {rule: gradReduceExtreme, from: []int{0}},
	"ReduceL1": {rule: gradReduceL1, from: []int{0}}, "ReduceL2": {rule: gradReduceL2, from: []int{0}},
	"ReduceSumSquare": {rule: gradReduceSumSquare, from: []int{0}}, "ReduceProd": {rule: gradReduceProd, from: []int{0}},
	"ReduceLogSum": {rule: gradReduceLogSum, from: []int{0}}, "ReduceLogSumExp": {rule: gradReduceLogSumExp, from: []int{0}},
	"CumSum": {rule: gradCumSum, from: []int{0}},

	// Shape.
	"Identity": {rule: gradReshape}, "Reshape": {rule: gradReshape, from: []int{0}}, "Flatten": {rule: gradReshape},
	"Squeeze": {rule: gradReshape, from: []int{0}}, "Unsqueeze": {rule: gradReshape, from: []int{0}},
	"Dropout": {rule: gradDropout, check: certain, from: []int{0}, flat: []int{1, 2}, to: 1},
	"Cast":    {rule: gradReshape, stops: true, only: toInteger}, "CastLike": {rule: gradReshape, stops: true, only: likeInteger, flat: []int{1}},
	"Transpose": {rule: gradTranspose}, "Concat": {rule: gradConcat}, "Split": {rule: gradSplit, from: []int{0}},
	"Expand": {rule: gradExpand, from: []int{0}}, "Tile": {rule: gradTile, from: []int{0}},
	"DepthToSpace": {rule: gradDepthToSpace}, "SpaceToDepth": {rule: gradSpaceToDepth},
	"Pad": {rule: gradPad, from: []int{0, 2}},

	// Arrangement.
	"ReverseSequence": {rule: gradReverseSequence, from: []int{0}}, "CenterCropPad": {rule: gradCenterCropPad, from: []int{0}},
	"Col2Im": {rule: gradCol2Im, from: []int{0}}, "DFT": {rule: gradDFT, from: []int{0}},

	// Selection.
	"Slice": {rule: gradSlice, from: []int{0}}, "Gather": {rule: gradGather, from: []int{0}},
	"GatherElements": {rule: gradGatherElements, from: []int{0}}, "GatherND": {rule: gradGatherND, from: []int{0}},
	"ScatterElements": {rule: gradScatterElements, from: []int{0, 2}}, "Scatter": {rule: gradScatterElements, from: []int{0, 2}},
	"ScatterND": {rule: gradScatterND, from: []int{0, 2}},
	"Unique":    {rule: gradUnique, to: 1}, "Range": {rule: gradRange, from: []int{0, 2}, flat: []int{1}},
	"Compress": {rule: gradCompress, from: []int{0}, flat: []int{1}},
	"TopK":     {rule: gradTopK, from: []int{0}, to: 1}, "Trilu": {rule: gradTrilu, from: []int{0}},

	// Recurrent layers.
	"LSTM": {rule: gradLSTM, check: recurring, from: []int{0, 5, 6}}, "GRU": {rule: gradGRU, check: recurring, from: []int{0, 5}},
	"RNN": {rule: gradRNN, check: recurring, from: []int{0, 5}},

	// Attention.
	"Attention": {lower: lowerAttention}, "com.microsoft.Attention": {lower: lowerPackedAttention},
	"com.microsoft.QAttention": {lower: lowerQuantisedAttention}, "com.microsoft.MultiHeadAttention": {lower: lowerMultiHead}, "com.microsoft.GroupQueryAttention": {lower: lowerGroupQuery},
	"RotaryEmbedding": {lower: lowerRotary}, "com.microsoft.RotaryEmbedding": {lower: lowerRotary},

	// Sampling.
	"GridSample": {lower: lowerGridSample}, "com.microsoft.GridSample": {lower: lowerGridSample}, "AffineGrid": {lower: lowerAffineGrid},
	"RoiAlign": {lower: lowerRoiAlign, check: sampledEvenly},

	// Resampling.
	"Resize": {rule: gradResize, from: []int{0}}, "Upsample": {rule: gradResize, from: []int{0}},

	// Losses.
	"NegativeLogLikelihoodLoss": {rule: gradNegativeLogLikelihood, from: []int{0, 2}, flat: []int{1}},
	"SoftmaxCrossEntropyLoss":   {rule: gradSoftmaxCrossEntropy, from: []int{0, 2}, flat: []int{1}},

	// Quantisation.
	"QuantizeLinear": {rule: gradQuantize, from: []int{0, 1}}, "DequantizeLinear": {rule: gradDequantize, from: []int{0, 1}},

	// Fused operators of ONNX Runtime.
	"com.microsoft.Gelu": pointwise(gelu), "com.microsoft.QuickGelu": pointwise(quickGelu),
	"com.microsoft.FastGelu": {rule: gradBiasedGelu}, "com.microsoft.BiasGelu": {rule: gradBiasedGelu},
	"com.microsoft.FusedConv":   {rule: gradFusedConv},
	"com.microsoft.FusedMatMul": {rule: gradFusedMatMul}, "com.microsoft.FusedGemm": {rule: gradFusedGemm},
	"SimplifiedLayerNormalization":                   {rule: gradRMSNorm},
	"com.microsoft.SkipLayerNormalization":           {rule: gradSkipLayerNorm},
	"com.microsoft.SkipSimplifiedLayerNormalization": {rule: gradSkipRMSNorm},
	"com.microsoft.QuantizeLinear":                   {rule: gradQuantize, from: []int{0, 1}},
	"com.microsoft.DequantizeLinear":                 {rule: gradDequantize, from: []int{0, 1}},

	// Quantised layers of ONNX and ONNX Runtime.
	"QLinearConv": {rule: gradQLinearConv, from: []int{0}}, "QLinearMatMul": {rule: gradQLinearMatMul, from: []int{0, 3}},
	"com.microsoft.QLinearAdd": {rule: gradQLinearAdd, from: []int{0, 3}}, "com.microsoft.QLinearMul": {rule: gradQLinearMul, from: []int{0, 3}},
	"com.microsoft.QLinearGlobalAveragePool": {rule: gradQLinearGlobalAveragePool, from: []int{0}},
	"com.microsoft.QLinearConcat":            {rule: gradQLinearConcat},
	"com.microsoft.QLinearSigmoid":           {rule: gradQLinearSigmoid, from: []int{0}},
	"com.microsoft.QLinearLeakyRelu":         {rule: gradQLinearLeakyRelu, from: []int{0}},
	"com.microsoft.QGemm":                    {rule: gradQGemm, from: []int{0}},
	"com.microsoft.QLinearAveragePool":       {rule: gradQLinearAveragePool, from: []int{0}},
	"com.microsoft.QLinearSoftmax":           {rule: gradQLinearSoftmax, from: []int{0}},
	"com.microsoft.QLinearWhere":             {rule: gradQLinearWhere, from: []int{1, 4}, flat: []int{0}},
	"DynamicQuantizeLinear":                  {rule: gradDynamicQuantize, to: 1},
	"MatMulInteger":                          {rule: gradMatMulInteger, from: []int{0, 1}}, "ConvInteger": {rule: gradConvInteger, from: []int{0}},
	"com.microsoft.MatMulIntegerToFloat":  {rule: gradMatMulIntegerToFloat, from: []int{0, 1, 6}},
	"com.microsoft.DynamicQuantizeMatMul": {rule: gradDynamicQuantizeMatMul, from: []int{0, 4}},
	"com.microsoft.MatMulNBits":           {rule: gradMatMulNBits, from: []int{0, 5}},

	// Constant almost everywhere.
	"Shape": {stops: true}, "Size": {stops: true}, "Constant": {stops: true}, "ConstantOfShape": {stops: true},
	"EyeLike": {stops: true}, "OneHot": {rule: gradOneHot, flat: []int{0, 1}}, "NonZero": {stops: true},
	"Sign": {stops: true}, "Floor": {stops: true}, "Ceil": {stops: true}, "Round": {stops: true},
	"Equal": {stops: true}, "Greater": {stops: true}, "Less": {stops: true}, "GreaterOrEqual": {stops: true},
	"LessOrEqual": {stops: true}, "Not": {stops: true}, "And": {stops: true}, "Or": {stops: true}, "Xor": {stops: true},
	"BitShift": {stops: true}, "BitwiseAnd": {stops: true}, "BitwiseOr": {stops: true}, "BitwiseNot": {stops: true}, "BitwiseXor": {stops: true},
	"ArgMax": {stops: true}, "ArgMin": {stops: true}, "Hardmax": {stops: true}, "NonMaxSuppression": {stops: true},
	"IsNaN": {stops: true}, "IsInf": {stops: true},
	"RandomNormalLike": {stops: true}, "RandomUniformLike": {stops: true}, "Bernoulli": {stops: true}, "Multinomial": {stops: true},

	// Loops and lists, written out beforehand.
	"If": {lower: undecided}, "Loop": {lower: lowerLoop, check: steady}, "Scan": {lower: lowerScan},
	"SequenceAt": {lower: lowerSequenceAt}, "ConcatFromSequence": {lower: lowerConcatFromSequence},
	"SequenceConstruct": {lower: keepNode}, "SequenceEmpty": {lower: keepNode}, "SequenceInsert": {lower: keepNode},
	"SequenceErase": {lower: keepNode}, "SplitToSequence": {lower: keepNode},

	// Refused with a reason.
	"DeformConv":                      {why: "is an operator that ONNX Runtime does not run on the CPU; export with the deformable convolution written out (GridSample)"},
	"CumProd":                         {why: "is an operator that ONNX Runtime does not run yet; export with a product of slices, or the exponential of a CumSum"},
	"STFT":                            {why: "is a transform of sounds without a gradient rule; give the model the finished picture of the spectrum"},
	"Det":                             {why: "has no gradient rule; write the determinant out in products"},
	"SequenceMap":                     {why: "repeats a part of the graph for a list, which has no gradient rule; export with the operators written out"},
	"com.microsoft.NhwcConv":          {why: internalForm},
	"com.microsoft.NhwcFusedConv":     {why: internalForm},
	"com.microsoft.NhwcMaxPool":       {why: internalForm},
	"com.microsoft.nchwc.Conv":        {why: internalForm},
	"com.microsoft.nchwc.MaxPool":     {why: internalForm},
	"com.microsoft.PackedAttention":   {why: unfused},
	"com.microsoft.SparseAttention":   {why: unfused},
	"com.microsoft.QLinearReduceMean": {why: "has no gradient rule; use the model before quantisation"},
}

// Reasons of several operators.
const (
	internalForm = "is an internal form of ONNX Runtime; use the model as it was before optimisation"
	unfused      = "is a fused operator without a gradient rule; export without the fusion of attention"
)

// What of ONNX Runtime's C interface our operators use. Its functions keep their places
// for ever, and newer ones come behind them; a test compares the places below with the
// interface that the runtime's binding brings along.

#ifndef PICASSO_KERNEL_RUNTIME_H
#define PICASSO_KERNEL_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

#ifdef _WIN32
#define CALL __stdcall
#else
#define CALL
#endif

#define API_VERSION 24
#define FAULT 1 // ORT_FAIL
// ONNXTensorElementDataType
#define FLOAT 1
#define BYTE 2

enum { REQUIRED, OPTIONAL, VARIADIC }; // OrtCustomOpInputOutputCharacteristic

typedef struct OrtStatus OrtStatus;
typedef struct OrtValue OrtValue;
typedef struct OrtShape OrtShape; // OrtTensorTypeAndShapeInfo
typedef struct OrtDomain OrtDomain; // OrtCustomOpDomain
typedef struct OrtOptions OrtOptions; // OrtSessionOptions
typedef struct OrtInfo OrtInfo; // OrtKernelInfo
typedef struct OrtContext OrtContext; // OrtKernelContext
typedef struct OrtInference OrtInference; // OrtShapeInferContext
typedef struct OrtApi OrtApi;

typedef struct {
	const OrtApi *(CALL *GetApi)(uint32_t version);
	const char *(CALL *GetVersionString)(void);
} OrtApiBase;

// OrtCustomOp is an operator of ours as the runtime takes it.
typedef struct OrtCustomOp {
	uint32_t version;
	void *(CALL *CreateKernel)(const struct OrtCustomOp *, const OrtApi *, const OrtInfo *);
	const char *(CALL *GetName)(const struct OrtCustomOp *);
	const char *(CALL *GetExecutionProviderType)(const struct OrtCustomOp *);
	int (CALL *GetInputType)(const struct OrtCustomOp *, size_t);
	size_t (CALL *GetInputTypeCount)(const struct OrtCustomOp *);
	int (CALL *GetOutputType)(const struct OrtCustomOp *, size_t);
	size_t (CALL *GetOutputTypeCount)(const struct OrtCustomOp *);
	void (CALL *KernelCompute)(void *, OrtContext *);
	void (CALL *KernelDestroy)(void *);
	int (CALL *GetInputCharacteristic)(const struct OrtCustomOp *, size_t);
	int (CALL *GetOutputCharacteristic)(const struct OrtCustomOp *, size_t);
	int (CALL *GetInputMemoryType)(const struct OrtCustomOp *, size_t);
	int (CALL *GetVariadicInputMinArity)(const struct OrtCustomOp *);
	int (CALL *GetVariadicInputHomogeneity)(const struct OrtCustomOp *);
	int (CALL *GetVariadicOutputMinArity)(const struct OrtCustomOp *);
	int (CALL *GetVariadicOutputHomogeneity)(const struct OrtCustomOp *);
	OrtStatus *(CALL *CreateKernelV2)(const struct OrtCustomOp *, const OrtApi *, const OrtInfo *, void **);
	OrtStatus *(CALL *KernelComputeV2)(void *, OrtContext *);
	OrtStatus *(CALL *InferOutputShapeFn)(const struct OrtCustomOp *, OrtInference *);
	int (CALL *GetStartVersion)(const struct OrtCustomOp *);
	int (CALL *GetEndVersion)(const struct OrtCustomOp *);
	size_t (CALL *GetMayInplace)(int **, int **);
	void (CALL *ReleaseMayInplace)(int *, int *);
	size_t (CALL *GetAliasMap)(int **, int **);
	void (CALL *ReleaseAliasMap)(int *, int *);
} OrtCustomOp;

// after is the room of functions that we do not use, between places a and b.
#define AFTER(a, b) void *after##a[b - a - 1]

struct OrtApi {
	OrtStatus *(CALL *CreateStatus)(int code, const char *message);
	AFTER(0, 26);
	OrtStatus *(CALL *CreateCustomOpDomain)(const char *name, OrtDomain **out);
	OrtStatus *(CALL *CustomOpDomain_Add)(OrtDomain *, const OrtCustomOp *);
	OrtStatus *(CALL *AddCustomOpDomain)(OrtOptions *, OrtDomain *);
	AFTER(28, 51);
	OrtStatus *(CALL *GetTensorMutableData)(OrtValue *, void **out);
	AFTER(51, 61);
	OrtStatus *(CALL *GetDimensionsCount)(const OrtShape *, size_t *out);
	OrtStatus *(CALL *GetDimensions)(const OrtShape *, int64_t *out, size_t count);
	AFTER(62, 65);
	OrtStatus *(CALL *GetTensorTypeAndShape)(const OrtValue *, OrtShape **out);
	AFTER(65, 85);
	OrtStatus *(CALL *KernelInfoGetAttribute_float)(const OrtInfo *, const char *name, float *out);
	OrtStatus *(CALL *KernelInfoGetAttribute_int64)(const OrtInfo *, const char *name, int64_t *out);
	AFTER(86, 90);
	OrtStatus *(CALL *KernelContext_GetInput)(const OrtContext *, size_t index, const OrtValue **out);
	OrtStatus *(CALL *KernelContext_GetOutput)(OrtContext *, size_t index, const int64_t *dims, size_t count, OrtValue **out);
	AFTER(91, 93);
	void (CALL *ReleaseStatus)(OrtStatus *);
	AFTER(93, 99);
	void (CALL *ReleaseTensorTypeAndShapeInfo)(OrtShape *);
	AFTER(99, 163);
	OrtStatus *(CALL *KernelInfoGetAttributeArray_int64)(const OrtInfo *, const char *name, int64_t *out, size_t *size);
	AFTER(163, 274);
	OrtStatus *(CALL *KernelContext_ParallelFor)(const OrtContext *, void (*work)(void *, size_t), size_t total, size_t batches, void *data);
};

#define PLACE(function, place) _Static_assert(offsetof(OrtApi, function) == place * sizeof(void *), #function)
PLACE(CreateStatus, 0);
PLACE(CreateCustomOpDomain, 26);
PLACE(CustomOpDomain_Add, 27);
PLACE(AddCustomOpDomain, 28);
PLACE(GetTensorMutableData, 51);
PLACE(GetDimensionsCount, 61);
PLACE(GetDimensions, 62);
PLACE(GetTensorTypeAndShape, 65);
PLACE(KernelInfoGetAttribute_float, 85);
PLACE(KernelInfoGetAttribute_int64, 86);
PLACE(KernelContext_GetInput, 90);
PLACE(KernelContext_GetOutput, 91);
PLACE(ReleaseStatus, 93);
PLACE(ReleaseTensorTypeAndShapeInfo, 99);
PLACE(KernelInfoGetAttributeArray_int64, 163);
PLACE(KernelContext_ParallelFor, 274);

#endif

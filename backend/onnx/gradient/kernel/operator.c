#include <stdlib.h>
#include <string.h>

#include "operator.h"

// Kernel is the state of a node.
typedef struct {
	const OrtApi *api;
	const Operator *operator;
	Attributes a;
} Kernel;

static const char *CALL name(const OrtCustomOp *op) { return ((const Operator *)op)->name; }
static const char *CALL provider(const OrtCustomOp *op) { return NULL; } // the CPU
static int CALL type(const OrtCustomOp *op, size_t i) { return i + 1 == ((const Operator *)op)->bytes ? BYTE : FLOAT; }
static int CALL out_type(const OrtCustomOp *op, size_t i) { return ((const Operator *)op)->out; }
static size_t CALL inputs(const OrtCustomOp *op) {
	size_t n = ((const Operator *)op)->inputs;
	return n ? n : 1;
}
static size_t CALL one(const OrtCustomOp *op) { return 1; }
static int CALL yes(const OrtCustomOp *op) { return 1; }
static int CALL anywhere(const OrtCustomOp *op, size_t i) { return 0; }
static int CALL given(const OrtCustomOp *op, size_t i) { return ((const Operator *)op)->inputs ? REQUIRED : VARIADIC; }
static int CALL required(const OrtCustomOp *op, size_t i) { return REQUIRED; }
static void CALL destroy(void *kernel) { free(kernel); }

static OrtStatus *CALL compute(void *kernel, OrtContext *context) {
	const Kernel *k = kernel;
	Run run = {k->api, context, &k->a};
	return k->operator->compute(&run);
}

// list is where a list of attributes belongs.
static int64_t *list(Attributes *a, const char *name) {
	if (!strcmp(name, "in")) return a->in;
	if (!strcmp(name, "out")) return a->out;
	if (!strcmp(name, "kernel")) return a->kernel;
	if (!strcmp(name, "stride")) return a->stride;
	if (!strcmp(name, "begin")) return a->begin;
	if (!strcmp(name, "dilation")) return a->dilation;
	return a->phases;
}

// number is where an attribute of one whole number belongs.
static int64_t *number(Attributes *a, const char *name) {
	if (!strcmp(name, "block")) return &a->block;
	return strcmp(name, "from") ? &a->positive : &a->from;
}

static OrtStatus *read_attributes(const Operator *o, const OrtApi *api, const OrtInfo *info, Attributes *a) {
	for (const char *const *n = o->floats; *n; n++)
		TRY(api->KernelInfoGetAttribute_float(info, *n, strcmp(*n, "low") ? &a->high : &a->low));
	for (const char *const *n = o->numbers; *n; n++)
		TRY(api->KernelInfoGetAttribute_int64(info, *n, number(a, *n)));
	for (const char *const *n = o->lists; *n; n++) {
		size_t size = AXES;
		int64_t *to = list(a, *n);
		TRY(api->KernelInfoGetAttributeArray_int64(info, *n, to, &size));
		if (to == a->phases) {
			a->count = size;
			continue;
		}
		if (a->axes && a->axes != size) return api->CreateStatus(FAULT, "the lists of attributes differ in length");
		a->axes = size;
	}
	return NULL;
}

static OrtStatus *CALL create(const OrtCustomOp *op, const OrtApi *api, const OrtInfo *info, void **out) {
	Kernel *k = calloc(1, sizeof *k);
	if (!k) return api->CreateStatus(FAULT, "there is no memory for an operator");
	k->api = api;
	k->operator = (const Operator *)op;
	OrtStatus *status = read_attributes(k->operator, api, info, &k->a);
	if (status) {
		free(k);
		return status;
	}
	*out = k;
	return NULL;
}

OrtStatus *fault(const Run *r, const char *message) { return r->api->CreateStatus(FAULT, message); }

OrtStatus *input(const Run *r, size_t i, Tensor *t) {
	const OrtValue *value = NULL;
	OrtShape *shape = NULL;
	TRY(r->api->KernelContext_GetInput(r->context, i, &value));
	if (!value) return fault(r, "an input is missing");
	TRY(r->api->GetTensorTypeAndShape(value, &shape));
	OrtStatus *status = r->api->GetDimensionsCount(shape, &t->rank);
	if (!status && t->rank > AXES) status = fault(r, "an input has too many axes");
	if (!status) status = r->api->GetDimensions(shape, t->dims, t->rank);
	r->api->ReleaseTensorTypeAndShapeInfo(shape);
	if (status) return status;
	t->size = 1;
	for (size_t axis = 0; axis < t->rank; axis++) t->size *= t->dims[axis];
	return r->api->GetTensorMutableData((OrtValue *)value, (void **)&t->data);
}

OrtStatus *output(const Run *r, const int64_t *dims, size_t rank, Tensor *t) {
	OrtValue *value = NULL;
	TRY(r->api->KernelContext_GetOutput(r->context, 0, dims, rank, &value));
	t->rank = rank;
	t->size = 1;
	for (size_t axis = 0; axis < rank; axis++) t->size *= t->dims[axis] = dims[axis];
	return r->api->GetTensorMutableData(value, (void **)&t->data);
}

OrtStatus *parallel(const Run *r, void (*work)(void *, size_t), size_t total, void *data) {
	if (total == 1) {
		work(data, 0);
		return NULL;
	}
	return r->api->KernelContext_ParallelFor(r->context, work, total, 0, data);
}

// The first input of Keep may become its output.
static size_t CALL in_place(int **in, int **out) {
	*in = calloc(1, sizeof **in);
	*out = calloc(1, sizeof **out);
	return *in && *out ? 1 : 0;
}
static void CALL release(int *in, int *out) {
	free(in);
	free(out);
}

#define OPERATOR \
	.version = API_VERSION, .GetName = name, .GetExecutionProviderType = provider, .GetInputType = type, .GetInputTypeCount = inputs, \
	.GetOutputType = out_type, .GetOutputTypeCount = one, .KernelDestroy = destroy, .GetInputCharacteristic = given, \
	.GetOutputCharacteristic = required, .GetInputMemoryType = anywhere, .GetVariadicInputMinArity = yes, .GetVariadicInputHomogeneity = yes, \
	.GetVariadicOutputMinArity = yes, .GetVariadicOutputHomogeneity = yes, .CreateKernelV2 = create, .KernelComputeV2 = compute, \
	.GetStartVersion = yes, .GetEndVersion = yes

static const Operator table[] = {
	{.op = {OPERATOR}, .name = "Inside", .inputs = 1, .out = BYTE, .floats = {"low", "high"}, .compute = inside},
	{.op = {OPERATOR, .GetMayInplace = in_place, .ReleaseMayInplace = release}, .name = "Keep", .inputs = 2, .bytes = 2, .out = FLOAT, .numbers = {"from"}, .compute = keep},
	{.op = {OPERATOR}, .name = "MaxPoolGrad", .inputs = 2, .out = FLOAT, .numbers = {"positive", "block"}, .lists = {"in", "out", "kernel", "stride", "begin", "dilation"}, .compute = max_pool_grad},
	{.op = {OPERATOR}, .name = "Interleave", .inputs = 0, .out = FLOAT, .numbers = {"block"}, .lists = {"in", "stride", "phases"}, .compute = interleave},
	{.op = {OPERATOR}, .name = "DepthwiseScatter", .inputs = 2, .out = FLOAT, .numbers = {"block"}, .lists = {"in", "stride", "begin"}, .compute = depthwise_scatter},
};

// picasso_domain makes the domain of our operators, once for all sessions.
OrtStatus *picasso_domain(const OrtApiBase *base, const char *name, const OrtApi **api, OrtDomain **domain) {
	*api = base->GetApi(API_VERSION);
	if (!*api) return NULL;
	TRY((*api)->CreateCustomOpDomain(name, domain));
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		TRY((*api)->CustomOpDomain_Add(*domain, &table[i].op));
	return NULL;
}

// picasso_attach lets the sessions of some options have our operators.
int picasso_attach(const OrtApi *api, void *options, OrtDomain *domain) {
	OrtStatus *status = api->AddCustomOpDomain(options, domain);
	if (!status) return 1;
	api->ReleaseStatus(status);
	return 0;
}

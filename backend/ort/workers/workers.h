// What of ONNX Runtime's C interface threads take. Its functions keep their places for
// ever; a test compares those below with the interface that the runtime's binding brings along.

#ifndef PICASSO_WORKERS_H
#define PICASSO_WORKERS_H

#include <stddef.h>

typedef struct OrtStatus OrtStatus;
typedef struct OrtOptions OrtOptions; // OrtSessionOptions
typedef struct Gate Gate;

typedef void (*Work)(void *);                                // OrtThreadWorkerFn
typedef void *(*Create)(void *options, Work work, void *data); // OrtCustomCreateThreadFn
typedef void (*Join)(void *thread);                          // OrtCustomJoinThreadFn

typedef struct OrtApi {
	void *before[93];
	void (*ReleaseStatus)(OrtStatus *);
	void *between[196 - 93 - 1];
	OrtStatus *(*SessionOptionsSetCustomCreateThreadFn)(OrtOptions *, Create);
	OrtStatus *(*SessionOptionsSetCustomThreadCreationOptions)(OrtOptions *, void *);
	OrtStatus *(*SessionOptionsSetCustomJoinThreadFn)(OrtOptions *, Join);
} OrtApi;

#define PLACE(function, place) _Static_assert(offsetof(OrtApi, function) == place * sizeof(void *), #function)
PLACE(ReleaseStatus, 93);
PLACE(SessionOptionsSetCustomCreateThreadFn, 196);
PLACE(SessionOptionsSetCustomThreadCreationOptions, 197);
PLACE(SessionOptionsSetCustomJoinThreadFn, 198);

// A Gate holds the threads of a session back until it is opened. Joining them opens it.
Gate *picasso_gate(void); // NULL: there is no memory
void picasso_open(Gate *);
void picasso_free(Gate *); // once its threads are joined

// picasso_hold lets the sessions of some options have threads behind the gate; 0: they
// cannot have them.
int picasso_hold(const OrtApi *, OrtOptions *, Gate *);

#endif

//go:build cgo && !windows

#include <pthread.h>
#include <stdlib.h>

#include "workers.h"

struct Gate {
	pthread_mutex_t mutex;
	pthread_cond_t opened;
	int open;
};

typedef struct {
	pthread_t thread;
	Gate *gate;
	Work work;
	void *data;
} Worker;

Gate *picasso_gate(void) {
	Gate *g = calloc(1, sizeof *g);
	if (!g) return NULL;
	pthread_mutex_init(&g->mutex, NULL);
	pthread_cond_init(&g->opened, NULL);
	return g;
}

void picasso_open(Gate *g) {
	pthread_mutex_lock(&g->mutex);
	g->open = 1;
	pthread_cond_broadcast(&g->opened);
	pthread_mutex_unlock(&g->mutex);
}

void picasso_free(Gate *g) {
	pthread_cond_destroy(&g->opened);
	pthread_mutex_destroy(&g->mutex);
	free(g);
}

static void *run(void *data) {
	Worker *w = data;
	pthread_mutex_lock(&w->gate->mutex);
	while (!w->gate->open) pthread_cond_wait(&w->gate->opened, &w->gate->mutex);
	pthread_mutex_unlock(&w->gate->mutex);
	w->work(w->data);
	return NULL;
}

static void *create(void *gate, Work work, void *data) {
	Worker *w = malloc(sizeof *w);
	if (!w) return NULL;
	*w = (Worker){.gate = gate, .work = work, .data = data};
	if (pthread_create(&w->thread, NULL, run, w)) {
		free(w);
		return NULL;
	}
	return w;
}

static void join(void *thread) {
	Worker *w = thread;
	picasso_open(w->gate);
	pthread_join(w->thread, NULL);
	free(w);
}

static int done(const OrtApi *api, OrtStatus *status) {
	if (!status) return 1;
	api->ReleaseStatus(status);
	return 0;
}

int picasso_hold(const OrtApi *api, OrtOptions *options, Gate *gate) {
	return done(api, api->SessionOptionsSetCustomThreadCreationOptions(options, gate)) &&
		done(api, api->SessionOptionsSetCustomJoinThreadFn(options, join)) &&
		done(api, api->SessionOptionsSetCustomCreateThreadFn(options, create));
}

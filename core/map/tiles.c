/* Runs tiles on threads, each taking the next one that nobody has begun.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "map/tiles.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct crew {
    size_t count;
    clv_tile_work work;
    void *payload;
    atomic_size_t next;
    atomic_size_t failed; /* lowest tile that failed, SIZE_MAX for none */
    pthread_mutex_t lock;
    clv_status status;
    clv_error err;
} crew;

typedef struct worker {
    crew *crew;
    size_t thread;
    pthread_t handle;
} worker;

static void note_failure(crew *team, size_t tile, clv_status status, const clv_error *err)
{
    pthread_mutex_lock(&team->lock);
    if (tile < atomic_load(&team->failed)) {
        atomic_store(&team->failed, tile);
        team->status = status;
        team->err = *err;
    }
    pthread_mutex_unlock(&team->lock);
}

static void *run_worker(void *payload)
{
    worker *me = payload;
    crew *team = me->crew;

    for (;;) {
        size_t tile = atomic_fetch_add(&team->next, 1);
        clv_error err = {0};
        clv_status status;

        /* Tiles below a failed one are still run: the lowest failure decides, whatever the order of the threads. */
        if (tile >= team->count || tile > atomic_load(&team->failed)) { return NULL; }
        status = team->work(team->payload, tile, me->thread, &err);
        if (status) { note_failure(team, tile, status, &err); }
    }
}

/* A thread that cannot be started is no failure: the others, at least the caller's, do its work. */
static void run_crew(worker *workers, size_t threads)
{
    size_t started = 0;

    while (started + 1 < threads &&
           pthread_create(&workers[started + 1].handle, NULL, run_worker, &workers[started + 1]) == 0) {
        started++;
    }
    run_worker(&workers[0]);
    for (size_t i = 1; i <= started; i++) { pthread_join(workers[i].handle, NULL); }
}

clv_status clv_tiles_run(size_t count, size_t threads, clv_tile_work work, void *payload, clv_error *err)
{
    crew team = {.count = count, .work = work, .payload = payload};
    worker *workers;

    if (threads > count) { threads = count; }
    if (threads < 1) { threads = 1; }
    workers = calloc(threads, sizeof *workers);
    CLV_CHECK(workers, err, CLV_NO_MEMORY, "no memory for %zu threads", threads);
    atomic_init(&team.next, 0);
    atomic_init(&team.failed, SIZE_MAX);
    pthread_mutex_init(&team.lock, NULL);
    for (size_t i = 0; i < threads; i++) { workers[i] = (worker){.crew = &team, .thread = i}; }
    run_crew(workers, threads);
    pthread_mutex_destroy(&team.lock);
    free(workers);
    if (team.status && err) { *err = team.err; }
    return team.status;
}

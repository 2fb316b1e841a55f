/* Live sessions: begun, fed through a bounded queue, run on the data so far when it is time, ended, cancelled.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "live.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PRESET_QUEUE 1024
#define PRESET_MOST ((uint64_t)1 << 30)

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* ---- Beginning */

/* Forgets data and setup; the lock stays. */
static void clear(clv_live *live)
{
    clv_items_clear(&live->queue);
    clv_items_clear(&live->kept);
    clv_item_free(live->shape);
    clv_value_free(live->metadata);
    free(live->input);
    free(live->energy);
    free(live->axis);
    free(live->along);
    free(live->along_unit);
    free(live->source);
    live->shape = NULL;
    live->metadata = NULL;
    live->input = live->energy = live->axis = live->along = live->along_unit = live->source = NULL;
    live->kept_bytes = live->last_sequence = 0;
    live->counters = (clv_live_counters){.size = sizeof live->counters};
    live->fresh = live->open = 0;
    live->last_run = -INFINITY;
    live->problem[0] = 0;
}

void clv_live_free(clv_live *live)
{
    if (!live) { return; }
    clear(live);
    pthread_mutex_destroy(&live->lock);
    free(live);
}

int clv_live_is_open(const clv_session *session) { return session->live && session->live->open; }

static clv_status make(clv_session *session, clv_error *err)
{
    if (session->live) { /* the data of the last time go, and leave their input free */
        const char *input = session->live->input;

        if (input) { CLV_TRY(clv_session_set_input(session, input, clv_value_nil(), err)); }
        clear(session->live);
        return CLV_OK;
    }
    session->live = calloc(1, sizeof *session->live);
    if (session->live && pthread_mutex_init(&session->live->lock, NULL)) {
        free(session->live);
        session->live = NULL;
    }
    CLV_CHECK(session->live, err, CLV_NO_MEMORY, "not enough memory");
    clear(session->live);
    return CLV_OK;
}

static clv_status copy_text(const char *text, const char *preset, char **copy, clv_error *err)
{
    const char *chosen = text ? text : preset;

    *copy = chosen ? strdup(chosen) : NULL;
    CLV_CHECK(!chosen || *copy, err, CLV_NO_MEMORY, "not enough memory");
    return CLV_OK;
}

/* Metadata are texts and numbers; written and read again, they are a copy of the session's own. */
static clv_status copy_metadata(const clv_value *given, clv_value **copy, clv_error *err)
{
    char *text = NULL;
    clv_status status;

    if (!given) { return CLV_OK; }
    CLV_CHECK(clv_value_kind(given) == CLV_TABLE, err, CLV_BAD_ARGUMENT, "begin: metadata is a table of names");
    for (size_t i = 0; i < clv_value_name_count(given); i++) {
        clv_kind kind = clv_value_kind(clv_value_get(given, clv_value_name_at(given, i)));

        CLV_CHECK(kind == CLV_NUMBER || kind == CLV_TEXT, err, CLV_BAD_ARGUMENT,
                  "begin: the metadata %s is %s; it should be a number or a text", clv_value_name_at(given, i),
                  clv_kind_phrase(kind));
    }
    CLV_TRY(clv_value_write(given, &text, err));
    status = clv_value_parse(text, copy, err);
    clv_text_free(text);
    return status;
}

static clv_status read_setup(clv_live *live, const clv_live_setup *given, clv_error *err)
{
    clv_live_setup setup = {0};
    size_t known = given && given->size < sizeof setup ? given->size : sizeof setup;

    if (given) {
        CLV_CHECK(given->size >= sizeof setup.size, err, CLV_BAD_ARGUMENT,
                  "begin: the setup says it has %u bytes: set size to sizeof(clv_live_setup)", given->size);
        memcpy(&setup, given, known);
    }
    CLV_TRY(copy_text(setup.energy, "energy", &live->energy, err));
    CLV_TRY(copy_text(setup.axis, "photon_energy", &live->axis, err));
    CLV_TRY(copy_text(setup.along, NULL, &live->along, err));
    CLV_TRY(copy_text(setup.along_unit, "1", &live->along_unit, err));
    CLV_TRY(copy_text(setup.source, "live", &live->source, err));
    CLV_TRY(copy_text(setup.input, NULL, &live->input, err));
    CLV_CHECK(clv_axis_is_energy(live->axis), err, CLV_BAD_ARGUMENT,
              "begin: the axis is \"%s\"; it should be photon_energy, binding_energy, kinetic_energy or energy_loss",
              live->axis);
    CLV_CHECK(!live->along || live->take != CLV_TAKE_POINTS, err, CLV_BAD_ARGUMENT,
              "begin: points run along the energies, not along %s", live->along);
    live->room = setup.queue ? setup.queue : PRESET_QUEUE;
    live->keep = setup.keep;
    live->most = setup.most ? setup.most : PRESET_MOST;
    return copy_metadata(setup.metadata, &live->metadata, err);
}

/* The input that takes the data: the one named, or the first that has not been set. */
static clv_status choose_input(const clv_session *session, const clv_value *declared, char **input, clv_error *err)
{
    const char *names[64], *chosen = NULL, *near;
    size_t count = clv_value_count(declared) < 64 ? clv_value_count(declared) : 64;

    for (size_t i = 0; i < count; i++) {
        names[i] = clv_value_as_text(clv_value_get(clv_value_at(declared, i), "name"));
        if (*input ? strcmp(*input, names[i]) == 0
                   : clv_value_kind(clv_value_get(session->inputs, names[i])) == CLV_NIL) {
            chosen = chosen ? chosen : names[i];
        }
    }
    if (!chosen && *input) {
        near = clv_text_nearest(*input, names, count);
        return clv_fail(err, CLV_BAD_ARGUMENT, "begin: the workflow declares no input '%s'%s%s%s", *input,
                        near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
    CLV_CHECK(chosen, err, CLV_BAD_ARGUMENT, "begin: the workflow has no input that could take what is measured");
    if (!*input) { CLV_TRY(copy_text(chosen, NULL, input, err)); }
    return CLV_OK;
}

static clv_status read_declaration(clv_live *live, const clv_value *declaration, clv_error *err)
{
    static const char *const takes[] = {"points", "spectra", "frames"};
    const clv_value *declared = clv_value_get(declaration, "live"), *every = clv_value_get(declared, "every");
    const char *take = clv_value_as_text(clv_value_get(declared, "take"));

    CLV_CHECK(clv_value_kind(declared) == CLV_TABLE, err, CLV_BAD_ARGUMENT,
              "begin: the workflow takes nothing live; declare live = { take = \"points\", every = 1 }");
    live->take = CLV_TAKE_POINTS;
    for (int i = 0; take && i < 3; i++) {
        if (strcmp(take, takes[i]) == 0) { live->take = (clv_take)i; }
    }
    live->every = clv_value_kind(every) == CLV_NUMBER ? clv_value_as_number(every) : 0;
    return CLV_OK;
}

static void shut(clv_live *live)
{
    pthread_mutex_lock(&live->lock);
    live->open = 0;
    pthread_mutex_unlock(&live->lock);
}

clv_status clv_session_begin(clv_session *session, const clv_live_setup *setup, clv_error *err)
{
    const clv_value *declaration = NULL;
    const char *help = NULL;
    clv_live *live;

    if (atomic_exchange(&session->cancelled, 0) && session->live) { shut(session->live); }
    CLV_CHECK(!clv_live_is_open(session), err, CLV_BAD_ARGUMENT, "begin: the session is live already: end it first");
    CLV_TRY(make(session, err));
    live = session->live;
    CLV_TRY(clv_session_describe(session, &declaration, &help, err));
    CLV_TRY(read_declaration(live, declaration, err));
    CLV_TRY(read_setup(live, setup, err));
    CLV_TRY(choose_input(session, clv_value_get(declaration, "inputs"), &live->input, err));
    pthread_mutex_lock(&live->lock);
    live->open = 1;
    pthread_mutex_unlock(&live->lock);
    return CLV_OK;
}

/* ---- Feeding */

static void follow_sequence(clv_live *live, uint64_t sequence)
{
    if (sequence == 0) { return; }
    if (live->last_sequence && sequence <= live->last_sequence) {
        live->counters.out_of_order++;
        return;
    }
    if (live->last_sequence && sequence > live->last_sequence + 1) {
        live->counters.gaps++;
        live->counters.missing += sequence - live->last_sequence - 1;
    }
    live->last_sequence = sequence;
}

/* Under the lock. */
static clv_status post(clv_live *live, const clv_push *push, clv_error *err)
{
    clv_item *item = NULL;

    CLV_CHECK(live->open, err, CLV_BAD_ARGUMENT, "push: the session is not live: begin it first");
    CLV_TRY(clv_live_copy(live, push, &item, err));
    follow_sequence(live, push->sequence);
    if (live->queue.count >= live->room) {
        live->counters.dropped++;
        clv_item_free(item);
        return CLV_OK;
    }
    if (!live->shape && clv_live_shape(item, &live->shape, err)) {
        clv_item_free(item);
        return CLV_NO_MEMORY;
    }
    clv_items_add(&live->queue, item);
    live->counters.received++;
    return CLV_OK;
}

clv_status clv_session_post(clv_session *session, const clv_push *push, clv_error *err)
{
    clv_status status;

    CLV_CHECK(session->live, err, CLV_BAD_ARGUMENT, "push: the session is not live: begin it first");
    CLV_CHECK(!atomic_load(&session->cancelled), err, CLV_CANCELLED, "push: the session was cancelled");
    pthread_mutex_lock(&session->live->lock);
    status = post(session->live, push, err);
    pthread_mutex_unlock(&session->live->lock);
    return status;
}

/* ---- Running */

static clv_status keep(clv_live *live, clv_item *item_take, clv_error *err)
{
    uint64_t bytes = 0;

    clv_items_add(&live->kept, item_take);
    live->kept_bytes += item_take->bytes;
    live->fresh = 1;
    if (live->keep && live->kept.count > live->keep) {
        CLV_TRY(clv_live_drop(live, &live->kept, &bytes, err));
        live->kept_bytes -= bytes;
    }
    CLV_CHECK(live->kept_bytes <= live->most, err, CLV_LIMIT,
              "push: more than %llu MiB of data: `most` lets more be kept, `keep` only the newest",
              (unsigned long long)(live->most >> 20));
    return CLV_OK;
}

/* Moves what waits to what is kept. */
static clv_status take_waiting(clv_live *live, clv_error *err)
{
    clv_items waiting;
    clv_status status = CLV_OK;

    pthread_mutex_lock(&live->lock);
    waiting = live->queue;
    live->queue = (clv_items){0};
    pthread_mutex_unlock(&live->lock);
    for (clv_item *item = waiting.first, *next; item; item = next) {
        next = item->next;
        if (status) {
            clv_item_free(item);
        } else {
            status = keep(live, item, err);
        }
    }
    return status;
}

static clv_status run_on_record(clv_session *session, clv_error *err)
{
    clv_record *record = NULL;

    session->outcome = CLV_OUTCOME_INPUT; /* of data of which no record can be made */
    CLV_TRY(clv_live_record(session->live, &record, err));
    CLV_TRY(clv_session_set_input(session, session->live->input, clv_value_object(CLV_RECORD, record), err));
    return clv_session_run_once(session, err);
}

static clv_status run_timed(clv_session *session, int partial, clv_error *err)
{
    clv_live *live = session->live;
    double start = now();
    clv_status status;

    live->last_run = start;
    live->fresh = 0;
    session->partial = partial;
    status = run_on_record(session, err);
    session->partial = 0;
    pthread_mutex_lock(&live->lock);
    live->counters.runs++;
    live->counters.failed_runs += partial && status;
    live->counters.seconds = now() - start;
    live->counters.all_seconds += live->counters.seconds;
    pthread_mutex_unlock(&live->lock);
    return status;
}

/* What a run on too little data may say is a note; what will be wrong to the end is told. */
static clv_status run_partial(clv_session *session, clv_error *err)
{
    clv_error inner = {0};
    clv_status status = run_timed(session, 1, &inner);

    memcpy(session->live->problem, inner.text, sizeof inner.text);
    if (!status) {
        session->live->problem[0] = 0;
        return CLV_OK;
    }
    if (session->outcome == CLV_OUTCOME_USAGE || status == CLV_CANCELLED) {
        return clv_fail(err, status, "%s", inner.text);
    }
    return CLV_OK;
}

static clv_status check_open(const clv_session *session, const char *what, clv_error *err)
{
    CLV_CHECK(clv_live_is_open(session), err, CLV_BAD_ARGUMENT, "%s: the session is not live: begin it first", what);
    CLV_CHECK(!atomic_load(&session->cancelled), err, CLV_CANCELLED, "%s: the session was cancelled", what);
    return CLV_OK;
}

clv_status clv_session_advance(clv_session *session, int *ran, clv_error *err)
{
    clv_live *live = session->live;
    int due;

    if (ran) { *ran = 0; }
    CLV_TRY(check_open(session, "advance", err));
    CLV_TRY(take_waiting(live, err));
    due = live->fresh && now() - live->last_run >= live->every;
    if (!due) { return CLV_OK; }
    if (ran) { *ran = 1; }
    return run_partial(session, err);
}

clv_status clv_session_push(clv_session *session, const clv_push *push, int *ran, clv_error *err)
{
    if (ran) { *ran = 0; }
    CLV_TRY(clv_session_post(session, push, err));
    return clv_session_advance(session, ran, err);
}

/* ---- Ending */

clv_status clv_session_end(clv_session *session, clv_error *err)
{
    clv_status status = check_open(session, "end", err);

    if (status) {
        if (session->live) { shut(session->live); }
        return status;
    }
    shut(session->live);
    CLV_TRY(take_waiting(session->live, err));
    CLV_CHECK(session->live->kept.count > 0, err, CLV_BAD_ARGUMENT, "end: nothing was pushed");
    session->live->problem[0] = 0;
    return run_timed(session, 0, err);
}

void clv_session_cancel(clv_session *session) { atomic_store(&session->cancelled, 1); }

void clv_session_counters(clv_session *session, clv_live_counters *counters)
{
    uint32_t size = counters->size;
    clv_live_counters told = {0};

    if (session->live) {
        pthread_mutex_lock(&session->live->lock);
        told = session->live->counters;
        told.waiting = session->live->queue.count;
        pthread_mutex_unlock(&session->live->lock);
    }
    if (size > sizeof told) { size = sizeof told; }
    told.size = size;
    memcpy(counters, &told, size);
}

const char *clv_session_problem(const clv_session *session)
{
    return session->live && session->live->problem[0] ? session->live->problem : NULL;
}

/* What a session notes while its workflow runs: where it writes, what it saves, which fits failed, what went wrong
   last. SPDX-License-Identifier: GPL-3.0-or-later */
#include "session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"

/* A workflow that is only asked for its declaration does nothing else. */
static clv_status enter(void *payload, clv_error *err)
{
    clv_session *session = payload;

    CLV_CHECK(!session->describing, err, CLV_CANCELLED, "described");
    return clv_limits_check(session, err);
}

static clv_status reading(void *payload, const char *path, char **resolved, clv_error *err)
{
    (void)payload;
    return clv_path_read(path, resolved, err);
}

static clv_status writing(void *payload, const char *path, char **resolved, clv_error *err)
{
    const clv_session *session = payload;

    if (session->partial) { /* no folder is made for what is not written */
        CLV_TRY(clv_path_check(path, session->setup.trust, err));
        *resolved = strdup(path);
        CLV_CHECK(*resolved, err, CLV_NO_MEMORY, "not enough memory");
        return CLV_OK;
    }
    return clv_path_written(session->out, path, session->setup.trust, resolved, err);
}

static int withholds(void *payload) { return ((clv_session *)payload)->partial; }

/* What was saved is kept; without memory it is only not found later, which is no reason to fail. */
static void keep(clv_session *session, const char *path, const clv_value *value)
{
    clv_saved *grown = realloc(session->saved, (session->saved_count + 1) * sizeof *grown);
    char *copy = strdup(path);

    if (grown) { session->saved = grown; }
    if (!grown || !copy) {
        free(copy);
        return;
    }
    session->saved[session->saved_count++] = (clv_saved){copy, clv_value_ref(value)};
}

static int failed_at(const clv_fit *fit, size_t spectrum)
{
    return (clv_fit_flags(fit, spectrum) & (CLV_FIT_NOT_CONVERGED | CLV_FIT_NOT_FINITE)) != 0;
}

/* A map is what has two or more axes beside the energy; a few of its many pixels may fail. */
static int is_map(const clv_spectra *spectra) { return clv_spectra_axis_count(spectra) > 2; }

/* The places (from 1, as workflows count) of the first failed spectra, as text. */
static void list_failed(const clv_fit *fit, size_t count, char *text, size_t size)
{
    size_t used = 0, listed = 0;

    for (size_t i = 0; i < count && listed < 8; i++) {
        if (!failed_at(fit, i)) { continue; }
        used += (size_t)snprintf(text + used, size - used, "%s%zu", listed++ ? ", " : "", i + 1);
    }
    for (size_t i = 0, all = 0; i < count; i++) {
        all += (size_t)failed_at(fit, i);
        if (all > listed) {
            snprintf(text + used, size - used, ", …");
            break;
        }
    }
}

static void watch_fit(clv_session *session, const clv_fit *fit, const char *line)
{
    const clv_spectra *spectra = clv_fit_spectra(fit);
    size_t count = clv_spectra_count(spectra), failed = 0;
    char sentence[400], places[200] = "";

    for (size_t i = 0; i < count; i++) { failed += (size_t)failed_at(fit, i); }
    session->fitted += count;
    session->failed += failed;
    if (failed == 0) { return; }
    if (!is_map(spectra) || (double)failed > session->setup.max_failed * (double)count) { session->fits_failed = 1; }
    list_failed(fit, count, places, sizeof places);
    snprintf(sentence, sizeof sentence, "%sthe fit of %s failed for %zu of %zu spectra (%s)", line,
             clv_spectra_name(spectra), failed, count, places);
    if (session->setup.message) { session->setup.message(session->setup.payload, sentence); }
}

/* Whether a value is a fit or holds it among its members. */
static int holds(const clv_value *value, const clv_fit *fit)
{
    const clv_group *group = clv_value_as_object(value, CLV_GROUP);
    int found = clv_value_as_object(value, CLV_FIT) == fit;

    for (size_t i = 0; group && !found && i < clv_group_count(group); i++) {
        found = holds(clv_group_at(group, i), fit);
    }
    return found;
}

/* The fits of a result that were made by the operation: saving a fit gives that fit, which was counted before. */
static void watch_fits(clv_session *session, const clv_value *on, const clv_value *result, const char *line)
{
    const clv_group *group = clv_value_as_object(result, CLV_GROUP);
    const clv_fit *fit = clv_value_as_object(result, CLV_FIT);

    if (fit && !holds(on, fit)) { watch_fit(session, fit, line); }
    for (size_t i = 0; group && i < clv_group_count(group); i++) {
        watch_fits(session, on, clv_group_at(group, i), line);
    }
}

static void applied(void *payload, const char *operation, const clv_value *on, const clv_value *result,
                    const char *written, const char *line)
{
    clv_session *session = payload;

    watch_fits(session, on, result, line);
    if (written && strcmp(operation, "save") == 0) { keep(session, written, on); }
    if (session->setup.step) { session->setup.step(session->setup.payload, operation, line); }
}

static void failed(void *payload, const clv_error *err, int is_reading)
{
    clv_session *session = payload;

    session->last = *err;
    session->last_reading = is_reading;
}

void clv_watch_open(clv_session *session)
{
    session->host = (clv_lua_host){.payload = session,
                                   .enter = enter,
                                   .reading = reading,
                                   .writing = writing,
                                   .withholds = withholds,
                                   .applied = applied,
                                   .failed = failed};
}

/* Starts corelevel-reader, hands it a file and takes its items. SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/worker.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/stream.h"

#define SILENCE_MS 90000
#define PATH_SIZE 4096

/* One reading. */
typedef struct worker {
    const char *name, *word; /* of the file; what is asked of the program, NULL for spectra */
    int input, output;       /* the file in memory; our end of the pipe */
    pid_t child;
    uint64_t left; /* bytes that may still come */
} worker;

/* ---- Finding and starting the program */

/* The folder of the library, or of the program that holds it; an empty text when that is not known. */
static void find_folder(char *folder, size_t size)
{
    Dl_info own;
    char *slash;
    ssize_t length;

    if (dladdr((void *)(uintptr_t)clv_fail, &own) && own.dli_fname && strchr(own.dli_fname, '/')) {
        snprintf(folder, size, "%s", own.dli_fname);
    } else {
        length = readlink("/proc/self/exe", folder, size - 1);
        folder[length > 0 ? length : 0] = 0;
    }
    slash = strrchr(folder, '/');
    if (slash) { *slash = 0; }
}

/* Where the program is, seen from the folder of the library (or of the program that holds it): installed, and in the
   build. */
static clv_status find_program(char path[PATH_SIZE], clv_error *err)
{
    static const char *const places[] = {"../libexec", "../../libexec", "libexec"};
    const char *named = getenv("CORELEVEL_READER");
    char folder[PATH_SIZE - 64];

    if (named && *named) {
        snprintf(path, PATH_SIZE, "%s", named);
        CLV_CHECK(access(path, X_OK) == 0, err, CLV_FAILED, "CORELEVEL_READER names %s, which cannot be run", named);
        return CLV_OK;
    }
    find_folder(folder, sizeof folder);
    for (size_t i = 0; i < sizeof places / sizeof *places && *folder; i++) {
        snprintf(path, PATH_SIZE, "%s/%s/corelevel/corelevel-reader", folder, places[i]);
        if (access(path, X_OK) == 0) { return CLV_OK; }
    }
    return clv_fail(err, CLV_FAILED,
                    "the program corelevel-reader, which reads netCDF files safely, was not found beside the library; "
                    "CORELEVEL_READER may name it");
}

/* The bytes as a file that has no name and may no longer change. */
static clv_status make_input(worker *w, const void *bytes, size_t count, clv_error *err)
{
    const char *from = bytes;

    w->input = memfd_create("corelevel", MFD_CLOEXEC);
    CLV_CHECK(w->input >= 0, err, CLV_FAILED, "%s: no memory file to read it from: %s", w->name,
              strerrordesc_np(errno));
    while (count > 0) {
        ssize_t done = write(w->input, from, count);

        if (done < 0 && errno == EINTR) { continue; }
        CLV_CHECK(done > 0, err, CLV_NO_MEMORY, "%s: no memory to read it", w->name);
        from += done;
        count -= (size_t)done;
    }
    return CLV_OK;
}

/* What the child does before it is the program: default signals, the file as input, the pipe as output, no errors. */
static int spawn(worker *w, const char *path, int pipe_end)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, all;
    char *arguments[] = {(char[]){"corelevel-reader"}, (char *)w->word, NULL},
         *environment[] = {(char[]){"LC_ALL=C"}, NULL};
    int reason = posix_spawn_file_actions_init(&files);

    if (reason) { return reason; }
    reason = posix_spawnattr_init(&how);
    if (!reason) {
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&how, &none);
        posix_spawnattr_setsigdefault(&how, &all);
        posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        reason = posix_spawn_file_actions_adddup2(&files, w->input, 0);
        if (!reason) { reason = posix_spawn_file_actions_adddup2(&files, pipe_end, 1); }
        if (!reason) { reason = posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0); }
        if (!reason) { reason = posix_spawn(&w->child, path, &files, &how, arguments, environment); }
        posix_spawnattr_destroy(&how);
    }
    posix_spawn_file_actions_destroy(&files);
    return reason;
}

static clv_status start(worker *w, clv_error *err)
{
    char path[PATH_SIZE];
    int ends[2], reason;

    CLV_TRY(find_program(path, err));
    CLV_CHECK(pipe2(ends, O_CLOEXEC) == 0, err, CLV_FAILED, "%s: no pipe to its reader: %s", w->name,
              strerrordesc_np(errno));
    w->output = ends[0];
    reason = spawn(w, path, ends[1]);
    close(ends[1]);
    CLV_CHECK(!reason, err, CLV_FAILED, "%s: its reader %s cannot be started: %s", w->name, path,
              strerrordesc_np(reason));
    return CLV_OK;
}

/* ---- Taking items */

/* Why the stream ended before it said so. */
static clv_status killed(worker *w, const char *how, clv_error *err)
{
    int status = 0;

    kill(w->child, SIGKILL);
    if (waitpid(w->child, &status, 0) == w->child) {
        w->child = 0;
        if (!how && WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) { how = "took too long to read"; }
        if (!how && WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL) {
            return clv_fail(err, CLV_BAD_FILE, "%s: the file is damaged: it killed its reader (signal %d)", w->name,
                            WTERMSIG(status));
        }
    }
    return clv_fail(err, CLV_BAD_FILE, "%s: the file is damaged: it %s", w->name, how ? how : "ended its reader");
}

/* Reads exactly `count` bytes. */
static clv_status take_bytes(worker *w, void *bytes, size_t count, clv_error *err)
{
    char *to = bytes;

    while (count > 0) {
        struct pollfd ready = {.fd = w->output, .events = POLLIN};
        int waited = poll(&ready, 1, SILENCE_MS);
        ssize_t done;

        if (waited < 0 && errno == EINTR) { continue; }
        if (waited == 0) { return killed(w, "kept its reader busy for too long", err); }
        done = read(w->output, to, count);
        if (done < 0 && errno == EINTR) { continue; }
        if (done <= 0) { return killed(w, NULL, err); }
        to += done;
        count -= (size_t)done;
    }
    return CLV_OK;
}

static clv_status take_item(worker *w, clv_worker_take take, void *payload, int *end, clv_error *err)
{
    clv_stream_head head;
    char *bytes;
    clv_status status;

    CLV_TRY(take_bytes(w, &head, sizeof head, err));
    CLV_CHECK(head.length <= w->left, err, CLV_BAD_FILE, "%s: it holds more numbers than a file of its size may",
              w->name);
    w->left -= head.length;
    bytes = malloc((size_t)head.length + 1);
    CLV_CHECK(bytes, err, CLV_NO_MEMORY, "%s: no memory for what it holds", w->name);
    status = take_bytes(w, bytes, (size_t)head.length, err);
    bytes[status ? 0 : head.length] = 0;
    if (!status && head.tag == CLV_STREAM_ERROR) { status = clv_fail(err, CLV_BAD_FILE, "%s: %.400s", w->name, bytes); }
    *end = head.tag == CLV_STREAM_END;
    if (!status && !*end) { status = take(payload, head.tag, bytes, (size_t)head.length, err); }
    free(bytes);
    return status;
}

static clv_status read_as(const char *word, const char *name, const void *bytes, size_t count, clv_worker_take take,
                          void *payload, clv_error *err)
{
    worker w = {.name = name, .word = word, .input = -1, .output = -1, .left = 2 * CLV_STREAM_LIMIT(count)};
    int end = 0;
    clv_status status = make_input(&w, bytes, count, err);

    if (!status) { status = start(&w, err); }
    while (!status && !end) { status = take_item(&w, take, payload, &end, err); }
    if (w.child > 0) {
        if (status) { kill(w.child, SIGKILL); }
        while (waitpid(w.child, NULL, 0) < 0 && errno == EINTR) {}
    }
    if (w.input >= 0) { close(w.input); }
    if (w.output >= 0) { close(w.output); }
    return status;
}

clv_status clv_worker_read(const char *name, const void *bytes, size_t count, clv_worker_take take, void *payload,
                           clv_error *err)
{
    return read_as(NULL, name, bytes, count, take, payload, err);
}

clv_status clv_worker_read_variables(const char *name, const void *bytes, size_t count, clv_worker_take take,
                                     void *payload, clv_error *err)
{
    return read_as(CLV_STREAM_ALL_VARIABLES, name, bytes, count, take, payload, err);
}

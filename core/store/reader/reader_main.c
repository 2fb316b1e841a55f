/* corelevel-reader: reads one netCDF or other HDF5 file in a process of its own with hard limits, so that a file made
   to hurt hurts nothing else. The file is its standard input, the stream goes to its standard output; started by the
   library. SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader.h"

#include <netcdf.h>
#include <netcdf_mem.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define SECONDS_LEAST 5
#define SECONDS_MOST 600
#define MEMORY ((rlim_t)8 << 30)

uint64_t reader_left;

void reader_send(uint32_t tag, const void *bytes, size_t length)
{
    clv_stream_head head = {.tag = tag, .length = length};

    if (fwrite(&head, sizeof head, 1, stdout) != 1 || (length > 0 && fwrite(bytes, 1, length, stdout) != length)) {
        exit(1);
    }
}

void reader_send_text(uint32_t tag, const char *text) { reader_send(tag, text, strlen(text)); }

void reader_refuse(const char *format, ...)
{
    char text[400];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    for (char *c = text; *c; c++) { /* names of a file stand in it, and may be anything */
        if ((unsigned char)*c < ' ' || *c == 0x7F) { *c = ' '; }
    }
    reader_send_text(CLV_STREAM_ERROR, text);
    fflush(stdout);
    exit(0);
}

void *reader_room(uint64_t count, size_t size)
{
    void *room;

    if (count > reader_left / size) { reader_refuse("it asks for more numbers than a file of its size may hold"); }
    reader_left -= count * size;
    room = calloc(count + 1, size);
    if (!room) { reader_refuse("there is not enough memory for what it holds"); }
    return room;
}

static void limit(int what, rlim_t most)
{
    struct rlimit given;

    if (getrlimit(what, &given)) { exit(1); }
    if (given.rlim_max == RLIM_INFINITY || most < given.rlim_max) { given.rlim_max = most; }
    given.rlim_cur = given.rlim_max - (what == RLIMIT_CPU && most > 1); /* at the harder one nothing tells why */
    if (setrlimit(what, &given)) { exit(1); }
}

/* A second for each MiB: damaged heaps of HDF5 can make it go round for ever. */
static rlim_t seconds_for(uint64_t bytes)
{
    uint64_t seconds = SECONDS_LEAST + (bytes >> 20);

    return seconds < SECONDS_MOST ? seconds : SECONDS_MOST;
}

int main(int count, char **words)
{
    struct stat file;
    void *bytes;
    int opened, code, all = count > 1 && strcmp(words[1], CLV_STREAM_ALL_VARIABLES) == 0;

    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
#ifndef __SANITIZE_ADDRESS__ /* whose shadow alone is larger */
    limit(RLIMIT_AS, MEMORY);
    limit(RLIMIT_NOFILE, 3); /* a file may not make HDF5 open another one: links, external storage, filters */
#endif
    limit(RLIMIT_NPROC, 0);
    if (fstat(0, &file)) { return 1; }
    limit(RLIMIT_CPU, seconds_for((uint64_t)file.st_size));
    reader_left = CLV_STREAM_LIMIT(file.st_size);
    bytes = mmap(NULL, (size_t)file.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0, 0);
    if (bytes == MAP_FAILED) { return 1; }
    if (!all && reader_hdf5(bytes, (size_t)file.st_size)) {
        reader_send(CLV_STREAM_END, NULL, 0);
        return fflush(stdout) ? 1 : 0;
    }
    code = nc_open_mem("file", NC_NOWRITE, (size_t)file.st_size, bytes, &opened);
    if (code) { reader_refuse("it cannot be opened as netCDF: %s", nc_strerror(code)); }
    if (all) {
        reader_variables(opened);
    } else {
        reader_walk(opened);
    }
    reader_send(CLV_STREAM_END, NULL, 0);
    return fflush(stdout) ? 1 : 0;
}

/* What the parts of the VAMAS reader share: a block as it stands in the file.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_VAMAS_H
#define CLV_VAMAS_H

#include <corelevel/plugin.h>

#define VAMAS_LABEL 256
#define VAMAS_COLUMNS 64
#define VAMAS_VARIABLES 32

/* 1E37 stands for a number that is not known (ISO 14976). */
#define VAMAS_UNKNOWN 1e37

/* Label of the column that holds the variance of the signal in files that corelevel writes. */
#define VAMAS_VARIANCE "variance"

/* The first line of every file. */
extern const char vamas_identifier[];

/* When a parameter stands in a block. */
typedef enum vamas_condition {
    VAMAS_ALWAYS,
    VAMAS_SPUTTERING_MODE, /* sputter depth profiles, and techniques that need an ion gun */
    VAMAS_FIELD_OF_VIEW,   /* maps */
    VAMAS_LINE_SCAN,       /* maps without coordinates */
    VAMAS_DIFFERENTIAL,    /* AES diff */
    VAMAS_SPUTTERED        /* electron spectra in a sputter depth profile */
} vamas_condition;

/* A parameter that is simply kept, by its number in the standard; those of one number stand in the order of the file.
   One without unit is a text. */
typedef struct vamas_parameter {
    int number;
    vamas_condition condition;
    const char *name, *unit;
} vamas_parameter;

/* All of them by number; the last has no name. */
extern const vamas_parameter vamas_parameters[];

/* Whether a parameter stands in blocks of this experiment mode and technique. */
int vamas_holds(const vamas_parameter *parameter, const char *mode, const char *technique);

/* Whether a word is one of those between bars. */
int vamas_among(const char *word, const char *words);

/* A label with its unit: an experimental or a corresponding variable. */
typedef struct vamas_variable {
    char label[VAMAS_LABEL], unit[VAMAS_LABEL];
} vamas_variable;

/* One block. Numbers and texts without a further meaning here go to the metadata as they are read. */
typedef struct vamas_block {
    clv_metadata *metadata;
    size_t place; /* from 1, for sentences */
    char id[VAMAS_LABEL], technique[VAMAS_LABEL], species[VAMAS_LABEL], transition[VAMAS_LABEL];
    double x, y;                    /* of a map; NaN when unknown */
    double values[VAMAS_VARIABLES]; /* of the experimental variables */
    vamas_variable abscissa;
    double start, step; /* of a regular abscissa */
    size_t columns;     /* corresponding variables */
    vamas_variable column[VAMAS_COLUMNS];
    size_t points;     /* of each column */
    double *ordinates; /* [points][columns] */
} vamas_block;

/* What stands once in the file. */
typedef struct vamas_file {
    clv_cursor *in;
    clv_record *out;
    clv_error *err;
    char *line; /* the last text line */
    size_t line_room;
    char mode[VAMAS_LABEL], scan[VAMAS_LABEL];
    long positions; /* of a map */
    size_t variables;
    vamas_variable variable[VAMAS_VARIABLES];
    unsigned char included[41]; /* 1 to 40: the parameter stands in every block */
    long future;                /* lines that future versions may add to a block */
    long blocks;
    double rate; /* of etching, nm/s, as the last comment that told it says; 0 before */
    char rate_material[VAMAS_LABEL];
    int rate_measured; /* for this material, so that depths are plain nm */
} vamas_file;

/* The next line without spaces around it, lent until the next one; `what` names it in sentences. */
clv_status vamas_next_text(vamas_file *file, const char *what, const char **text);

/* The same into a place of fixed size, cut at the end of a character. */
clv_status vamas_take_text(vamas_file *file, const char *what, char text[VAMAS_LABEL]);

/* A count of things to come: no more than there are bytes left. */
clv_status vamas_take_count(vamas_file *file, const char *what, long least, long *count);

/* A label and its unit. */
clv_status vamas_take_variable(vamas_file *file, const char *what, vamas_variable *variable);

/* A comment: the number of its lines and the lines, kept as one text. */
clv_status vamas_take_comment(vamas_file *file, clv_metadata *metadata);

/* Whether species and transition name a line: "Co" and "2p", "Cu" and "LMM". */
int vamas_is_line(const char *species, const char *transition);

/* Whether an identifier of a block names nothing: "Not Specified", "none" and the like. */
int vamas_says_nothing(const char *label);

/* Writes a record as a VAMAS file (vamas_write.c), as clv_format asks for it. */
clv_status vamas_write(const clv_record *record, const clv_options *options,
                       clv_status (*put)(void *payload, const void *bytes, size_t count, clv_error *err), void *payload,
                       clv_error *err);

/* Turns a block into spectra of the record: its signal, its other columns beside it. */
clv_status vamas_add(vamas_file *file, const vamas_block *block);

#endif

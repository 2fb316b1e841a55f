/* Plugins: the descriptors of formats, operations and components, from which every surface of corelevel is derived.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_PLUGIN_H
#define CLV_PLUGIN_H

#include <corelevel/columns.h>
#include <corelevel/cursor.h>
#include <corelevel/group.h>
#include <corelevel/record.h>
#include <corelevel/value.h>

CLV_BEGIN_DECLS

/* The major version of this interface. Structs only ever grow at their end, and each begins with its size, so that a
   plugin built against an older minor version loads in a newer host. */
#define CLV_PLUGIN_ABI 1u

/* ---- Parameters: declared once, checked, documented, offered in Lua and on the command line
 * ------------------------------ */

/* What an option may be. */
typedef enum clv_type {
    CLV_TYPE_NUMBER = 1, /* a number within [low, high] */
    CLV_TYPE_INTEGER,    /* a whole number within [low, high] */
    CLV_TYPE_BOOLEAN,    /* true or false */
    CLV_TYPE_TEXT,       /* any text */
    CLV_TYPE_CHOICE,     /* one of `choices`; "…" at the end allows any other text that is not a near miss of one, and
                            what follows names it in sentences: "hold|fail|…line" */
    CLV_TYPE_RANGE,      /* {lo, hi}, two numbers with lo < hi */
    CLV_TYPE_NUMBERS,    /* a list of numbers, or one */
    CLV_TYPE_NAMES,      /* a list of texts, or one */
    CLV_TYPE_GROUPS,     /* a list whose items are texts or lists of texts */
    CLV_TYPE_PARAMETER,  /* of a model: a number, {start, min, max}, fixed(v) or an expression */
    CLV_TYPE_COMPONENT,  /* a component, such as a background */
    CLV_TYPE_COMPONENTS, /* a list of components */
    CLV_TYPE_OBJECT,     /* an object of one of `kinds` */
    CLV_TYPE_PATH,       /* where to write, or a file to read */
    CLV_TYPE_ANY         /* anything; the operation checks it */
} clv_type;

/* Flags of a parameter row. */
enum {
    CLV_REQUIRED = 1u << 0,        /* must be given */
    CLV_COEFFICIENT = 1u << 1,     /* of a component: multiplies its column, solved linearly */
    CLV_FIXED_BY_NUMBER = 1u << 2, /* of a component: a bare number fixes it (split, ratio, shape exponents) */
    CLV_NONNEGATIVE = 1u << 3,     /* of a component: a coefficient that is non-negative by preset */
    CLV_FROM_LINE = 1u << 4, /* of a component: preset taken from the line library (same name) when `line` is given */
    CLV_DERIVABLE = 1u << 5, /* of a component: follows from the others when not given (see derive) */
    CLV_WRITTEN = 1u << 6,   /* of a path: something is written there; hosts resolve it below their output folder */
    CLV_DRAWN = 1u << 7      /* of a background: heeded only where it is drawn from the data, not where it is fitted */
};

/* One row. An array of rows ends with one whose name is NULL. All text is constant. What the operation reads is in its
   normal form: a list type always gives a table of its items, also where one stood alone; where an object may be
   spectra, a record that holds only one serves. */
typedef struct clv_parameter {
    const char *name; /* as typed by users */
    clv_type type;
    const char *unit;    /* "eV", "nm/s", "1" … */
    const char *preset;  /* a literal as clv_value_parse reads it, a list or range in braces; NULL: none */
    double low, high;    /* allowed range of numbers, ends included; 0, 0 means any */
    const char *choices; /* of a choice: words separated by '|' */
    uint32_t kinds;      /* of an object: CLV_ON bits */
    uint32_t place; /* 1, 2 …: may stand at this place without its name; 0: by name only. The row of the last place
                       takes all values from there on when it is of a list type (NUMBERS, NAMES, GROUPS, COMPONENTS) and
                       more than one value, or one that is no table, stands there */
    uint32_t flags;
    const char *doc; /* one line */
} clv_parameter;

/* Checked options: every row has a value (given, preset, or nil). Lent to the operation for the length of its call. */
typedef struct clv_options clv_options;

/* Read checked options by row name; asking for a name that has no row gives nil, NaN, 0 or NULL. */
CLV_API const clv_value *clv_options_get(const clv_options *options, const char *name);
CLV_API int clv_options_given(const clv_options *options, const char *name); /* not by preset */
CLV_API double clv_options_number(const clv_options *options, const char *name);
CLV_API int clv_options_boolean(const clv_options *options, const char *name);
CLV_API const char *clv_options_text(const clv_options *options, const char *name);
CLV_API int clv_options_range(const clv_options *options, const char *name, double *low, double *high);

/* ---- Formats
 * ------------------------------------------------------------------------------------------------------------ */

typedef struct clv_format {
    uint32_t size;                   /* sizeof(clv_format) */
    const char *name;                /* "vamas": how Lua and the command line call it */
    const char *title;               /* "VAMAS, ISO 14976" */
    const char *suffixes;            /* "vms npl" */
    const char *source;              /* the document it was written from */
    const clv_parameter *parameters; /* options of cl.load for this format; NULL for none */
    /* How surely the file is of this format, 0 (not mine) to 100 (surely mine); never fails. */
    int (*probe)(const clv_head *head);
    /* Reads everything into an empty record: adds blocks (clv_record_add_block) and metadata; the host stacks them,
       measures the noise and sets the source. NULL for a format that is only written. */
    clv_status (*read)(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err);
    /* Writes a record through `put`; NULL for a format that is only read. */
    clv_status (*write)(const clv_record *record, const clv_options *options,
                        clv_status (*put)(void *payload, const void *bytes, size_t count, clv_error *err),
                        void *payload, clv_error *err);
} clv_format;

/* ---- Operations
 * --------------------------------------------------------------------------------------------------------- */

/* What an operation leaves of the noise. */
typedef enum clv_leaves {
    CLV_LEAVES_NOISE = 1,  /* as it was */
    CLV_LEAVES_VARIANCE,   /* it propagates: the result carries a variance */
    CLV_LEAVES_CORRELATED, /* a variance, but neighbouring channels are correlated */
    CLV_LEAVES_NONE        /* the result is not spectra */
} clv_leaves;

/* How an operation works through its input. */
typedef enum clv_way {
    CLV_WHOLE = 1,   /* sees its whole input at once: `run` */
    CLV_PER_SPECTRUM /* one spectrum at a time: prepare once, process blocks of rows on any thread, release */
} clv_way;

/* What a per-spectrum operation is handed: `count` spectra of `channels` values, input and output (the same shape),
   with their true-energy offsets (0 where none) and variances: those given; for counts, when the operation leaves a
   variance, noise scale times the count (at least one) plus the read noise squared; NULL where nothing is known. */
typedef struct clv_block {
    uint32_t size;
    size_t first, count, channels;
    const double *energy;    /* the axis */
    const double *offset;    /* [count] */
    const double *intensity; /* [count][channels] */
    const double *variance;  /* [count][channels] or NULL */
    double *out;             /* [count][channels] */
    double *out_variance;    /* [count][channels], NULL when the operation leaves no variance */
} clv_block;

/* One call of an operation. */
typedef struct clv_call {
    uint32_t size;
    const clv_value *on;                   /* the object it stands on */
    const clv_options *options;            /* checked */
    const char *line;                      /* the call as it would be written in a workflow, for the history; lent */
    const struct clv_operation *operation; /* what is called, lent */
} clv_call;

typedef struct clv_operation {
    uint32_t size;
    const char *name;   /* "charge_correct" */
    const char *doc;    /* one line */
    const char *source; /* author, year, DOI; NULL where there is nothing to cite */
    uint32_t on; /* CLV_ON bits of the kinds it stands on; without CLV_ON(CLV_GROUP) it is applied to each member */
    clv_kind gives;
    clv_leaves leaves;
    clv_way way;
    const clv_parameter *parameters; /* NULL for none */
    /* CLV_WHOLE: makes the result, the caller's. History is added by the operation through call->line. */
    clv_status (*run)(const clv_call *call, clv_value **result, clv_error *err);
    /* CLV_PER_SPECTRUM: prepare checks and makes the state; process must not change it; release frees it (NULL
     * allowed). */
    clv_status (*prepare)(const clv_call *call, const clv_spectra *spectra, void **state, clv_error *err);
    clv_status (*process)(const void *state, const clv_block *block, clv_error *err);
    void (*release)(void *state);
} clv_operation;

/* ---- Components of models
 * ----------------------------------------------------------------------------------------------- */

/* What a component is in a model. */
typedef enum clv_role {
    CLV_ROLE_PEAK = 1,   /* columns that Shirley transforms, non-negative by preset where its rows say so */
    CLV_ROLE_REFERENCE,  /* the same, but measured: signed by preset, a scale enters fractions */
    CLV_ROLE_BACKGROUND, /* columns that stand as they are */
    CLV_ROLE_TRANSFORM,  /* changes the columns of peaks and references: active Shirley */
    CLV_ROLE_STEPS       /* follows them: one column for each, `transform` of it, solved linearly: a Shirley background
                            with a step of its own per peak. Only as what another component becomes by `instead` */
} clv_role;

/* What `columns` is asked for, once a spectrum and step. Arrays are aligned to 64 bytes and hold `count` values, a
   multiple of 8; channels from `channels` on are padding that continues the grid, whatever is written there is ignored.
   theta holds the values of all rows that are not coefficients, in the order of the rows. */
typedef struct clv_columns_call {
    uint32_t size;
    const void *prepared;
    const double *energy; /* true energies, eV, ascending */
    size_t count, channels;
    double step; /* spacing of a uniform grid, else 0 */
    const double *theta;
    double *const *value;     /* [coefficients]: the columns */
    double *const *by_theta;  /* [coefficients][thetas]: derivatives; NULL, or NULL entries, where not wanted */
    double *const *by_energy; /* [coefficients]: derivatives by energy; NULL where not wanted */
    size_t thetas, coefficients;
} clv_columns_call;

/* What a component is told once, before a fit. */
typedef struct clv_setup {
    uint32_t size;
    const clv_options *options;
    const double *energy; /* of the data, true energies of the first spectrum */
    size_t channels;
    uint32_t given;   /* bit i: theta row i was given (value, tie or bounds), not left to its preset */
    const char *axis; /* name of the energy axis: "binding_energy", "kinetic_energy" …; NULL: not known */
} clv_setup;

typedef struct clv_component {
    uint32_t size;
    const char *name; /* "doublet": `cl.doublet` */
    const char *doc;
    const char *source;
    const char *formula; /* one line of text */
    clv_role role;
    int has_level; /* brings the one constant `background.level` with it: a row `level` says how it may be given; it is
                      not among this component's own columns, the model adds it once */
    const clv_parameter *parameters; /* options and, of type CLV_TYPE_PARAMETER, model parameters */
    /* Makes what `columns` needs (NULL allowed when it needs nothing); release frees it. */
    clv_status (*prepare)(const clv_setup *setup, void **prepared, clv_error *err);
    void (*release)(void *prepared);
    /* Peaks, references, backgrounds: writes columns and derivatives. Without by_theta support (`numeric` true) the
       engine differentiates numerically. */
    clv_status (*columns)(const clv_columns_call *call, clv_error *err);
    int numeric;
    /* Fills the thetas that follow from others (flag CLV_DERIVABLE, not given) and d theta_i / d theta_j in
       jacobian[i * thetas + j] for those rows i. NULL where nothing is derivable. */
    clv_status (*derive)(const void *prepared, double *theta, double *jacobian, size_t thetas, clv_error *err);
    /* Transforms: out = T(theta) in, and out = dT/dtheta_t in; both linear in `in`. */
    void (*transform)(const clv_columns_call *call, const double *in, double *out);
    void (*transform_by)(const clv_columns_call *call, size_t t, const double *in, double *out);
    /* Backgrounds: the curve made from the data alone, for `background`, `subtract` and `active = false`. energy are
       true energies; `mask` (may be NULL) is 0 outside the window. NULL where there is none. */
    clv_status (*curve)(const clv_setup *setup, const double *energy, const double *intensity, size_t channels,
                        double *curve, clv_error *err);
    /* Number of coefficient columns when it depends on the options (powers of a polynomial); NULL: one for each
       CLV_COEFFICIENT row. Names them too: `coefficient_name` gives the parameter name of column `i` ("c1", "A2"). */
    size_t (*coefficient_count)(const clv_options *options);
    void (*coefficient_name)(const clv_options *options, size_t i, char *name, size_t size);
    /* References and envelopes: the scale that enters fractions (per atom); NULL: 1. */
    double (*scale)(const void *prepared);
    /* Whether a parameter row means anything with these options (`lorentzian` of a shape without one); NULL: all do.
       The others stand in theta as 0, fixed, and appear nowhere. */
    int (*uses)(const clv_options *options, const char *parameter);
    /* The component that this one becomes with these options, itself or another with the same rows; NULL: itself. */
    const struct clv_component *(*instead)(const clv_options *options);
    /* The value that a word stands for where a parameter is given as one (ratio = "scofield"), which fixes it; NaN for
       a word that is not the component's, then it is read as an expression. NULL: it knows no words. */
    clv_status (*word)(const clv_options *options, const char *parameter, const char *word, double *value,
                       clv_error *err);
} clv_component;

/* ---- The plugin itself
 * -------------------------------------------------------------------------------------------------- */

/* Constant data; nothing runs when it is loaded. Each list is NULL or ends with NULL. */
typedef struct clv_plugin {
    uint32_t abi;   /* CLV_PLUGIN_ABI */
    uint32_t size;  /* sizeof(clv_plugin) */
    const char *id; /* "corelevel.formats.vamas" */
    const char *version;
    const char *licence;
    const clv_format *const *formats;
    const clv_operation *const *operations;
    const clv_component *const *components;
} clv_plugin;

/* The one function that a loadable plugin exports: its descriptor, or NULL when `abi_major` is not its own. */
typedef const clv_plugin *(*clv_plugin_entry_function)(uint32_t abi_major);

/* `CLV_PLUGIN(tag) = { … };` defines the descriptor: built in it is `clv_plugin_<tag>`, loaded it is what
   `clv_plugin_entry` returns. */
#ifdef CLV_BUILT_IN
#define CLV_PLUGIN(tag)                       \
    extern const clv_plugin clv_plugin_##tag; \
    const clv_plugin clv_plugin_##tag
#else
#define CLV_PLUGIN(tag)                                                \
    static const clv_plugin clv_plugin_##tag;                          \
    CLV_API const clv_plugin *clv_plugin_entry(uint32_t abi_major);    \
    const clv_plugin *clv_plugin_entry(uint32_t abi_major)             \
    {                                                                  \
        return abi_major == CLV_PLUGIN_ABI ? &clv_plugin_##tag : NULL; \
    }                                                                  \
    static const clv_plugin clv_plugin_##tag
#endif

CLV_END_DECLS

#endif

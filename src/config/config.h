/* Every setting in one table: read from a file, checked, shown. */
#pragma once

#include "base/err.h"
#include "base/wr.h"

enum setting {
#define SETTING(id, name, type, value, least, most, help) SETTING_##id,
#include "config/setting.def"
#undef SETTING
    SETTINGS
};

enum setting_type { SETTING_TYPE_TEXT, SETTING_TYPE_LIST, SETTING_TYPE_NUMBER, SETTING_TYPE_TRUTH };

struct config {
    char *text[SETTINGS];       /* as given; owned */
    int64_t number[SETTINGS];   /* NUMBER, and TRUTH as 0 or 1 */
};

/* Ends the process when out of memory (only at start). */
void config_init(struct config *c);
void config_drop(struct config *c);
/* One setting by its name in the file. BAD_INPUT, said in the note. */
MUST err config_set(struct config *c, const char *name, const char *value, struct note *note);
/* "name = value" lines, '#' and ';' comments; every error names file and line. NOT_FOUND, BAD_INPUT. */
MUST err config_read(struct config *c, const char *path, struct note *note);
/* The files that settings name: a private key that others may read is MODE_TOO_WIDE, one that is missing
 * NOT_FOUND. */
MUST err config_check_files(const struct config *c, struct note *note);
/* The settings in force, in the form that config_read takes, each under its explanation. */
void config_write(const struct config *c, struct wr *w);

static inline const char *config_text(const struct config *c, enum setting s)
{
    return c->text[s];
}

static inline int64_t config_number(const struct config *c, enum setting s)
{
    return c->number[s];
}

static inline bool config_is_on(const struct config *c, enum setting s)
{
    return c->number[s] != 0;
}

/* The next item of a LIST, without blanks around it; false at its end. `*at` starts as the text. */
bool config_next(const char **at, bytes *item);

/* What subcommands print: JSON, or aligned tables and facts for people. */
#pragma once

#include "cli/cli.h"

#include <jansson.h>

/* One column of a table; `key` digs by dots ("info.name"), `show` may turn the value into text. */
struct output_column {
    const char *title;
    const char *key;
    /* Writes at most `size` bytes; NULL: strings, numbers and truths as they are, lists by commas. */
    void (*show)(const json_t *value, char *out, size_t size);
};

/* The value under a dotted key, or NULL; borrowed. */
const json_t *output_dig(const json_t *object, const char *key);

/* An array: as JSON where the caller asked for it, else one line an element. */
void output_list(const struct cli *c, const json_t *list, const struct output_column *columns, size_t n);
/* One object: as JSON, else one line a column. */
void output_object(const struct cli *c, const json_t *object, const struct output_column *columns, size_t n);
void output_json(const json_t *value);
/* One line for people: `before`, and what somebody else wrote, without control characters. */
void output_line(const char *before, const char *text);

#include "cli/output.h"

#include <libsmartcols/libsmartcols.h>
#include <stdio.h>
#include <string.h>

enum { CELL_MAX = 512 };

const json_t *output_dig(const json_t *object, const char *key)
{
    char part[64];
    while (object && *key) {
        const size_t n = strcspn(key, ".");
        (void)snprintf(part, sizeof part, "%.*s", (int)n, key);
        object = json_object_get(object, part);
        key += n + (key[n] == '.');
    }
    return object;
}

static void show_plain(const json_t *value, char *out, size_t size)
{
    out[0] = 0;
    if (json_is_string(value)) (void)snprintf(out, size, "%s", json_string_value(value));
    if (json_is_integer(value)) {
        (void)snprintf(out, size, "%lld", (long long)json_integer_value(value));
    }
    if (json_is_boolean(value)) (void)snprintf(out, size, "%s", json_is_true(value) ? "yes" : "no");
    size_t used = 0;
    for (size_t i = 0; json_is_array(value) && i < json_array_size(value) && used + 2 < size; i++) {
        char item[CELL_MAX];
        show_plain(json_array_get(value, i), item, sizeof item);
        const int n = snprintf(out + used, size - used, "%s%s", i ? ", " : "", item);
        used = n < 0 || (size_t)n >= size - used ? size : used + (size_t)n;
    }
}

/* Others' words, a node's among them, must not talk to the terminal. */
static void clean(char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f) *text = '?';
    }
}

static void cell(const json_t *object, const struct output_column *column, char *out)
{
    const json_t *value = output_dig(object, column->key);
    (column->show ? column->show : show_plain)(value, out, CELL_MAX);
    clean(out);
}

void output_line(const char *before, const char *text)
{
    char out[2 * CELL_MAX];
    (void)snprintf(out, sizeof out, "%s%s", before, text ? text : "");
    clean(out);
    puts(out);
}

void output_json(const json_t *value)
{
    (void)json_dumpf(value, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
    putchar('\n');
}

void output_list(const struct cli *c, const json_t *list, const struct output_column *columns, size_t n)
{
    if (c->json) {
        output_json(list);
        return;
    }
    struct libscols_table *table = scols_new_table();
    if (!table) return;
    for (size_t i = 0; i < n; i++) (void)scols_table_new_column(table, columns[i].title, 0, 0);
    for (size_t row = 0; row < json_array_size(list); row++) {
        struct libscols_line *line = scols_table_new_line(table, NULL);
        for (size_t i = 0; line && i < n; i++) {
            char text[CELL_MAX];
            cell(json_array_get(list, row), &columns[i], text);
            (void)scols_line_set_data(line, i, text);
        }
    }
    (void)scols_print_table(table);
    scols_unref_table(table);
}

void output_object(const struct cli *c, const json_t *object, const struct output_column *columns, size_t n)
{
    if (c->json) {
        output_json(object);
        return;
    }
    size_t width = 0;
    for (size_t i = 0; i < n; i++) {
        if (strlen(columns[i].title) > width) width = strlen(columns[i].title);
    }
    for (size_t i = 0; i < n; i++) {
        char text[CELL_MAX];
        cell(object, &columns[i], text);
        printf("%-*s  %s\n", (int)width, columns[i].title, text);
    }
}

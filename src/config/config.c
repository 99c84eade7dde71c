#include "config/config.h"

#include "base/check.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const struct row {
    const char *name;
    enum setting_type type;
    const char *value;
    int64_t least;
    int64_t most;
    const char *help;
} rows[SETTINGS] = {
#define SETTING(id, name, type, value, least, most, help)                                          \
    [SETTING_##id] = {name, SETTING_TYPE_##type, value, INT64_C(least), INT64_C(most), help},
#include "config/setting.def"
#undef SETTING
};

static void store(struct config *c, enum setting s, const char *value, int64_t number)
{
    char *copy = strdup(value);
    CHECK(copy);
    free(c->text[s]);
    c->text[s] = copy;
    c->number[s] = number;
}

static err read_number(const struct row *row, const char *value, int64_t *out, struct note *note)
{
    char *end;
    errno = 0;
    const long long v = strtoll(value, &end, 10);
    if (errno || end == value || *end || v < row->least || v > row->most) {
        return note_fail(note, FAIL(BAD_INPUT), "%s must be a number from %lld to %lld, not \"%s\"",
                         row->name, (long long)row->least, (long long)row->most, value);
    }
    *out = v;
    return DONE;
}

static err read_truth(const struct row *row, const char *value, int64_t *out, struct note *note)
{
    if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0) {
        return note_fail(note, FAIL(BAD_INPUT), "%s must be yes or no, not \"%s\"", row->name, value);
    }
    *out = value[0] == 'y';
    return DONE;
}

static err check(const struct row *row, const char *value, int64_t *number, struct note *note)
{
    switch (row->type) {
    case SETTING_TYPE_NUMBER:
        return read_number(row, value, number, note);
    case SETTING_TYPE_TRUTH:
        return read_truth(row, value, number, note);
    case SETTING_TYPE_TEXT:
    case SETTING_TYPE_LIST:
        break;
    }
    const size_t n = strlen(value);
    if (n < (size_t)row->least || n > (size_t)row->most) {
        return note_fail(note, FAIL(BAD_INPUT), "%s must have %lld to %lld characters", row->name,
                         (long long)row->least, (long long)row->most);
    }
    return DONE;
}

void config_init(struct config *c)
{
    *c = (struct config){0};
    for (unsigned s = 0; s < SETTINGS; s++) {
        int64_t number = 0;
        CHECK(err_is_ok(check(&rows[s], rows[s].value, &number, NULL)));
        store(c, (enum setting)s, rows[s].value, number);
    }
}

void config_drop(struct config *c)
{
    for (unsigned s = 0; s < SETTINGS; s++) free(c->text[s]);
    *c = (struct config){0};
}

static enum setting find(const char *name)
{
    unsigned s = 0;
    while (s < SETTINGS && strcmp(rows[s].name, name) != 0) s++;
    return (enum setting)s;
}

err config_set(struct config *c, const char *name, const char *value, struct note *note)
{
    const enum setting s = find(name);
    if (s == SETTINGS) {
        return note_fail(note, FAIL(BAD_INPUT),
                         "no setting is called \"%s\"; `latchkey config show` lists them", name);
    }
    int64_t number = 0;
    TRY(check(&rows[s], value, &number, note));
    store(c, s, value, number);
    return DONE;
}

struct reading {
    struct config *config;
    FILE *file;
    const char *path;
    struct note *note;
    int line;
    err result;
    bool seen[SETTINGS];
};

static int refuse(struct reading *r, const char *why)
{
    r->result = note_fail(r->note, FAIL(BAD_INPUT), "%s:%d: %.400s", r->path, r->line, why);
    return 0;
}

/* inih's callback: zero ends in an error. */
static int take(void *user, const char *section, const char *name, const char *value
#if INI_HANDLER_LINENO
                ,
                int line
#endif
)
{
#if INI_HANDLER_LINENO
    (void)line;
#endif
    struct reading *r = user;
    struct note why = {{0}};
    if (!err_is_ok(r->result)) return 0;
    if (section[0]) return refuse(r, "sections are not used");
    const enum setting s = find(name);
    if (s != SETTINGS && r->seen[s]) {
        (void)note_fail(&why, FAIL(BAD_INPUT), "%s is set twice", name);
        return refuse(r, why.text);
    }
    if (!err_is_ok(config_set(r->config, name, value ? value : "", &why))) {
        return refuse(r, why.text);
    }
    r->seen[s] = true;
    return 1;
}

/* inih asks for lines through this: counted here, because packages differ in whether it tells them,
 * and refused when longer than it takes, because it would cut them without a word. */
static char *next_line(char *room, int size, void *user)
{
    struct reading *r = user;
    if (!err_is_ok(r->result) || !fgets(room, size, r->file)) return NULL;
    r->line++;
    if (strchr(room, '\n') || feof(r->file)) return room;
    (void)refuse(r, "line too long");
    return NULL;
}

static err read_open_file(struct config *c, FILE *f, const char *path, struct note *note)
{
    struct reading r = {.config = c, .file = f, .path = path, .note = note, .result = DONE};
    const int bad_line = ini_parse_stream(next_line, &r, take, &r);
    TRY(r.result);
    if (ferror(f)) return note_fail(note, err_of_errno(errno), "%s: %s", path, strerror(errno));
    if (bad_line != 0) {
        r.line = bad_line;
        (void)refuse(&r, "expected \"name = value\"");
    }
    return r.result;
}

err config_read(struct config *c, const char *path, struct note *note)
{
    FILE *f = fopen(path, "r");
    if (!f) return note_fail(note, err_of_errno(errno), "%s: %s", path, strerror(errno));
    const err e = read_open_file(c, f, path, note);
    (void)fclose(f);
    return e;
}

void config_write(const struct config *c, struct wr *w)
{
    for (unsigned s = 0; s < SETTINGS; s++) {
        wr_format(w, "# %s\n%s = %s\n", rows[s].help, rows[s].name, c->text[s]);
    }
}

bool config_next(const char **at, bytes *item)
{
    while (**at == ' ' || **at == ',' || **at == '\t') (*at)++;
    const char *start = *at;
    while (**at && **at != ',') (*at)++;
    const char *end = *at;
    while (end > start && (end[-1] == ' ' || end[-1] == '\t')) end--;
    *item = bytes_of(start, (size_t)(end - start));
    return item->n > 0;
}

static err check_key_file(const char *path, struct note *note)
{
    struct stat s;
    if (stat(path, &s) != 0) {
        return note_fail(note, err_of_errno(errno), "http-tls-key: %s: %s", path, strerror(errno));
    }
    if (!(s.st_mode & 077)) return DONE;
    return note_fail(note, FAIL(MODE_TOO_WIDE), "http-tls-key: %s has mode %04o, others could read the key: chmod 600"
                     " %s", path, (unsigned)s.st_mode & 07777, path);
}

err config_check_files(const struct config *c, struct note *note)
{
    const char *key = config_text(c, SETTING_HTTP_TLS_KEY);
    return *key ? check_key_file(key, note) : DONE;
}

#include "serve/offline.h"

#include "audit/tail.h"
#include "audit/verify.h"
#include "base/hex.h"
#include "store/folder.h"
#include "store/key_file.h"

#include <errno.h>
#include <stdlib.h>
#include <urcu/urcu-memb.h>

static err path_in(const char *data, enum folder_name what, char out[FOLDER_PATH_MAX], struct note *note)
{
    TRY(folder_check(data, note));
    return folder_path(data, what, out, note);
}

static err read_keys(const char *data, struct server_keys *keys, struct note *note)
{
    char path[FOLDER_PATH_MAX];
    TRY(path_in(data, FOLDER_KEYS, path, note));
    return key_file_read(path, keys, note);
}

err offline_keys(const char *data, struct offline_key out[SERVER_KEYS_MAX], size_t *n,
                 struct note *note)
{
    struct server_keys keys;
    TRY(read_keys(data, &keys, note));
    for (size_t i = 0; i < keys.n; i++) {
        out[i] = (struct offline_key){keys.list[i].id, keys.list[i].created_ms};
    }
    *n = keys.n;
    server_keys_drop(&keys);
    return DONE;
}

err offline_key_backup(const char *data, const char *copy, struct note *note)
{
    char path[FOLDER_PATH_MAX];
    TRY(path_in(data, FOLDER_KEYS, path, note));
    return key_file_backup(path, copy, note);
}

static err open_store(const char *data, bool read_only, struct store **out, struct note *note)
{
    char path[FOLDER_PATH_MAX];
    struct server_keys keys;
    const struct store_ports ports = {0};
    TRY(path_in(data, FOLDER_STORE, path, note));
    TRY(read_keys(data, &keys, note));
    const struct store_sqlite_options o = {.path = path, .read_only = read_only, .keys = &keys};
    const err e = store_sqlite_open(&o, &ports, out, note);
    server_keys_drop(&keys);
    return e;
}

err offline_store_check(const char *data, struct store_numbers *out, struct note *note)
{
    struct store *s;
    urcu_memb_register_thread();
    err e = open_store(data, true, &s, note);
    if (err_is_ok(e)) {
        e = store_check(s, note);
        if (err_is_ok(e)) e = store_count(s, out);
        store_close(s);
    }
    urcu_memb_unregister_thread();
    return e;
}

err offline_store_backup(const char *data, const char *copy, struct note *note)
{
    struct store *s;
    urcu_memb_register_thread();
    err e = open_store(data, true, &s, note);
    if (err_is_ok(e)) {
        e = store_backup(s, copy, note);
        store_close(s);
    }
    urcu_memb_unregister_thread();
    return e;
}

struct lines {
    bool (*line)(void *owner, bytes line);
    void *owner;
};

static bool visit_line(void *owner, const struct chain_record *r, bytes line)
{
    const struct lines *l = owner;
    (void)r;
    return l->line(l->owner, line);
}

err offline_audit_tail(const char *data, size_t n, bool (*line)(void *owner, bytes line), void *owner,
                       struct note *note)
{
    char path[FOLDER_PATH_MAX];
    struct lines l = {line, owner};
    TRY(path_in(data, FOLDER_AUDIT, path, note));
    return tail_read(path, 0, n, visit_line, &l, note);
}

static err read_head(const char *text, struct chain *out, struct note *note)
{
    char *end;
    errno = 0;
    const unsigned long long seq = strtoull(text, &end, 10);
    *out = (struct chain){.seq = seq};
    if (errno == 0 && end != text && *end == ':' &&
        hex_read(bytes_of_text(end + 1), out->hash, sizeof out->hash, true)) {
        return DONE;
    }
    return note_fail(note, FAIL(BAD_INPUT), "--head takes SEQ:HASH, as `latchkey status` shows them");
}

err offline_audit_verify(const char *data, const char *path, const char *head,
                         struct offline_audit_report *out, struct note *note)
{
    char own[FOLDER_PATH_MAX];
    struct chain known;
    struct verify_report r;
    if (!path) TRY(path_in(data, FOLDER_AUDIT, own, note));
    if (head) TRY(read_head(head, &known, note));
    TRY(verify_trail(path ? path : own, head ? &known : NULL, &r, note));
    *out = (struct offline_audit_report){
        .records = r.records, .first = r.first, .last = r.last.seq, .begins_later = r.begins_later};
    hex_write(bytes_of(r.last.hash, sizeof r.last.hash), out->hash);
    return DONE;
}

#include "serve/offline.h"

#include "store/folder.h"
#include "store/key_file.h"

#include <urcu/urcu-memb.h>

static err path_in(const char *data, const char *name, char out[FOLDER_PATH_MAX], struct note *note)
{
    if (folder_join(data, name, out)) return DONE;
    return note_fail(note, FAIL(BAD_INPUT), "the path of the data folder is too long");
}

static err read_keys(const char *data, struct server_keys *keys, struct note *note)
{
    char path[FOLDER_PATH_MAX];
    TRY(path_in(data, "server.key", path, note));
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
    TRY(path_in(data, "server.key", path, note));
    return key_file_backup(path, copy, note);
}

static err open_store(const char *data, bool read_only, struct store **out, struct note *note)
{
    char path[FOLDER_PATH_MAX];
    struct server_keys keys;
    const struct store_ports ports = {0};
    TRY(path_in(data, "latchkey.db", path, note));
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

/* A few lines of text: a heading, the next free number, one line a key (doc/formats.md). */
#include "store/key_file.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/random.h"
#include "base/rd.h"
#include "base/wr.h"
#include "store/folder.h"

#define HEADING "latchkey server keys 1"

enum { KEY_FILE_MAX = 8192, HEX_KEY = 2 * SERVER_KEY_SIZE };

struct key_file {
    uint16_t next;
    struct server_keys keys;
};

/* The part before `end`, which is eaten; bad when there is none. */
static bytes until(struct rd *r, char end)
{
    const uint8_t *at = r->left.n ? memchr(r->left.p, end, r->left.n) : NULL;
    if (!at) {
        r->bad = true;
        return (bytes){0};
    }
    const bytes part = rd_take(r, (size_t)(at - r->left.p));
    (void)rd_take(r, 1);
    return part;
}

static bool read_number(bytes digits, uint16_t *out)
{
    uint32_t v = 0;
    if (!digits.n || digits.n > 5) return false;
    for (size_t i = 0; i < digits.n; i++) {
        if (digits.p[i] < '0' || digits.p[i] > '9') return false;
        v = v * 10 + (uint32_t)(digits.p[i] - '0');
    }
    *out = (uint16_t)v;
    return v > 0 && v <= UINT16_MAX;
}

static bool read_key(bytes line, struct key_file *f)
{
    struct rd r = rd_over(line);
    if (f->keys.n == SERVER_KEYS_MAX) return false;
    struct server_key *k = &f->keys.list[f->keys.n];
    int64_t created_ns = 0;
    const bytes word = until(&r, ' ');
    const bytes id = until(&r, ' ');
    const bytes created = until(&r, ' ');
    const bytes hex = r.left;
    if (r.bad || !bytes_eq_text(word, "key") || !read_number(id, &k->id)) return false;
    if (!err_is_ok(clock_read_utc(created, &created_ns))) return false;
    if (hex.n != HEX_KEY || !hex_read(hex, k->key, SERVER_KEY_SIZE, false)) return false;
    k->created_ms = created_ns / 1000000;
    const bool rises = !f->keys.n || k->id > f->keys.list[f->keys.n - 1].id;
    f->keys.n++;
    return rises && k->id < f->next;
}

static bool parse(bytes text, struct key_file *f)
{
    struct rd r = rd_over(text);
    const bytes heading = until(&r, '\n');
    const bytes next = until(&r, '\n');
    if (!bytes_eq_text(heading, HEADING) || !bytes_has_prefix(next, BYTES("next ")) ||
        !read_number(bytes_part(next, 5, next.n), &f->next)) {
        return false;
    }
    while (r.left.n && !r.bad) {
        const bytes line = until(&r, '\n');
        if (r.bad || !read_key(line, f)) return false;
    }
    return f->keys.n > 0;
}

static err load(const char *path, struct key_file *f, struct note *note)
{
    struct wr text = wr_growing(KEY_FILE_MAX);
    *f = (struct key_file){0};
    err e = folder_read_file(path, &text, note);
    if (err_is_ok(e) && !parse(wr_view(&text), f)) {
        e = note_fail(note, FAIL(KEY_MISSING), "%s is not a file of server keys, or damaged: put back a copy of"
                      " it", path);
    } else if (e.code == ERR_NOT_FOUND) {
        e = note_fail(note, FAIL(KEY_MISSING), "%s is missing: put back a copy of it, or no token can be"
                      " recognised", path);
    } else if (e.code == ERR_BAD_INPUT || e.code == ERR_FRAME_TOO_BIG) {
        e = FAIL(KEY_MISSING);
    }
    if (text.p) secret_wipe(text.p, text.n);
    wr_drop(&text);
    if (!err_is_ok(e)) server_keys_drop(&f->keys);
    return e;
}

static void write_text(const struct key_file *f, struct wr *w)
{
    wr_format(w, HEADING "\nnext %u\n", f->next);
    for (size_t i = 0; i < f->keys.n; i++) {
        const struct server_key *k = &f->keys.list[i];
        char created[CLOCK_TEXT_SIZE];
        char hex[HEX_KEY];
        clock_write_utc(k->created_ms * 1000000, 3, created);
        hex_write(bytes_of(k->key, SERVER_KEY_SIZE), hex);
        wr_format(w, "key %u %s ", k->id, created);
        wr_bytes(w, bytes_of(hex, sizeof hex));
        wr_u8(w, '\n');
        secret_wipe(hex, sizeof hex);
    }
}

static err save(const char *path, const struct key_file *f, bool create, struct note *note)
{
    uint8_t room[KEY_FILE_MAX];
    struct wr text = wr_fixed(room, sizeof room);
    write_text(f, &text);
    err e = text.bad ? FAIL(NO_MEMORY) : DONE;
    if (err_is_ok(e) && create) e = folder_create_file(path, wr_view(&text), note);
    else if (err_is_ok(e)) e = folder_replace_file(path, wr_view(&text), note);
    secret_wipe(room, sizeof room);
    return e;
}

static void add_key(struct key_file *f, int64_t now_ms)
{
    struct server_key *k = &f->keys.list[f->keys.n++];
    k->id = f->next++;
    k->created_ms = now_ms;
    random_fill(k->key, sizeof k->key);
}

/* Hands the keys on, or wipes them. */
static err give(struct key_file *f, err e, struct server_keys *out)
{
    if (err_is_ok(e)) *out = f->keys;
    server_keys_drop(&f->keys);
    return e;
}

err key_file_read(const char *path, struct server_keys *out, struct note *note)
{
    struct key_file f;
    return give(&f, load(path, &f, note), out);
}

err key_file_create(const char *path, int64_t now_ms, struct server_keys *out, struct note *note)
{
    struct key_file f = {.next = 1};
    add_key(&f, now_ms);
    return give(&f, save(path, &f, true, note), out);
}

err key_file_backup(const char *path, const char *copy, struct note *note)
{
    struct key_file f;
    err e = load(path, &f, note);
    if (err_is_ok(e)) e = save(copy, &f, true, note);
    server_keys_drop(&f.keys);
    return e;
}

err key_file_rotate(const char *path, int64_t now_ms, struct server_keys *out, struct note *note)
{
    struct key_file f;
    TRY(load(path, &f, note));
    if (f.keys.n == SERVER_KEYS_MAX || f.next == UINT16_MAX) {
        server_keys_drop(&f.keys);
        return note_fail(note, FAIL(TOO_MANY), "there are %d server keys already: retire one first",
                         SERVER_KEYS_MAX);
    }
    add_key(&f, now_ms);
    return give(&f, save(path, &f, false, note), out);
}

static err take_out(struct server_keys *keys, uint16_t id, struct note *note)
{
    const struct server_key *k = server_keys_find(keys, id);
    if (!k) return note_fail(note, FAIL(NOT_FOUND), "there is no server key %u", id);
    const size_t at = (size_t)(k - keys->list);
    if (at + 1 == keys->n) {
        return note_fail(note, FAIL(IN_USE), "server key %u is the newest, which signs new tokens: rotate first",
                         id);
    }
    memmove(&keys->list[at], &keys->list[at + 1], (keys->n - at - 1) * sizeof keys->list[0]);
    keys->n--;
    secret_wipe(&keys->list[keys->n], sizeof keys->list[0]);
    return DONE;
}

err key_file_retire(const char *path, uint16_t id, struct server_keys *out, struct note *note)
{
    struct key_file f;
    TRY(load(path, &f, note));
    err e = take_out(&f.keys, id, note);
    if (err_is_ok(e)) e = save(path, &f, false, note);
    return give(&f, e, out);
}

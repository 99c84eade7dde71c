/* Lock, verify the trail and collect its deletions, copy the backup beside the store, delete in the copy,
 * check it, move it into place. */
#include "serve/restore.h"

#include "audit/verify.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/wr.h"
#include "gate/gate.h"
#include "index/index.h"
#include "serve/restore_trail.h"
#include "store/folder.h"
#include "store/key_file.h"
#include "store/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <urcu/urcu-memb.h>

enum { COMMIT_WAIT_MS = 1000, BATCH = 256, BATCH_BYTES = 64 << 20 };

struct restore {
    const struct restore_wish *wish;
    struct restore_result *out;
    struct folder folder;
    char key_path[FOLDER_PATH_MAX];
    char store_path[FOLDER_PATH_MAX];
    char copy_path[FOLDER_PATH_MAX];
    char audit_path[FOLDER_PATH_MAX];
    struct server_keys keys;
    struct restore_traces traces;
    uint64_t backup_row;     /* the newest of the outbox that the backup knows */
    uint64_t last_row;       /* of the outbox, in the data folder's own trail */
    struct index *index;
    struct gate *gate;
    struct loop *loop;
    struct store *store;     /* the copy */
    struct call call;
    struct arena arena;      /* of one batch */
    struct change changes[2 * BATCH];
    size_t changes_n;
    struct store_commit commit;
    bool committed;
};

/* --- the trail --- */

static void take_record(void *owner, const struct chain_record *record)
{
    struct restore *r = owner;
    restore_traces_take(&r->traces, record);
}

static bool has_own_trail(const struct restore *r)
{
    return access(r->audit_path, F_OK) == 0;
}

static err read_trails(struct restore *r, struct note *note)
{
    struct verify_report report = {0};
    const bool own = has_own_trail(r);
    const char *path = r->wish->audit ? r->wish->audit : r->audit_path;
    if (own) { /* also beside another one, which may be an older copy of it */
        TRY(verify_each(r->audit_path, true, take_record, r, &report, note));
        r->last_row = report.last.row;
    }
    if (r->wish->without_audit) {
        r->traces.n = 0;
        return DONE;
    }
    if (!own && !r->wish->audit) {
        return note_fail(note, FAIL(USAGE), "%s is not there: say with --audit where the trail is, for tokens that were"
                         " revoked after the backup live again without it (--no-audit, if that is meant)", path);
    }
    if (r->wish->audit) TRY(verify_each(path, true, take_record, r, &report, note));
    return r->traces.no_memory ? FAIL(NO_MEMORY) : DONE;
}

/* --- deleting again --- */

static void commit_done(struct store_commit *c)
{
    LOOP_OF(c, struct restore, commit)->committed = true;
}

static err commit_with(struct restore *r, bytes detail, struct note *note)
{
    const struct permit *permit = NULL;
    urcu_memb_read_lock();
    err e = gate_permit(r->gate, &r->call, NULL, 0, &permit);
    urcu_memb_read_unlock();
    TRY(e);
    struct event_draft event = {.name = "store.restore", .outcome = "done", .who = r->call.who,
                                .detail = detail};
    (void)snprintf(event.call_id, sizeof event.call_id, "restore");
    (void)snprintf(event.peer, sizeof event.peer, "local");
    r->committed = false;
    r->commit = (struct store_commit){.loop = r->loop, .done = commit_done};
    store_commit(r->store, permit, r->changes, r->changes_n, &event, &r->commit);
    while (!r->committed) (void)loop_turn(r->loop, COMMIT_WAIT_MS);
    r->changes_n = 0;
    arena_reset(&r->arena);
    if (err_is_ok(r->commit.result)) return DONE;
    return note_fail(note, r->commit.result, "%s", r->commit.note.text);
}

static err flush(struct restore *r, struct note *note)
{
    char detail[96];
    if (r->changes_n == 0) return DONE;
    const int n = snprintf(detail, sizeof detail, "{\"deletedAgain\":%zu}",
                           r->out->tokens + r->out->roles + r->out->databases + r->out->members + r->out->exports);
    return commit_with(r, bytes_of(detail, (size_t)n), note);
}

static void add_change(struct restore *r, const struct record *record, enum change_verb verb,
                       enum action action)
{
    r->changes[r->changes_n++] = (struct change){.verb = verb, .expect = CHANGE_ANY_VERSION,
        .by = {action, record_scope(record)}, .record = *record};
}

static void leave_mark(struct restore *r, const struct record_token *t)
{
    struct record mark = {.kind = RECORD_TOMBSTONE};
    memcpy(mark.of.tombstone.client_id, t->client_id, sizeof t->client_id);
    mark.of.tombstone.scope = t->scope;
    mark.of.tombstone.deleted_ms = clock_utc_ms();
    add_change(r, &mark, CHANGE_PUT, record_write_action(RECORD_TOMBSTONE));
}

static void delete_again(struct restore *r, const struct record *record)
{
    add_change(r, record, CHANGE_REMOVE, record_remove_action(record->kind));
    if (record->kind == RECORD_TOKEN) {
        leave_mark(r, &record->of.token);
        r->out->tokens++;
    }
    r->out->roles += record->kind == RECORD_ROLE;
    r->out->databases += record->kind == RECORD_DATABASE;
    r->out->members += record->kind == RECORD_MEMBERSHIP;
    r->out->exports += record->kind == RECORD_AUDIT_EXPORT;
}

/* Its policy is that of the backup: somebody has to look at it. */
static void note_change(struct restore *r, const struct record *record)
{
    struct restore_result *out = r->out;
    const struct uuid *id = &record->of.role.id;
    const size_t shown = out->changed_n < RESTORE_ROLES_SHOWN ? out->changed_n : RESTORE_ROLES_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        if (uuid_eq(&out->changed[i], id)) return;
    }
    if (shown < RESTORE_ROLES_SHOWN) out->changed[shown] = *id;
    out->changed_n++;
}

/* A record twice in one commit would be NOT_FOUND the second time. */
static bool is_planned(const struct restore *r, const struct restore_trace *t)
{
    char id[RECORD_ID_MAX];
    for (size_t i = 0; i < r->changes_n; i++) {
        const struct record *other = &r->changes[i].record;
        if (other->kind != t->kind) continue;
        if (record_id(other, id) == t->id_n && memcmp(id, t->id, t->id_n) == 0) return true;
    }
    return false;
}

static err replay_one(struct restore *r, const struct restore_trace *t, struct note *note)
{
    struct record record = {.version = 0};
    if ((t->unless_in_backup && t->row <= r->backup_row) || is_planned(r, t)) return DONE;
    const err e = store_get(r->store, t->kind, bytes_of(t->id, t->id_n), &r->arena, &record);
    if (e.code == ERR_NOT_FOUND) return DONE;
    if (!err_is_ok(e)) return note_fail(note, e, "%.*s cannot be read", (int)t->id_n, t->id);
    if (t->deleted) delete_again(r, &record);
    else note_change(r, &record);
    if (r->changes_n == 0) arena_reset(&r->arena);
    return r->changes_n + 2 > 2 * BATCH ? flush(r, note) : DONE;
}

/* Deletions first: a role that is gone need not be looked at. */
static err replay(struct restore *r, struct note *note)
{
    for (int deleted = 1; deleted >= 0; deleted--) {
        for (size_t i = 0; i < r->traces.n; i++) {
            if (r->traces.list[i].deleted == deleted) TRY(replay_one(r, &r->traces.list[i], note));
        }
        TRY(flush(r, note));
    }
    return DONE;
}

/* --- the copy --- */

static void remove_copy(const struct restore *r)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    char path[FOLDER_PATH_MAX + 8];
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(path, sizeof path, "%s%s", r->copy_path, suffixes[i]);
        (void)unlink(path);
    }
}

static err make_copy(struct restore *r, struct note *note)
{
    struct store *backup = NULL;
    const struct store_sqlite_options o = {
        .path = r->wish->backup, .read_only = true, .keys = &r->keys};
    remove_copy(r);
    struct store_numbers numbers;
    TRY(store_sqlite_open(&o, NULL, &backup, note));
    err e = store_count(backup, &numbers);
    if (err_is_ok(e)) e = store_backup(backup, r->copy_path, note);
    r->backup_row = numbers.outbox_last;
    store_close(backup);
    return e;
}

static err open_copy(struct restore *r, struct note *note)
{
    const struct store_sqlite_options o = {
        .path = r->copy_path, .keys = &r->keys, .outbox_from = r->last_row};
    const struct gate_options gate = {.prefixes = {BYTES(TOKEN_PREFIX)}, .prefixes_n = 1};
    struct gate_options with_index = gate;
    const struct credential cred = {.kind = CREDENTIAL_UID, .uid = getuid()};
    TRY(store_sqlite_open(&o, NULL, &r->store, note));
    TRY(index_new(&r->index));
    with_index.index = r->index;
    TRY(gate_new(&with_index, &r->gate));
    gate_set_keys(r->gate, &r->keys);
    TRY(loop_new(NULL, &r->loop));
    urcu_memb_read_lock();
    const err e = gate_identify(r->gate, &r->call, &cred);
    urcu_memb_read_unlock();
    return e;
}

static void close_copy(struct restore *r)
{
    store_close(r->store);
    r->store = NULL;
    if (r->loop) loop_free(r->loop);
    if (r->gate) gate_free(r->gate);
    if (r->index) index_free(r->index);
    r->loop = NULL;
    r->gate = NULL;
    r->index = NULL;
}

/* --- into place --- */

static err move(const char *from, const char *from_suffix, const char *to, const char *to_suffix,
                struct note *note)
{
    char source[FOLDER_PATH_MAX + 16];
    char target[FOLDER_PATH_MAX + 16];
    (void)snprintf(source, sizeof source, "%s%s", from, from_suffix);
    (void)snprintf(target, sizeof target, "%s%s", to, to_suffix);
    if (rename(source, target) == 0 || errno == ENOENT) return DONE;
    return note_fail(note, FAIL(IO), "cannot move %s to %s: %s", source, target, strerror(errno));
}

/* The store and its log belong together; the third file is only a help to the processes that use them. */
static err move_aside(struct restore *r, struct note *note)
{
    char shm[FOLDER_PATH_MAX + 16];
    (void)snprintf(shm, sizeof shm, "%s-shm", r->store_path);
    TRY(move(r->store_path, "", r->store_path, ".before", note));
    TRY(move(r->store_path, "-wal", r->store_path, ".before-wal", note));
    (void)unlink(shm);
    return DONE;
}

static void move_back(struct restore *r)
{
    struct note note;
    err e = move(r->store_path, ".before", r->store_path, "", &note);
    if (err_is_ok(e)) e = move(r->store_path, ".before-wal", r->store_path, "-wal", &note);
    if (!err_is_ok(e)) log_line(LOG_ERROR, "restore", "problem=\"%s\"", note.text);
}

static err put_in_place(struct restore *r, struct note *note)
{
    r->out->moved_aside = access(r->store_path, F_OK) == 0;
    err e = move_aside(r, note);
    if (err_is_ok(e)) e = move(r->copy_path, "", r->store_path, "", note);
    if (!err_is_ok(e) && r->out->moved_aside) move_back(r);
    TRY(e);
    return folder_sync_parent(r->store_path, note);
}

/* --- all of it --- */

static err check_place(const struct restore *r, struct note *note)
{
    char before[FOLDER_PATH_MAX + 16];
    (void)snprintf(before, sizeof before, "%s.before", r->store_path);
    if (access(r->store_path, F_OK) != 0) return DONE;
    if (!r->wish->force) {
        return note_fail(note, FAIL(CONFLICT), "%s is there: with --force it is moved aside, to %s", r->store_path, before);
    }
    if (access(before, F_OK) != 0) return DONE;
    return note_fail(note, FAIL(CONFLICT), "%s, the store that an earlier restore replaced, is still there: move it"
                     " away", before);
}

static err open_folder(struct restore *r, struct note *note)
{
    const char *data = r->wish->data;
    TRY(folder_path(data, FOLDER_KEYS, r->key_path, note));
    TRY(folder_path(data, FOLDER_STORE, r->store_path, note));
    TRY(folder_path(data, FOLDER_RESTORED, r->copy_path, note));
    TRY(folder_path(data, FOLDER_AUDIT, r->audit_path, note));
    TRY(folder_open(data, &r->folder, note));
    TRY(check_place(r, note));
    return key_file_read(r->key_path, &r->keys, note);
}

static err make_and_fill(struct restore *r, struct note *note)
{
    TRY(make_copy(r, note));
    TRY(open_copy(r, note));
    TRY(replay(r, note));
    return store_check(r->store, note);
}

static err run(struct restore *r, struct note *note)
{
    TRY(open_folder(r, note));
    TRY(read_trails(r, note));
    err e = make_and_fill(r, note);
    close_copy(r);
    if (err_is_ok(e)) e = put_in_place(r, note);
    remove_copy(r);
    return e;
}

err restore_run(const struct restore_wish *wish, struct restore_result *out, struct note *note)
{
    struct restore *r = calloc(1, sizeof *r);
    if (!r) return FAIL(NO_MEMORY);
    *out = (struct restore_result){0};
    r->wish = wish;
    r->out = out;
    arena_init(&r->arena, BATCH_BYTES);
    arena_init(&r->call.arena, BATCH_BYTES);
    r->call.door = CALL_SOCKET;
    r->call.now_ms = clock_utc_ms();
    urcu_memb_register_thread();
    const err e = run(r, note);
    urcu_memb_unregister_thread();
    folder_close(&r->folder);
    server_keys_drop(&r->keys);
    arena_drop(&r->arena);
    arena_drop(&r->call.arena);
    restore_traces_drop(&r->traces);
    free(r);
    return e;
}

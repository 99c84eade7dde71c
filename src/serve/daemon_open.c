#include "serve/daemon.h"

#include "api/list_cache.h"
#include "api/replay.h"
#include "api/token_pictures.h"
#include "audit/audit.h"
#include "base/clock.h"
#include "base/log.h"
#include "gate/gate.h"
#include "gateway/gateway.h"
#include "index/index.h"
#include "loop/work.h"
#include "portal/portal.h"
#include "serve/control.h"
#include "serve/load.h"
#include "serve/rekey.h"
#include "serve/sweep.h"
#include "serve/web.h"
#include "store/key_file.h"
#include "store/store.h"
#include "usage/usage.h"

#include <sys/stat.h>
#include <unistd.h>

enum {
    WORK_THREADS = 2,
    WORK_QUEUE = 256
};

/* --- the data folder --- */

static err open_folder(struct daemon *d, struct note *note)
{
    struct stat s;
    TRY(folder_path(d->o->data, FOLDER_KEYS, d->key_path, note));
    TRY(folder_path(d->o->data, FOLDER_STORE, d->store_path, note));
    TRY(folder_path(d->o->data, FOLDER_AUDIT, d->audit_path, note));
    TRY(folder_path(d->o->data, FOLDER_USAGE, d->usage_path, note));
    TRY(folder_path(d->o->data, FOLDER_SOCKET, d->socket_path, note));
    if (stat(d->o->data, &s) != 0) {
        return note_fail(note, FAIL(NOT_FOUND), "%s is not there; `latchkey init --data %s …` makes it",
                         d->o->data, d->o->data);
    }
    d->owner_uid = s.st_uid;
    TRY(folder_open(d->o->data, &d->folder, note));
    if (access(d->key_path, F_OK) != 0 && access(d->store_path, F_OK) != 0) {
        return note_fail(note, FAIL(NOT_FOUND), "%s holds no store; `latchkey init --data %s …` makes one",
                         d->o->data, d->o->data);
    }
    if (access(d->store_path, F_OK) != 0) {
        return note_fail(note, FAIL(NOT_FOUND), "%s is missing: put it back, or `latchkey store restore BACKUP --data %s`",
                         d->store_path, d->o->data);
    }
    return key_file_read(d->key_path, &d->keys, note);
}

/* --- index, store, audit --- */

static err recheck(void *owner, const struct permit *p)
{
    const struct daemon *d = owner;
    if (!audit_is_well(d->audit)) return FAIL(AUDIT_FAILED);
    return gate_recheck(d->gate, p, clock_utc_ms());
}

static void committed(void *owner, struct store_batch *b)
{
    struct daemon *d = owner;
    control_committed(d->control, b);
}

static err open_store(struct daemon *d, struct note *note)
{
    const struct store_sqlite_options o = {.path = d->store_path, .keys = &d->keys};
    const struct store_ports ports = {.owner = d, .recheck = recheck, .committed = committed};
    TRY(store_sqlite_open(&o, &ports, &d->store, note));
    TRY(index_new(&d->index));
    return load_index(d->store, d->index, note);
}

static err open_audit(struct daemon *d, struct note *note)
{
    struct store_numbers numbers;
    TRY(store_count(d->store, &numbers));
    outbox_port_open(&d->outbox, d->store);
    const struct audit_options o = {
        .folder = d->audit_path,
        .rotate_bytes = (uint64_t)config_number(d->config, SETTING_AUDIT_FILE_BYTES),
        .reserve_bytes = (uint64_t)config_number(d->config, SETTING_AUDIT_RESERVE_BYTES),
        .outbox = outbox_port_for_audit(&d->outbox, numbers.outbox_last),
    };
    return audit_open(&o, &d->audit, note);
}

static err open_gate(struct daemon *d, struct note *note)
{
    struct gate_options o = {.index = d->index, .events = audit_sink(d->audit)};
    const char *at = config_text(d->config, SETTING_TOKEN_PREFIXES);
    bytes prefix;
    while (config_next(&at, &prefix)) {
        if (o.prefixes_n == GATE_PREFIXES_MAX || prefix.n > TOKEN_PREFIX_MAX || prefix.n < 2 ||
            prefix.p[prefix.n - 1] != ':') {
            return note_fail(note, FAIL(BAD_INPUT), "token-prefixes: at most %d, each of 2 to %d characters and ending in ':'",
                             GATE_PREFIXES_MAX, TOKEN_PREFIX_MAX);
        }
        o.prefixes[o.prefixes_n++] = prefix;
    }
    if (o.prefixes_n == 0) return note_fail(note, FAIL(BAD_INPUT), "token-prefixes is empty");
    TRY(gate_new(&o, &d->gate));
    gate_set_keys(d->gate, &d->keys);
    d->api.prefix = o.prefixes[0];
    return DONE;
}

/* --- server keys --- */

static err open_keys(struct daemon *d)
{
    d->keyring.path = d->key_path;
    d->keyring.audit = d->audit;
    d->keyring.gate = d->gate;
    d->keyring.index = d->index;
    d->keyring.store = d->store;
    TRY(rekey_new(d->loop, d->work, d->gate, d->store, &d->rekey));
    gate_set_rekey(d->gate, rekey_sink(d->rekey));
    server_keys_drop(&d->keys);    /* the gate has them */
    return DONE;
}

/* --- what tokens are used for --- */

static bool has_token(void *owner, bytes client_id)
{
    const struct daemon *d = owner;
    struct index_token t;
    return index_find_token(d->index, client_id, &t);
}

static err open_usage(struct daemon *d)
{
    const struct usage_options o = {.path = d->usage_path,
                                    .bytes_max = config_number(d->config, SETTING_USAGE_BYTES),
                                    .owner = d,
                                    .has_token = has_token};
    return usage_open(&o, &d->usage);
}

/* --- control and gateway --- */

static void database_put(void *owner, const struct record_database *database)
{
    struct daemon *d = owner;
    clusters_open(&d->clusters, database);
}

static void database_removed(void *owner, const struct uuid *database)
{
    struct daemon *d = owner;
    clusters_close(&d->clusters, database);
}

static err open_control(struct daemon *d)
{
    TRY(token_pictures_new((size_t)config_number(d->config, SETTING_LIST_BYTES), &d->api.pictures));
    const struct control_options o = {.loop = d->loop,
                                      .index = d->index,
                                      .audit = d->audit,
                                      .pictures = d->api.pictures,
                                      .owner = d,
                                      .database_put = database_put,
                                      .database_removed = database_removed};
    return control_new(&o, &d->control);
}

static err open_gateway(struct daemon *d)
{
    const struct config *c = d->config;
    const uint64_t clients_max =
        process_afford(&d->ports.process, "cql", (uint64_t)config_number(c, SETTING_CQL_CONNECTIONS),
                       PROCESS_CQL_SHARE, PROCESS_CQL_EACH);
    const struct gateway_options o = {
        .workers = (unsigned)config_number(c, SETTING_WORKERS),
        .control = d->loop,
        .gate = d->gate,
        .events = audit_sink(d->audit),
        .usage = d->usage,
        .limits = {.clients_max = (uint32_t)clients_max,
                   .clients_per_address = (uint32_t)config_number(c, SETTING_CQL_PER_ADDRESS),
                   .login_ms = (uint32_t)config_number(c, SETTING_CQL_LOGIN_MS),
                   .message_max = (uint32_t)config_number(c, SETTING_CQL_MESSAGE_BYTES),
                   .prepared_per_token = (uint32_t)config_number(c, SETTING_CQL_PREPARED),
                   .request_ms = (uint32_t)config_number(c, SETTING_REQUEST_MS),
                   .slow_request_ms = (uint32_t)config_number(c, SETTING_SLOW_REQUEST_MS)},
        .tracing = config_is_on(c, SETTING_CQL_TRACING),
        .other_datacenters = config_is_on(c, SETTING_UPSTREAM_OTHER_DCS),
    };
    TRY(gateway_new(&o, &d->gateway));
    d->clusters = (struct clusters){.index = d->index,
                                    .gateway = d->gateway,
                                    .gate = d->gate,
                                    .allow_plaintext = config_is_on(c, SETTING_ALLOW_PLAINTEXT)};
    control_set_gateway(d->control, d->gateway);
    clusters_open_all(&d->clusters);
    control_start(d->control);
    return DONE;
}

static err open_exporting(struct daemon *d, struct note *note)
{
    const struct exporting_options o = {.config = d->config,
                                        .data = d->o->data,
                                        .trail = d->audit_path,
                                        .gate = d->gate,
                                        .index = d->index,
                                        .audit = d->audit};
    return exporting_open(&o, &d->exporting, note);
}

/* --- the API --- */

static err open_api(struct daemon *d, struct note *note)
{
    d->ports.config = d->config;
    d->ports.gateway = d->gateway;
    d->ports.index = d->index;
    d->ports.store = d->store;
    d->ports.usage = d->usage;
    d->ports.audit = d->audit;
    d->ports.keys = &d->keyring;
    d->ports.exporting = &d->exporting;
    d->ports.audit_folder = d->audit_path;
    d->ports.socket_path = d->socket_path;
    d->ports.data = d->o->data;
    d->ports.started_ns = clock_utc_ns();
    d->api.gate = d->gate;
    d->api.index = d->index;
    d->api.store = d->store;
    d->api.work = d->work;
    d->api.people = &d->people;
    d->api.usage = d->usage;
    d->api.loop = d->loop;
    d->api.question_action = config_text(d->config, SETTING_FORWARD_AUTH_ACTION);
    d->api.question_resource = config_text(d->config, SETTING_FORWARD_AUTH_RESOURCE);
    d->api.ports = ports_for_api(&d->ports);
    d->api.audit_folder = d->audit_path;
    TRY(list_cache_new(&d->api.lists));
    TRY(portal_routes(&portal_files, api_routes(), &d->routes));
    const size_t connections_max = (size_t)process_afford(
        &d->ports.process, "http", (uint64_t)config_number(d->config, SETTING_HTTP_CONNECTIONS),
        PROCESS_HTTP_SHARE, PROCESS_HTTP_EACH);
    const struct web_options o = {.config = d->config,
                                  .routes = &d->routes,
                                  .socket_routes = api_routes(),
                                  .elsewhere = portal_elsewhere,
                                  .api = &d->api,
                                  .gate = d->gate,
                                  .memory = replay_memory(d->index),
                                  .person_seen = api_person_seen,
                                  .token_seen = api_token_seen,
                                  .socket_path = d->socket_path,
                                  .socket_uid = d->owner_uid,
                                  .connections_max = connections_max,
                                  .address = d->ports.http_address};
    return web_open(&o, &d->web, note);
}

/* --- signals --- */

static void reload(void *owner)
{
    struct daemon *d = owner;
    struct note note = {{0}};
    process_notify("RELOADING=1");
    err e = keyring_reload(&d->keyring, &note);
    if (err_is_ok(e)) e = web_reload(d->web, d->config, &note);
    log_line(err_is_ok(e) ? LOG_INFO : LOG_ERROR, "reload", "outcome=%s why=\"%s\"",
             err_is_ok(e) ? "done" : "failed", note.text);
    process_notify("READY=1");
}

/* --- all of it --- */

err daemon_open(struct daemon *d, struct note *note)
{
    d->ports.process = process_prepare();
    TRY(open_folder(d, note));
    TRY(loop_new(NULL, &d->loop));
    d->signals.owner = d;
    d->signals.reload = reload;
    TRY(signals_watch(d->loop, &d->signals));
    TRY(open_store(d, note));
    TRY(open_audit(d, note));
    TRY(open_gate(d, note));
    TRY(work_new(WORK_THREADS, WORK_QUEUE, &d->work));
    TRY(open_keys(d));
    TRY(open_control(d));
    TRY(open_usage(d));
    TRY(open_gateway(d));
    TRY(people_open(&d->people));
    TRY(sweep_new(d->loop, d->work, d->gate, d->store, &d->sweep));
    TRY(open_exporting(d, note));
    return open_api(d, note);
}

#include "serve/exporting.h"

#include "gate/gate.h"
#include "model/seal.h"

#include <errno.h>
#include <unistd.h>
#include <urcu/urcu-memb.h>

static err read_targets(const char *list, struct endpoint_targets *out, struct note *note)
{
    bytes item;
    while (config_next(&list, &item)) {
        if (out->n == ENDPOINT_TARGETS_MAX) {
            return note_fail(note, FAIL(BAD_INPUT), "audit-export-targets: at most %d networks", ENDPOINT_TARGETS_MAX);
        }
        if (!err_is_ok(ip_prefix_read(item, &out->list[out->n++]))) {
            return note_fail(note, FAIL(BAD_INPUT), "audit-export-targets: \"%.*s\" is not an address or a range"
                             " (10.0.0.0/8, 2001:db8::/32)", BYTES_FMT(item));
        }
    }
    return DONE;
}

static err check_ca(const char *path, struct note *note)
{
    if (!*path || access(path, R_OK) == 0) return DONE;
    return note_fail(note, err_of_errno(errno), "audit-export-ca: %s: %s", path, strerror(errno));
}

static err unseal(void *owner, const struct record_audit_export *e, struct secret *out)
{
    const struct exporting *x = owner;
    char id[UUID_TEXT];
    uuid_write(&e->id, id);
    urcu_memb_read_lock();
    const struct server_keys *keys = gate_server_keys(x->gate);
    const err done = keys ? seal_read(keys, bytes_of(id, sizeof id), e->sealed_token, out) : FAIL(KEY_MISSING);
    urcu_memb_read_unlock();
    return done;
}

err exporting_open(const struct exporting_options *o, struct exporting *x, struct note *note)
{
    const char *ca = config_text(o->config, SETTING_AUDIT_EXPORT_CA);
    x->gate = o->gate;
    TRY(read_targets(config_text(o->config, SETTING_AUDIT_EXPORT_TARGETS), &x->targets, note));
    TRY(check_ca(ca, note));
    TRY(folder_path(o->data, FOLDER_EXPORTS, x->places, note));
    const struct export_options options = {.trail = o->trail,
                                           .places = x->places,
                                           .ca_file = ca,
                                           .targets = &x->targets,
                                           .index = o->index,
                                           .audit = o->audit,
                                           .owner = x,
                                           .unseal = unseal};
    return export_open(&options, &x->export, note);
}

err exporting_check(const struct exporting *x, const struct record_audit_export *e, struct note *note)
{
    return endpoint_check(e, &x->targets, note);
}

bool exporting_state(const struct exporting *x, const struct uuid *id, struct api_export_state *out)
{
    struct export_state s;
    if (!export_read_state(x->export, id, &s)) return false;
    *out = (struct api_export_state){.updated_ns = s.updated_ns,
                                     .failing = s.failing,
                                     .sequence = s.seq,
                                     .behind = s.behind,
                                     .sent = s.sent,
                                     .success_ms = s.success_ms,
                                     .failure_ms = s.failure_ms};
    _Static_assert(sizeof out->problem == sizeof s.problem, "a problem fits");
    memcpy(out->problem, s.problem, sizeof out->problem);
    return true;
}

void exporting_close(struct exporting *x)
{
    export_close(x->export);
    x->export = NULL;
}

#include "serve/exporting.h"

#include "gate/gate.h"

#include <errno.h>
#include <gnutls/x509.h>
#include <unistd.h>

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

/* A file without certificates would be found out server by server. */
static err check_ca(const char *path, struct note *note)
{
    gnutls_x509_trust_list_t list = NULL;
    if (!*path) return DONE;
    if (access(path, R_OK) != 0) {
        return note_fail(note, err_of_errno(errno), "audit-export-ca: %s: %s", path, strerror(errno));
    }
    if (gnutls_x509_trust_list_init(&list, 0) != 0) return FAIL(NO_MEMORY);
    const int n = gnutls_x509_trust_list_add_trust_file(list, path, NULL, GNUTLS_X509_FMT_PEM, 0, 0);
    gnutls_x509_trust_list_deinit(list, 1);
    if (n > 0) return DONE;
    return note_fail(note, FAIL(BAD_INPUT), "audit-export-ca: %s holds no certificate (PEM)", path);
}

static err unseal(void *owner, const struct record_audit_export *e, struct secret *out)
{
    const struct exporting *x = owner;
    return gate_unseal(x->gate, &e->id, e->sealed_token, out);
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

bool exporting_state(const struct exporting *x, const struct record_audit_export *e, struct api_export_state *out)
{
    struct export_state s;
    if (!export_read_state(x->export, e, &s)) return false;
    *out = (struct api_export_state){.word = export_state_word(&s),
                                     .sequence = s.seq,
                                     .behind = s.behind,
                                     .sent = s.sent,
                                     .success_ms = s.success_ms,
                                     .failure_ms = s.failure_ms,
                                     .next_ms = s.next_ms,
                                     .missing = s.missing};
    _Static_assert(sizeof out->problem == sizeof s.problem, "a problem fits");
    memcpy(out->problem, s.problem, sizeof out->problem);
    return true;
}

static void write_status(const struct exporting *x, const struct snapshot *s, const struct record_audit_export *e,
                         struct json_out *j)
{
    const struct record_organization *o = snapshot_organization(s, &e->id);
    struct export_state state = {.behind = 0};
    const bool known = export_read_state(x->export, e, &state);
    json_out_object(j);
    json_out_pair_uuid(j, "id", &e->id);
    json_out_pair(j, "name", o ? o->name : (bytes){0});
    json_out_pair(j, "endpoint", e->endpoint);
    json_out_pair_text(j, "state", known ? export_state_word(&state) : "delivering");
    json_out_key(j, "behind");
    json_out_int(j, (int64_t)state.behind);
    if (state.problem[0]) json_out_pair_text(j, "problem", state.problem);
    json_out_end(j);
}

void exporting_status(const struct exporting *x, const struct snapshot *s, struct json_out *j)
{
    const struct snapshot_list all = snapshot_all(s, RECORD_AUDIT_EXPORT);
    for (size_t i = 0; i < all.n; i++) write_status(x, s, &all.records[i]->of.audit_export, j);
}

void exporting_close(struct exporting *x)
{
    export_close(x->export);
    x->export = NULL;
}

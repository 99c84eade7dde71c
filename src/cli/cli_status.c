/* `latchkey status`: what the running daemon says of itself. */
#include "cli/client.h"
#include "cli/output.h"

static error_t parse(int key, char *value, struct argp_state *state)
{
    (void)value;
    if (key != ARGP_KEY_INIT) return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = state->input;
    return 0;
}

static const struct argp parser = {.parser = parse, .children = cli_common_children};

static const struct output_column columns[] = {
    {"version", "version", NULL},
    {"process", "pid", NULL},
    {"started", "startedAt", NULL},
    {"store", "store.kind", NULL},
    {"portal built in", "portal", NULL},
    {"tokens", "index.tokens", NULL},
    {"roles", "index.roles", NULL},
    {"databases", "index.databases", NULL},
    {"index version", "index.version", NULL},
    {"audit records", "audit.sequence", NULL},
    {"audit head", "audit.hash", NULL},
};
static const struct output_column door_columns[] = {
    {"DOOR", "kind", NULL}, {"ADDRESS", "address", NULL}, {"DATABASE", "database", NULL}};
static const struct output_column cluster_columns[] = {
    {"CLUSTER", "name", NULL}, {"STATE", "state", NULL}, {"ID", "id", NULL}, {"WHY", "problem", NULL}};
static const struct output_column export_columns[] = {
    {"AUDIT RECORDS OF", "name", NULL}, {"GO TO", "endpoint", NULL}, {"STATE", "state", NULL}, {"BEHIND", "behind", NULL},
    {"WHY", "problem", NULL}};

int cli_status(int argc, char **argv)
{
    struct cli common;
    struct note note = {{0}};
    struct client_answer answer;
    cli_init_common(&common);
    cli_parse(&parser, "status", argc, argv, &common);
    const err e = client_call(&common, "GET", "/v2/operator/status", NULL, &answer, &note);
    if (!err_is_ok(e)) return cli_fail_note(e, &note);
    output_object(&common, answer.body, columns, sizeof columns / sizeof *columns);
    if (!common.json) {
        output_list(&common, json_object_get(answer.body, "doors"), door_columns, 3);
        output_list(&common, json_object_get(answer.body, "clusters"), cluster_columns, 4);
        const json_t *exports = json_object_get(answer.body, "exports");
        if (json_array_size(exports)) output_list(&common, exports, export_columns, 5);
    }
    client_answer_drop(&answer);
    return 0;
}

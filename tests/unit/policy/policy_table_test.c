/* The rows of tests/table/policy.txt, each decided by the compiled set and by the explanation. */
#include "unit.h"
#include "world.h"

#include "policy/policy.h"
#include "policy/policy_table_path.h"

enum { ROLES_MAX = 64, FIELDS = 5, ROWS_MIN = 300 };

static struct world world;
static char role_names[ROLES_MAX][40];
static size_t roles_n;
static unsigned rows;

static const struct {
    char sign[4];
    const char *text;
} signs[] = {
    {"@", "drn:astra:org:0a010000-0000-4000-8000-000000000a01"},
    {"%", "drn:astra:org:0a020000-0000-4000-8000-000000000a02"},
    {"E2", "drn:astra:enterprise:0e020000-0000-4000-8000-000000000e02"},
    {"E", "drn:astra:enterprise:0e010000-0000-4000-8000-000000000e01"},
    {"D1", "0d010000-0000-4000-8000-000000000d01"},
    {"D2", "0d020000-0000-4000-8000-000000000d02"},
    {"D3", "0d030000-0000-4000-8000-000000000d03"},
};

/* Signs stand for whole components; the result lives in the world's arena. */
static bytes spell(const char *text)
{
    struct wr w = wr_growing(RESOURCE_TEXT_MAX);
    char copy[256];
    (void)snprintf(copy, sizeof copy, "%s", text);
    char *save;
    for (char *part = strtok_r(copy, ":", &save); part; part = strtok_r(NULL, ":", &save)) {
        const char *spelled = part;
        for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
            if (strcmp(part, signs[i].sign) == 0) spelled = signs[i].text;
        }
        if (w.n) wr_u8(&w, ':');
        wr_text(&w, spelled);
    }
    const bytes kept = arena_copy(&world.arena, wr_view(&w));
    wr_drop(&w);
    return kept;
}

static size_t read_actions(char *list, enum action *out)
{
    size_t n = 0;
    if (strcmp(list, "*") == 0) {
        for (; n < ACTIONS; n++) out[n] = (enum action)n;
        return n;
    }
    char *save;
    for (char *a = strtok_r(list, ",", &save); a; a = strtok_r(NULL, ",", &save)) {
        if (!action_find(bytes_of_text(a), &out[n++])) fail_msg("unknown action %s", a);
    }
    return n;
}

/* role NAME EFFECT ACTIONS : LINES */
static void read_role(char *line)
{
    enum action *actions = arena_take_array(&world.arena, ACTIONS, sizeof *actions);
    struct resource *lines = arena_take_array(&world.arena, 16, sizeof *lines);
    char *save;
    (void)strtok_r(line, " ", &save);
    char *name = strtok_r(NULL, " ", &save);
    const bool deny = strcmp(strtok_r(NULL, " ", &save), "deny") == 0;
    struct role r = {.id = world_id(0x01, (uint8_t)(roles_n + 1)), .scope = WORLD_ORG};
    if (strcmp(name, "theirs") == 0) r.scope = WORLD_OTHER_ORG;
    (void)snprintf(role_names[roles_n++], sizeof role_names[0], "%s", name);
    char *list = strtok_r(NULL, " ", &save);
    if (strcmp(list, ":") != 0) {
        r.policy.actions_n = read_actions(list, actions);
        (void)strtok_r(NULL, " ", &save);
    }
    for (char *l; (l = strtok_r(NULL, " ", &save));) {
        assert_ok(resource_read(spell(l), &lines[r.policy.resources_n++]));
    }
    r.name = bytes_of_text(role_names[roles_n - 1]);
    r.policy.effect = deny ? EFFECT_DENY : EFFECT_ALLOW;
    r.policy.actions = actions;
    r.policy.resources = lines;
    world_put_role(&world, &r, NULL);
}

static struct uuid role_id(const char *name, bool *enterprise)
{
    const struct role *builtin;
    const size_t n = builtin_roles(&builtin);
    if (strncmp(name, "builtin ", 8) == 0) {
        for (size_t i = 0; i < n; i++) {
            if (!bytes_eq_text(builtin[i].name, name + 8)) continue;
            *enterprise = builtin[i].enterprise;
            return builtin[i].id;
        }
    }
    for (size_t i = 0; i < roles_n; i++) {
        if (strcmp(role_names[i], name) == 0) return world_id(0x01, (uint8_t)(i + 1));
    }
    if (strcmp(name, "gone") != 0) fail_msg("unknown role %s", name);
    return world_id(0x01, 255);
}

static void describe(const struct verdict *v, char out[128])
{
    if (!v->role) {
        (void)snprintf(out, 128, "-");
        return;
    }
    (void)snprintf(out, 128, "%.*s:%zu", BYTES_FMT(v->role->name),
                   (size_t)(v->line - v->role->policy.resources) + 1);
}

static void ask_row(char *fields[FIELDS], const char *row)
{
    struct uuid ids[8];
    size_t n = 0;
    bool enterprise = false;
    char *save;
    for (char *r = strtok_r(fields[0], "+", &save); r; r = strtok_r(NULL, "+", &save)) {
        ids[n++] = role_id(r, &enterprise);
    }
    struct ask ask;
    assert_true(action_find(bytes_of_text(fields[1]), &ask.action));
    assert_ok(resource_read(spell(fields[2]), &ask.on));
    const struct uuid scope = enterprise ? WORLD_ENTERPRISE : WORLD_ORG;
    const struct snapshot *s = index_snapshot(world.index);
    struct role_set *set;
    assert_ok(role_set_compile(s, &scope, enterprise, ids, n, 0, 1, &set));
    const struct policy_subject who = {.snapshot = s, .scope = scope, .enterprise = enterprise,
                                       .roles = ids, .roles_n = n, .set = set};
    const struct verdict v = policy_explain(&who, &ask);
    const bool want = strcmp(fields[3], "allow") == 0;
    char rule[128];
    describe(&v, rule);
    if (v.allowed != want || policy_decide(set, &ask) != want || strcmp(rule, fields[4]) != 0) {
        fail_msg("%s: explained as %s by %s, decided as %s", row, v.allowed ? "allow" : "deny", rule,
                 policy_decide(set, &ask) ? "allow" : "deny");
    }
    role_set_free(set);
    rows++;
}

static void read_row(char *line)
{
    char row[512];
    char *fields[FIELDS];
    (void)snprintf(row, sizeof row, "%s", line);
    for (size_t i = 0; i < FIELDS; i++) {
        fields[i] = line;
        char *bar = strstr(line, " | ");
        if (bar) *bar = '\0';
        if (!bar && i + 1 < FIELDS) fail_msg("%s: five fields", row);
        line = bar ? bar + 3 : line;
    }
    ask_row(fields, row);
}

static void every_row_is_decided_as_it_says(void **state)
{
    (void)state;
    char line[512];
    FILE *f = fopen(POLICY_TABLE, "r");
    assert_non_null(f);
    urcu_memb_register_thread();
    world_init(&world);
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0') continue;
        if (strncmp(line, "role ", 5) == 0) {
            read_role(line);
        } else {
            read_row(line);
        }
    }
    (void)fclose(f);
    assert_true(rows >= ROWS_MIN);
    world_drop(&world);
    urcu_memb_unregister_thread();
}

UNIT_MAIN(cmocka_unit_test(every_row_is_decided_as_it_says))

/* Introspection (RFC 7662): what a token is, for whoever protects something with it. */
#include "api/question.h"
#include "api/routes.h"
#include "base/clock.h"
#include "base/utf8.h"

static err read_form(struct http_request *rq, bytes *token)
{
    const struct field *f = F(INTROSPECT_FORM_TOKEN);
    size_t n = 0;
    const bytes type = http_header(rq, "Content-Type");
    const bytes wanted = BYTES("application/x-www-form-urlencoded");
    if (!bytes_eq_nocase(bytes_part(type, 0, wanted.n), wanted)) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "the body must be %s", wanted.p);
    }
    const err e = target_form_field(rq->body, f->name, &rq->call.arena, token, &n);
    if (!err_is_ok(e) && e.code != ERR_BAD_INPUT) return e;
    if (!err_is_ok(e) || !utf8_is_plain(*token, f->most)) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "field \"%s\" must be one line of at most %zu characters", f->name, f->most);
    }
    if (n == 1 && token->n) return DONE;
    return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                     n > 1 ? "the form has several fields token" : "the form needs a field token");
}

static void write_seconds(struct json_out *j, const char *key, int64_t ms)
{
    json_out_key(j, key);
    json_out_int(j, ms / 1000);
}

static void write_scope(struct json_out *j, const struct role_set *set)
{
    uint8_t room[ACTIONS * 40];
    struct wr w = wr_fixed(room, sizeof room);
    const action_set allowed = set ? role_set_allowed_somewhere(set) : 0;
    for (unsigned a = 0; a < ACTIONS; a++) {
        if (!(allowed & action_bit((enum action)a))) continue;
        if (w.n) wr_u8(&w, ' ');
        wr_text(&w, action_name((enum action)a));
    }
    json_out_pair(j, F(INTROSPECT_ANSWER_SCOPE)->name, wr_view(&w));
}

static void write_roles(struct json_out *j, const struct role_set *set)
{
    json_out_key(j, F(INTROSPECT_ANSWER_ROLES)->name);
    json_out_array(j);
    for (size_t i = 0; set && i < set->roles_n; i++) json_out_uuid(j, &set->roles[i]);
    json_out_end(j);
}

static void write_active(struct http_request *rq, struct json_out *j, const struct principal *who)
{
    const struct role_set *set = index_role_set(api_of(rq)->index, who->role_set);
    const bytes id = bytes_of_text(who->name);
    struct index_token t;
    json_out_pair(j, F(INTROSPECT_ANSWER_CLIENT)->name, id);
    json_out_pair(j, F(INTROSPECT_ANSWER_SUB)->name, id);
    json_out_pair(j, F(INTROSPECT_ANSWER_TYPE)->name, BYTES("Bearer"));
    if (index_find_token(api_of(rq)->index, id, &t)) {
        write_seconds(j, F(INTROSPECT_ANSWER_IAT)->name, t.created_ms);
    }
    if (who->valid_until_ms != CLOCK_NEVER_MS) {
        write_seconds(j, F(INTROSPECT_ANSWER_EXP)->name, who->valid_until_ms);
    }
    write_scope(j, set);
    write_roles(j, set);
    json_out_pair_uuid(j, F(INTROSPECT_ANSWER_ORG)->name, &who->scope);
}

err introspect_post(struct http_request *rq)
{
    struct principal who;
    bytes token = {0};
    bool known = false;
    TRY(read_form(rq, &token));
    TRY(question_subject(rq, token, &who, &known));
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_key(&j, F(INTROSPECT_ANSWER_ACTIVE)->name);
    json_out_bool(&j, known);
    if (known) write_active(rq, &j, &who);
    json_out_end(&j);
    return DONE;
}

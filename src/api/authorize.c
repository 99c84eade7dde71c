/* "May this token do this?": every action must be allowed on each listed resource of its level, and an
 * action without one is not (decisions 4.5). */
#include "api/question.h"
#include "api/routes.h"
#include "http/body.h"

struct question {
    struct principal about;
    const struct json_in *actions;
    struct resource resources[QUESTION_RESOURCES_MAX];
    size_t resources_n;
};

static err read_resources(struct http_request *rq, const struct json_in *list, struct question *q)
{
    q->resources_n = json_in_n(list);
    for (size_t i = 0; i < q->resources_n; i++) {
        const struct json_in *item = json_in_at(list, i);
        const bytes text = json_in_is(item, JSON_IN_TEXT) ? json_in_text(item) : (bytes){0};
        if (question_resource(rq, text, &q->about, &q->resources[i])) continue;
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "resources[%zu]: \"%.*s\" is not a resource name", i,
                         BYTES_FMT(bytes_part(text, 0, 100)));
    }
    return DONE;
}

static err read_actions(struct http_request *rq, const struct json_in *list)
{
    for (size_t i = 0; i < json_in_n(list); i++) {
        if (json_in_is(json_in_at(list, i), JSON_IN_TEXT)) continue;
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "field \"actions\" must be an array of names");
    }
    return DONE;
}

/* An action that we do not know is allowed to nobody. */
static bool may(struct http_request *rq, const struct question *q, bytes name)
{
    struct ask ask;
    bool asked = false;
    const char *why;
    if (!action_find(name, &ask.action)) return false;
    for (size_t i = 0; i < q->resources_n; i++) {
        ask.on = q->resources[i];
        if (ask.on.level != action_level(ask.action)) continue;
        asked = true;
        if (!gate_answer(rq->gate, &rq->call, &q->about, &ask, &why)) return false;
    }
    return asked;
}

static bool may_all(struct http_request *rq, const struct question *q)
{
    for (size_t i = 0; i < json_in_n(q->actions); i++) {
        if (!may(rq, q, json_in_text(json_in_at(q->actions, i)))) return false;
    }
    return true;
}

static void answer(struct http_request *rq, bool allow, const struct uuid *organization)
{
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_key(&j, F(AUTHORIZE_ANSWER_ALLOW)->name);
    json_out_bool(&j, allow);
    if (organization) {
        json_out_pair_uuid(&j, F(AUTHORIZE_ANSWER_ORG)->name, organization);
    } else {
        json_out_pair(&j, F(AUTHORIZE_ANSWER_ORG)->name, (bytes){0});
    }
    json_out_end(&j);
}

err authorize_post(struct http_request *rq)
{
    struct question q = {0};
    const struct json_in *body = NULL;
    const struct json_in *resources = NULL;
    bytes token = {0};
    bool known = false;
    TRY(body_object(rq, &body));
    TRY(body_text(rq, body, F(AUTHORIZE_ASK_TOKEN), &token));
    TRY(body_array(rq, body, F(AUTHORIZE_ASK_ACTIONS), &q.actions));
    TRY(body_array(rq, body, F(AUTHORIZE_ASK_RESOURCES), &resources));
    TRY(question_subject(rq, token, &q.about, &known));
    TRY(read_actions(rq, q.actions));
    TRY(read_resources(rq, resources, &q));
    answer(rq, known && may_all(rq, &q), known ? &q.about.scope : NULL);
    return DONE;
}

/* Request bodies: what is wrong and where is said, never what was in it. */
#include "http/body.h"

#include "base/utf8.h"

#include <inttypes.h>

static const char *words_of(enum json_in_fault fault)
{
    switch (fault) {
    case JSON_IN_MALFORMED:
        return "is not valid JSON";
    case JSON_IN_KEY_TWICE:
        return "names a key twice";
    case JSON_IN_OUT_OF_RANGE:
        return "has a number beyond 64 bits";
    case JSON_IN_TOO_MUCH:
        return "is nested too deeply or has too many values";
    }
    return "is not valid JSON";
}

/* Nothing is unpacked here: what unpacks to much more than was sent cannot be asked of a stranger's body. */
static bool is_coded(const struct http_request *rq)
{
    const bytes coding = http_header(rq, "Content-Encoding");
    return coding.n > 0 && !bytes_eq_nocase(coding, BYTES("identity"));
}

static err parse(struct http_request *rq)
{
    struct json_in_error why;
    if (rq->json) return DONE;
    if (rq->body.n == 0) {
        return note_fail(&rq->call.note, FAIL(BAD_JSON), "body is empty; a JSON object is needed");
    }
    if (is_coded(rq)) {
        return note_fail(&rq->call.note, FAIL(BAD_JSON),
                         "body has a Content-Encoding; it is read as it comes, so send it without");
    }
    const err e = json_in_read(rq->body, &rq->call.arena, &rq->json, &why);
    if (e.code != ERR_BAD_JSON) return e;
    return note_fail(&rq->call.note, e, "body %s (line %u, column %u)", words_of(why.fault),
                     why.line, why.column);
}

err body_object(struct http_request *rq, const struct json_in **out)
{
    TRY(parse(rq));
    if (!json_in_is(rq->json, JSON_IN_OBJECT)) {
        return note_fail(&rq->call.note, FAIL(BAD_JSON), "body must be a JSON object");
    }
    *out = rq->json;
    return DONE;
}

err body_value(struct http_request *rq, const struct json_in **out)
{
    if (rq->body.n) TRY(parse(rq));
    *out = rq->json && rq->json->kind != JSON_IN_NULL ? rq->json : NULL;
    return DONE;
}

err body_object_or_nothing(struct http_request *rq, const struct json_in **out)
{
    static const struct json_in nothing = {.kind = JSON_IN_OBJECT};
    if (rq->body.n) TRY(parse(rq));
    if (!rq->json || rq->json->kind == JSON_IN_NULL) rq->json = &nothing;
    return body_object(rq, out);
}

/* NULL in *out when the field is absent or null, and may be. */
static err find(struct http_request *rq, const struct json_in *o, const struct field *f, const struct json_in **out)
{
    const struct json_in *v = json_in_get(o, f->name);
    if (v && json_in_is(v, JSON_IN_NULL)) v = NULL;
    if (!v && (f->need == FIELD_NEEDED || f->need == FIELD_SOMETIMES)) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "field \"%s\" is missing", f->name);
    }
    *out = v;
    return DONE;
}

static err wrong_type(struct http_request *rq, const struct field *f, const char *what)
{
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "field \"%s\" must be %s", f->name, what);
}

err body_text(struct http_request *rq, const struct json_in *o, const struct field *f, bytes *out)
{
    const struct json_in *v = NULL;
    uint32_t control = 0;
    TRY(find(rq, o, f, &v));
    *out = (bytes){0};
    if (!v) return DONE;
    if (!json_in_is(v, JSON_IN_TEXT)) return wrong_type(rq, f, "a string");
    const bytes text = json_in_text(v);
    if (utf8_has_control(text, &control)) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "field \"%s\" has the control character U+%04" PRIX32
                         ", which people do not see; take it out",
                         f->name, control);
    }
    if (!utf8_is_plain(text, f->most)) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "field \"%s\" must have at most %zu characters",
                         f->name, f->most);
    }
    if (text.n == 0 && f->least) return wrong_type(rq, f, "a string that is not empty");
    *out = text;
    return DONE;
}

err body_uuid(struct http_request *rq, const struct json_in *o, const struct field *f, struct uuid *out,
              bool *given)
{
    const struct json_in *v = NULL;
    TRY(find(rq, o, f, &v));
    if (given) *given = v != NULL;
    if (!v) return DONE;
    if (!json_in_is(v, JSON_IN_TEXT) || !uuid_read(json_in_text(v), out)) return wrong_type(rq, f, "a UUID");
    return DONE;
}

err body_array(struct http_request *rq, const struct json_in *o, const struct field *f, const struct json_in **out)
{
    TRY(find(rq, o, f, out));
    if (!*out) return DONE;
    if (!json_in_is(*out, JSON_IN_ARRAY)) return wrong_type(rq, f, "an array");
    const size_t n = json_in_n(*out);
    if (n > f->most) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "field \"%s\" has %zu elements; %zu at most", f->name, n, f->most);
    }
    if (n < f->least) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "field \"%s\" must have at least %zu element%s", f->name, f->least,
                         f->least == 1 ? "" : "s");
    }
    return DONE;
}

static void add_once(struct uuid *list, size_t *n, const struct uuid *id)
{
    for (size_t i = 0; i < *n; i++) {
        if (uuid_eq(&list[i], id)) return;
    }
    list[(*n)++] = *id;
}

err body_uuids(struct http_request *rq, const struct json_in *o, const struct field *f, struct uuid *out,
               size_t *n)
{
    const struct json_in *list = NULL;
    TRY(body_array(rq, o, f, &list));
    *n = 0;
    for (size_t i = 0; list && i < json_in_n(list); i++) {
        const struct json_in *item = json_in_at(list, i);
        struct uuid id;
        if (!json_in_is(item, JSON_IN_TEXT)) return wrong_type(rq, f, "an array of ids");
        if (!uuid_read(json_in_text(item), &id)) {
            return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                             "field \"%s\": \"%.*s\" is not an id (names are not taken)", f->name,
                             BYTES_FMT(bytes_part(json_in_text(item), 0, 100)));
        }
        add_once(out, n, &id);
    }
    return DONE;
}

err body_inner_object(struct http_request *rq, const struct json_in *o, const struct field *f,
                      const struct json_in **out)
{
    TRY(find(rq, o, f, out));
    return !*out || json_in_is(*out, JSON_IN_OBJECT) ? DONE : wrong_type(rq, f, "an object");
}

err body_truth(struct http_request *rq, const struct json_in *o, const struct field *f, bool *out)
{
    const struct json_in *v = NULL;
    TRY(find(rq, o, f, &v));
    if (!v) return DONE;
    if (!json_in_is(v, JSON_IN_TRUTH)) return wrong_type(rq, f, "true or false");
    *out = v->truth;
    return DONE;
}

err body_query_truth(struct http_request *rq, const struct field *f, bool *out)
{
    const struct target_argument *a = target_argument(&rq->target, f->name);
    if (!a) return DONE;
    const bool yes = bytes_eq_text(a->value, "true");
    if (!yes && !bytes_eq_text(a->value, "false")) return wrong_type(rq, f, "true or false");
    *out = yes;
    return DONE;
}

err body_number(struct http_request *rq, const struct json_in *o, const struct field *f, int64_t *out,
                bool *given)
{
    const struct json_in *v = NULL;
    TRY(find(rq, o, f, &v));
    if (given) *given = v != NULL;
    if (!v) return DONE;
    const int64_t n = json_in_is(v, JSON_IN_NUMBER) ? v->number : -1;
    if (n < 0 || (uint64_t)n < f->least || (uint64_t)n > f->most) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "field \"%s\" must be a whole number from %zu to %zu", f->name, f->least,
                         f->most);
    }
    *out = n;
    return DONE;
}

err body_any_case(struct http_request *rq, const struct json_in *o, const struct field *f,
                  const struct json_in **out)
{
    const struct json_in *found = NULL;
    const bytes name = bytes_of_text(f->name);
    for (size_t i = 0; i < o->n; i++) {
        const struct json_in *v = &o->items[i];
        if (!bytes_eq_nocase(v->key, name) || v->kind == JSON_IN_NULL) continue;
        if (found && !json_in_eq(found, v)) {
            return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                             "field \"%s\" comes in two spellings with different values", f->name);
        }
        found = v;
    }
    *out = found;
    return DONE;
}

/* Request bodies: jansson reads, we say what is wrong and where, never what was in it. */
#include "http/body.h"

#include "base/utf8.h"

static err refuse_json(struct http_request *rq, const json_error_t *why)
{
    struct json_error_t at = *why;
    if (json_error_code(&at) == json_error_duplicate_key) {
        return note_fail(&rq->call.note, FAIL(BAD_JSON),
                         "body names a key twice (line %d, column %d)", at.line, at.column);
    }
    return note_fail(&rq->call.note, FAIL(BAD_JSON), "body is not valid JSON (line %d, column %d)",
                     at.line, at.column);
}

static err parse(struct http_request *rq)
{
    json_error_t why;
    if (rq->json) return DONE;
    if (rq->body.n == 0) {
        return note_fail(&rq->call.note, FAIL(BAD_JSON), "body is empty; a JSON object is needed");
    }
    rq->json = json_loadb((const char *)rq->body.p, rq->body.n,
                          JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    return rq->json ? DONE : refuse_json(rq, &why);
}

err body_object(struct http_request *rq, const json_t **out)
{
    TRY(parse(rq));
    if (!json_is_object(rq->json)) {
        return note_fail(&rq->call.note, FAIL(BAD_JSON), "body must be a JSON object");
    }
    *out = rq->json;
    return DONE;
}

err body_object_or_nothing(struct http_request *rq, const json_t **out)
{
    if (rq->body.n) TRY(parse(rq));
    if (!rq->json || json_is_null(rq->json)) {
        json_decref(rq->json);
        rq->json = json_object();
        if (!rq->json) return FAIL(NO_MEMORY);
    }
    return body_object(rq, out);
}

/* NULL in *out when the field is absent or null, and may be. */
static err find(struct http_request *rq, const json_t *o, const char *key, enum body_need need,
                const json_t **out)
{
    const json_t *v = json_object_get(o, key);
    if (v && json_is_null(v)) v = NULL;
    if (!v && need == BODY_NEEDED) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "field \"%s\" is missing", key);
    }
    *out = v;
    return DONE;
}

static err wrong_type(struct http_request *rq, const char *key, const char *what)
{
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "field \"%s\" must be %s", key, what);
}

err body_text(struct http_request *rq, const json_t *o, const char *key, enum body_need need,
              size_t max, bytes *out)
{
    const json_t *v = NULL;
    TRY(find(rq, o, key, need, &v));
    *out = (bytes){0};
    if (!v) return DONE;
    if (!json_is_string(v)) return wrong_type(rq, key, "a string");
    const bytes text = body_view(v);
    if (!utf8_is_plain(text, max)) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "field \"%s\" must have at most %zu characters and no control characters",
                         key, max);
    }
    *out = text;
    return DONE;
}

err body_uuid(struct http_request *rq, const json_t *o, const char *key, enum body_need need,
              struct uuid *out, bool *given)
{
    const json_t *v = NULL;
    TRY(find(rq, o, key, need, &v));
    if (given) *given = v != NULL;
    if (!v) return DONE;
    if (!json_is_string(v) || !uuid_read(body_view(v), out)) return wrong_type(rq, key, "a UUID");
    return DONE;
}

err body_array(struct http_request *rq, const json_t *o, const char *key, enum body_need need,
               size_t max, const json_t **out)
{
    TRY(find(rq, o, key, need, out));
    if (!*out) return DONE;
    if (!json_is_array(*out)) return wrong_type(rq, key, "an array");
    if (json_array_size(*out) > max) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "field \"%s\" has %zu elements; %zu at most", key, json_array_size(*out),
                         max);
    }
    return DONE;
}

err body_inner_object(struct http_request *rq, const json_t *o, const char *key,
                      enum body_need need, const json_t **out)
{
    TRY(find(rq, o, key, need, out));
    return !*out || json_is_object(*out) ? DONE : wrong_type(rq, key, "an object");
}

err body_truth(struct http_request *rq, const json_t *o, const char *key, bool *out)
{
    const json_t *v = NULL;
    TRY(find(rq, o, key, BODY_OPTIONAL, &v));
    if (!v) return DONE;
    if (!json_is_boolean(v)) return wrong_type(rq, key, "true or false");
    *out = json_is_true(v);
    return DONE;
}

err body_any_case(struct http_request *rq, const json_t *o, const char *key, const json_t **out)
{
    const json_t *found = NULL;
    void *writable = json_object_iter((json_t *)(uintptr_t)o);
    for (void *i = writable; i; i = json_object_iter_next((json_t *)(uintptr_t)o, i)) {
        const json_t *v = json_object_iter_value(i);
        if (!bytes_eq_nocase(bytes_of_text(json_object_iter_key(i)), bytes_of_text(key))) continue;
        if (json_is_null(v)) continue;
        if (found && !json_equal(found, v)) {
            return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                             "field \"%s\" comes in two spellings with different values", key);
        }
        found = v;
    }
    *out = found;
    return DONE;
}

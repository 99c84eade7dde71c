/* Request bodies: jansson reads, we say what is wrong and where, never what was in it. */
#include "http/body.h"

#include "base/secret.h"
#include "base/utf8.h"

#include <malloc.h>
#include <stdlib.h>

static void wipe_and_free(void *p)
{
    if (p) secret_wipe(p, malloc_usable_size(p));
    free(p);
}

void body_wipe_what_is_freed(void)
{
    json_set_alloc_funcs(malloc, wipe_and_free);
}

static err refuse_json(struct http_request *rq, const json_error_t *why)
{
    struct json_error_t at = *why;
    if (json_error_code(&at) == json_error_duplicate_key) {
        return note_fail(&rq->call.note, FAIL(BAD_JSON),
                         "body names a key twice (line %d, column %d)", at.line, at.column);
    }
    if (json_error_code(&at) == json_error_numeric_overflow) {
        return note_fail(&rq->call.note, FAIL(BAD_JSON),
                         "body has a number beyond 64 bits (line %d, column %d)", at.line, at.column);
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

err body_value(struct http_request *rq, const json_t **out)
{
    if (rq->body.n) TRY(parse(rq));
    *out = rq->json && !json_is_null(rq->json) ? rq->json : NULL;
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
static err find(struct http_request *rq, const json_t *o, const struct field *f, const json_t **out)
{
    const json_t *v = json_object_get(o, f->name);
    if (v && json_is_null(v)) v = NULL;
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

err body_text(struct http_request *rq, const json_t *o, const struct field *f, bytes *out)
{
    const json_t *v = NULL;
    TRY(find(rq, o, f, &v));
    *out = (bytes){0};
    if (!v) return DONE;
    if (!json_is_string(v)) return wrong_type(rq, f, "a string");
    const bytes text = body_view(v);
    if (!utf8_is_plain(text, f->most)) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "field \"%s\" must have at most %zu characters and no control characters",
                         f->name, f->most);
    }
    if (text.n == 0 && f->least) return wrong_type(rq, f, "a string that is not empty");
    *out = text;
    return DONE;
}

err body_uuid(struct http_request *rq, const json_t *o, const struct field *f, struct uuid *out,
              bool *given)
{
    const json_t *v = NULL;
    TRY(find(rq, o, f, &v));
    if (given) *given = v != NULL;
    if (!v) return DONE;
    if (!json_is_string(v) || !uuid_read(body_view(v), out)) return wrong_type(rq, f, "a UUID");
    return DONE;
}

err body_array(struct http_request *rq, const json_t *o, const struct field *f, const json_t **out)
{
    TRY(find(rq, o, f, out));
    if (!*out) return DONE;
    if (!json_is_array(*out)) return wrong_type(rq, f, "an array");
    const size_t n = json_array_size(*out);
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

err body_uuids(struct http_request *rq, const json_t *o, const struct field *f, struct uuid *out,
               size_t *n)
{
    const json_t *list = NULL;
    TRY(body_array(rq, o, f, &list));
    *n = 0;
    for (size_t i = 0; list && i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        struct uuid id;
        if (!json_is_string(item)) return wrong_type(rq, f, "an array of ids");
        if (!uuid_read(body_view(item), &id)) {
            return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                             "field \"%s\": \"%.100s\" is not an id (names are not taken)", f->name,
                             json_string_value(item));
        }
        add_once(out, n, &id);
    }
    return DONE;
}

err body_inner_object(struct http_request *rq, const json_t *o, const struct field *f,
                      const json_t **out)
{
    TRY(find(rq, o, f, out));
    return !*out || json_is_object(*out) ? DONE : wrong_type(rq, f, "an object");
}

err body_truth(struct http_request *rq, const json_t *o, const struct field *f, bool *out)
{
    const json_t *v = NULL;
    TRY(find(rq, o, f, &v));
    if (!v) return DONE;
    if (!json_is_boolean(v)) return wrong_type(rq, f, "true or false");
    *out = json_is_true(v);
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

err body_number(struct http_request *rq, const json_t *o, const struct field *f, int64_t *out,
                bool *given)
{
    const json_t *v = NULL;
    TRY(find(rq, o, f, &v));
    if (given) *given = v != NULL;
    if (!v) return DONE;
    const int64_t n = json_is_integer(v) ? json_integer_value(v) : -1;
    if (n < 0 || (uint64_t)n < f->least || (uint64_t)n > f->most) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "field \"%s\" must be a whole number from %zu to %zu", f->name, f->least,
                         f->most);
    }
    *out = n;
    return DONE;
}

err body_any_case(struct http_request *rq, const json_t *o, const struct field *f,
                  const json_t **out)
{
    const json_t *found = NULL;
    const bytes name = bytes_of_text(f->name);
    void *writable = json_object_iter((json_t *)(uintptr_t)o);
    for (void *i = writable; i; i = json_object_iter_next((json_t *)(uintptr_t)o, i)) {
        const json_t *v = json_object_iter_value(i);
        if (!bytes_eq_nocase(bytes_of_text(json_object_iter_key(i)), name)) continue;
        if (json_is_null(v)) continue;
        if (found && !json_equal(found, v)) {
            return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                             "field \"%s\" comes in two spellings with different values", f->name);
        }
        found = v;
    }
    *out = found;
    return DONE;
}

/* The description: every row says enough, every example passes the limits of its own row, and what the
 * document and the page refer to is there. */
#include "unit.h"

#include "api/openapi.h"
#include "api/openapi_route.h"
#include "api/reference.h"
#include "api/route_facts.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "model/action.h"
#include "model/resource.h"
#include "model/token.h"
#include "model/uuid.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *of_shape(const struct field *f)
{
    return api_shapes[f->shape].name;
}

static bytes view(const json_t *v)
{
    return bytes_of(json_string_value(v), json_string_length(v));
}

/* --- rows --- */

static void every_route_says_what_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < api_routes()->n; i++) {
        const struct route_facts f = route_facts(i);
        if (!f.route->summary[0] || !f.shapes->group[0]) fail_msg("%s says nothing", f.route->pattern);
        if (f.shapes->status < 200 || f.shapes->status > 599) fail_msg("%s: status", f.route->pattern);
        for (size_t n = 0; n < f.params_n; n++) {
            if (f.params[n]) continue;
            fail_msg("%s: {%.*s} has no row in the shape PATH of shape.def", f.route->pattern,
                     BYTES_FMT(f.names[n]));
        }
    }
}

static void every_shape_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (unsigned i = 1; i < API_SHAPES; i++) {
        assert_non_null(api_shapes[i].name);
        if (!api_shapes[i].says[0]) fail_msg("%s says nothing", api_shapes[i].name);
        if (api_shapes[i].kind == SHAPE_LIST) assert_true(api_shapes[i].item > 0);
        for (unsigned k = 1; k < i; k++) assert_string_not_equal(api_shapes[i].name, api_shapes[k].name);
    }
}

/* Rows of one shape stand together, or half of them would be lost. */
static void fields_stand_with_their_shape(void **state)
{
    (void)state;
    for (size_t i = 0; i < API_FIELDS; i++) {
        const struct field *end;
        const struct field *from = route_facts_fields(api_fields[i].shape, &end);
        if (&api_fields[i] < from || &api_fields[i] >= end) {
            fail_msg("%s.%s stands apart", of_shape(&api_fields[i]), api_fields[i].name);
        }
    }
}

/* --- examples --- */

static bool is_choice(unsigned shape, bytes text)
{
    enum action a;
    if (api_shapes[shape].kind == SHAPE_ACTION) return action_find(text, &a);
    for (size_t i = 0; i < API_CHOICES; i++) {
        if (api_choices[i].shape == shape && bytes_eq_text(text, api_choices[i].value)) return true;
    }
    return false;
}

static bool has_length(const struct field *f, const json_t *v)
{
    const size_t n = json_is_array(v) ? json_array_size(v) : utf8_length(view(v));
    return n >= f->least && (f->most == 0 || n <= f->most);
}

static bool is_text(const json_t *v, bool lines)
{
    return json_is_string(v) && (lines ? utf8_is_valid(view(v)) : utf8_is_plain(view(v), SIZE_MAX));
}

static bool is_uuid(const json_t *v)
{
    struct uuid id;
    return json_is_string(v) && uuid_read(view(v), &id);
}

static bool is_resource(const json_t *v)
{
    struct resource r;
    return json_is_string(v) && err_is_ok(resource_read(view(v), &r));
}

static bool is_element(const struct field *f, const json_t *v)
{
    int64_t ns;
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_WORD:
    case FIELD_TEXTS:
    case FIELD_ADDRESS:
    case FIELD_ADDRESSES:
        return is_text(v, false);
    case FIELD_LINES:
    case FIELD_MESSAGES:
        return is_text(v, true);
    case FIELD_UUID:
    case FIELD_UUIDS:
    case FIELD_UUID_OR_EMPTY:
        return is_uuid(v);
    case FIELD_TIME:
    case FIELD_TIME_OR_EMPTY:
        return json_is_string(v) && err_is_ok(clock_read_utc(view(v), &ns));
    case FIELD_CLIENT_ID:
        return json_is_string(v) && token_is_client_id(view(v));
    case FIELD_RESOURCE:
    case FIELD_RESOURCES:
        return is_resource(v);
    case FIELD_CHOICE:
    case FIELD_CHOICES:
        return json_is_string(v) && is_choice(f->item, view(v));
    case FIELD_TRUTH:
        return json_is_boolean(v);
    case FIELD_NUMBER:
        return json_is_integer(v) && json_integer_value(v) >= (json_int_t)f->least &&
               (f->most == 0 || json_integer_value(v) <= (json_int_t)f->most);
    case FIELD_OBJECT:
    case FIELD_OBJECTS:
    case FIELD_MAP:
        return json_is_object(v);
    case FIELD_ANY_TEXT:
        return json_is_string(v);
    case FIELD_ANY:
    case FIELD_TYPES:
        return true;
    }
    return false;
}

static bool is_within(const struct field *f, const json_t *v)
{
    if (!json_is_array(v)) return is_element(f, v) && (!json_is_string(v) || has_length(f, v));
    for (size_t i = 0; i < json_array_size(v); i++) {
        if (!is_element(f, json_array_get(v, i))) return false;
    }
    return has_length(f, v);
}

static void every_example_passes_the_limits_of_its_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < API_FIELDS; i++) {
        const struct field *f = &api_fields[i];
        if (!f->says[0]) fail_msg("%s.%s says nothing", of_shape(f), f->name);
        if (!f->example) {
            if (!f->item) fail_msg("%s.%s has no example", of_shape(f), f->name);
            continue;
        }
        json_t *v = json_loads(f->example, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
        if (!v || !is_within(f, v)) fail_msg("%s.%s: %s", of_shape(f), f->name, f->example);
        json_decref(v);
    }
}

static void a_wrong_example_would_be_found(void **state)
{
    (void)state;
    const struct field *f = &api_fields[API_FIELD_TOKEN_NEW_ROLES];
    json_t *v = json_loads("[\"RO User\"]", 0, NULL);
    assert_false(is_within(f, v));
    json_decref(v);
    v = json_array();
    assert_false(is_within(f, v));
    json_decref(v);
}

/* --- the document --- */

static const json_t *dig(const json_t *root, const char *pointer)
{
    char part[128];
    assert_int_equal(*pointer, '#');
    for (pointer++; *pointer;) {
        const size_t n = strcspn(pointer + 1, "/");
        (void)snprintf(part, sizeof part, "%.*s", (int)n, pointer + 1);
        root = json_object_get(root, part);
        pointer += n + 1;
    }
    return root;
}

static void check_refs(const json_t *root, const json_t *v)
{
    const char *key;
    json_t *inner;
    const char *ref = json_string_value(json_object_get(v, "$ref"));
    if (ref && !dig(root, ref)) fail_msg("%s leads nowhere", ref);
    void *object = json_is_object(v) ? json_object_iter((json_t *)(uintptr_t)v) : NULL;
    for (; object; object = json_object_iter_next((json_t *)(uintptr_t)v, object)) {
        key = json_object_iter_key(object);
        inner = json_object_iter_value(object);
        if (strcmp(key, "example") != 0 && strcmp(key, "examples") != 0) check_refs(root, inner);
    }
    for (size_t i = 0; json_is_array(v) && i < json_array_size(v); i++) {
        check_refs(root, json_array_get(v, i));
    }
}

static json_t *document(void)
{
    struct wr w = wr_growing(8 << 20);
    struct json_out j = json_out_to(&w);
    json_error_t why;
    openapi_write(&j);
    assert_false(w.bad);
    json_t *v = json_loadb((const char *)w.p, w.n, JSON_REJECT_DUPLICATES, &why);
    if (!v) fail_msg("%s at %d", why.text, why.position);
    wr_drop(&w);
    return v;
}

static void the_document_is_whole(void **state)
{
    (void)state;
    json_t *v = document();
    check_refs(v, v);
    for (size_t i = 0; i < api_routes()->n; i++) {
        char id[128];
        char other[128];
        openapi_route_id(i, id, sizeof id);
        for (size_t k = 0; k < i; k++) {
            openapi_route_id(k, other, sizeof other);
            assert_string_not_equal(id, other);
        }
        assert_non_null(json_object_get(json_object_get(v, "paths"), api_routes()->rows[i].pattern));
    }
    json_decref(v);
}

static const json_t *answers_of(const json_t *v, const char *path, const char *method)
{
    return json_object_get(json_object_get(json_object_get(json_object_get(v, "paths"), path), method),
                           "responses");
}

static void refusals_are_those_that_clients_were_measured_with(void **state)
{
    (void)state;
    json_t *v = document();
    const json_t *list = answers_of(v, "/v2/organizations/roles", "get");
    const json_t *one = answers_of(v, "/v2/organizations/roles/{roleId}", "get");
    assert_string_equal(json_string_value(json_object_get(json_object_get(list, "403"), "$ref")),
                        "#/components/responses/Problem403");
    assert_string_equal(json_string_value(json_object_get(json_object_get(one, "403"), "$ref")),
                        "#/components/responses/Text403");
    assert_string_equal(json_string_value(json_object_get(json_object_get(one, "401"), "$ref")),
                        "#/components/responses/Problem401");
    assert_null(json_object_get(answers_of(v, "/livez", "get"), "401"));
    json_decref(v);
}

static void what_is_made_links_to_what_can_be_done_with_it(void **state)
{
    (void)state;
    json_t *v = document();
    const json_t *links = json_object_get(json_object_get(answers_of(v, "/v2/databases", "post"), "201"), "links");
    const json_t *get = json_object_get(links, "get_v2_databases_id");
    assert_string_equal(json_string_value(json_object_get(json_object_get(get, "parameters"), "id")),
                        "$response.header.Location");
    links = json_object_get(json_object_get(answers_of(v, "/v2/tokens", "post"), "200"), "links");
    get = json_object_get(links, "delete_v2_tokens_clientId");
    assert_string_equal(json_string_value(json_object_get(json_object_get(get, "parameters"), "clientId")),
                        "$response.body#/clientId");
    json_decref(v);
}

/* A form has nothing but texts. Of a field without a type openapi-generator makes Rust and TypeScript that
 * do not compile, and orval as little. */
static void every_field_of_a_form_is_a_text(void **state)
{
    (void)state;
    json_t *v = document();
    size_t forms = 0;
    for (size_t i = 0; i < API_FIELDS; i++) {
        const struct field *f = &api_fields[i];
        if (api_shapes[f->shape].kind != SHAPE_FORM) continue;
        char pointer[128];
        (void)snprintf(pointer, sizeof pointer, "#/components/schemas/%s/properties/%s/type", of_shape(f), f->name);
        const char *type = json_string_value(dig(v, pointer));
        if (!type || strcmp(type, "string") != 0) fail_msg("%s is no text", pointer);
        forms++;
    }
    assert_true(forms > 0);
    json_decref(v);
}

static void check_choices(const json_t *v)
{
    const char *key;
    json_t *inner;
    json_object_foreach((json_t *)(uintptr_t)v, key, inner)
    {
        if (strcmp(key, "anyOf") == 0 && json_array_size(inner) < 2) fail_msg("a choice of one");
        check_choices(inner);
    }
    for (size_t i = 0; i < json_array_size(v); i++) check_choices(json_array_get(v, i));
}

/* Of either ogen makes a second type of a name that is taken, and stops. */
static void what_generators_make_types_of_has_names_of_its_own(void **state)
{
    (void)state;
    json_t *v = document();
    check_choices(v);
    const json_t *schemes = dig(v, "#/components/securitySchemes");
    assert_true(json_object_size(schemes) > 0);
    for (unsigned i = 1; i < API_SHAPES; i++) {
        const char *name;
        json_t *scheme;
        json_object_foreach((json_t *)(uintptr_t)schemes, name, scheme)
        {
            if (strcasecmp(name, api_shapes[i].name) == 0) fail_msg("%s is a schema too", name);
        }
    }
    json_decref(v);
}

/* --- the page --- */

static void the_page_refers_to_what_is_on_it_and_to_nothing_else(void **state)
{
    (void)state;
    struct wr w = wr_growing(8 << 20);
    char policy[REFERENCE_POLICY_SIZE];
    char anchor[160];
    reference_write(&w);
    wr_u8(&w, 0);
    assert_false(w.bad);
    const char *text = (const char *)w.p;
    for (const char *at = text; (at = strstr(at, " href=\"")); at++) {
        const char *to = at + 7;
        const int n = (int)strcspn(to, "\"");
        if (*to != '#') {
            assert_true(*to == '/' && to[1] != '/');
            continue;
        }
        (void)snprintf(anchor, sizeof anchor, " id=\"%.*s\"", n - 1, to + 1);
        if (!strstr(text, anchor)) fail_msg("%.*s is not on the page", n, to);
    }
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "src="));
    assert_null(strstr(text, "url("));
    reference_policy(policy);
    assert_non_null(strstr(policy, "default-src 'none'; style-src 'sha256-"));
    wr_drop(&w);
}

UNIT_MAIN(cmocka_unit_test(every_route_says_what_it_is), cmocka_unit_test(every_shape_has_a_name_of_its_own),
          cmocka_unit_test(fields_stand_with_their_shape),
          cmocka_unit_test(every_example_passes_the_limits_of_its_row),
          cmocka_unit_test(a_wrong_example_would_be_found), cmocka_unit_test(the_document_is_whole),
          cmocka_unit_test(refusals_are_those_that_clients_were_measured_with),
          cmocka_unit_test(what_is_made_links_to_what_can_be_done_with_it),
          cmocka_unit_test(every_field_of_a_form_is_a_text),
          cmocka_unit_test(what_generators_make_types_of_has_names_of_its_own),
          cmocka_unit_test(the_page_refers_to_what_is_on_it_and_to_nothing_else))

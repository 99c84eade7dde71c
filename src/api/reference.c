/* The API as one HTML page: contents, routes by group, shapes. All words are rows of ours, and are
 * escaped all the same. */
#include "api/reference.h"

#include "api/openapi_route.h"
#include "api/openapi_shape.h"
#include "api/route_facts.h"
#include "model/action.h"

#include <ctype.h>
#include <jansson.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>

static const uint8_t style[] = {
#include "api/reference_css.def"
};

enum { EXAMPLE_MAX = 1 << 16 };

void reference_policy(char out[REFERENCE_POLICY_SIZE])
{
    struct sha256_ctx hash;
    uint8_t digest[SHA256_DIGEST_SIZE];
    char text[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1];
    sha256_init(&hash);
    sha256_update(&hash, sizeof style, style);
    sha256_digest(&hash, sizeof digest, digest);
    base64_encode_raw(text, sizeof digest, digest);
    text[sizeof text - 1] = 0;
    (void)snprintf(out, REFERENCE_POLICY_SIZE,
                   "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; "
                   "frame-ancestors 'none'",
                   text);
}

/* --- text --- */

static void put(struct wr *w, bytes text)
{
    for (size_t i = 0; i < text.n; i++) {
        switch (text.p[i]) {
        case '&':
            wr_text(w, "&amp;");
            break;
        case '<':
            wr_text(w, "&lt;");
            break;
        case '>':
            wr_text(w, "&gt;");
            break;
        case '"':
            wr_text(w, "&quot;");
            break;
        default:
            wr_u8(w, text.p[i]);
            break;
        }
    }
}

static void put_text(struct wr *w, const char *text)
{
    put(w, bytes_of_text(text));
}

static void put_in(struct wr *w, const char *element, const char *text)
{
    wr_format(w, "<%s>", element);
    put_text(w, text);
    wr_format(w, "</%s>", element);
}

/* JSON with indents, for people. */
static void put_example(struct wr *w, unsigned shape)
{
    struct wr raw = wr_growing(EXAMPLE_MAX);
    struct json_out j = json_out_to(&raw);
    openapi_shape_example(&j, shape);
    json_t *value = json_loadb((const char *)raw.p, raw.n, JSON_DECODE_ANY, NULL);
    char *text = value ? json_dumps(value, JSON_INDENT(2) | JSON_ENCODE_ANY) : NULL;
    wr_text(w, "<pre><code>");
    put_text(w, text ? text : "");
    wr_text(w, "</code></pre>\n");
    free(text);
    json_decref(value);
    wr_drop(&raw);
}

static void put_shape_link(struct wr *w, unsigned shape)
{
    const char *name = api_shapes[shape].name;
    wr_format(w, "<a href=\"#shape-%s\">%s</a>", name, name);
}

/* --- fields --- */

static const char *type_says(enum field_type type)
{
    static const char *const says[FIELD_TYPES] = {
#define TYPE(id, array, json, format, pattern, says) [FIELD_##id] = says,
#include "http/field_type.def"
#undef TYPE
    };
    return says[type];
}

static const char *need_says(enum field_need need)
{
    switch (need) {
    case FIELD_NEEDED:
        return "";
    case FIELD_OPTIONAL:
        return ", may be absent";
    case FIELD_NULLABLE:
        return ", may be null";
    case FIELD_SOMETIMES:
        return ", needed in some cases";
    }
    return "";
}

static void put_limits(struct wr *w, const struct field *f)
{
    if (f->least && f->least == f->most) {
        wr_format(w, ", exactly %zu", f->least);
        return;
    }
    if (f->least) wr_format(w, ", from %zu", f->least);
    if (f->most) wr_format(w, ", up to %zu", f->most);
}

static void put_field(struct wr *w, bytes name, const struct field *f)
{
    wr_text(w, "<dt><code>");
    put(w, name);
    wr_text(w, "</code>");
    if (f) {
        wr_text(w, " <span class=\"quiet\">");
        put_text(w, type_says(f->type));
        if (f->item) {
            wr_u8(w, ' ');
            put_shape_link(w, f->item);
        }
        put_limits(w, f);
        put_text(w, need_says(f->need));
        wr_text(w, "</span>");
    }
    wr_text(w, "</dt>\n<dd>");
    put_text(w, f ? f->says : "");
    if (f && f->example) {
        wr_text(w, " <span class=\"quiet\">such as <code>");
        put_text(w, f->example);
        wr_text(w, "</code></span>");
    }
    wr_text(w, "</dd>\n");
}

static void put_fields(struct wr *w, unsigned shape)
{
    const struct field *end;
    for (const struct field *f = route_facts_fields(shape, &end); f < end; f++)
        put_field(w, bytes_of_text(f->name), f);
}

/* --- routes --- */

static void put_parameters(struct wr *w, const struct route_facts *f)
{
    if (!f->params_n && !f->shapes->query) return;
    wr_text(w, "<p>In the path and the query:</p>\n<dl>\n");
    for (size_t i = 0; i < f->params_n; i++)
        put_field(w, f->names[i], f->params[i]);
    if (f->shapes->query) put_fields(w, f->shapes->query);
    wr_text(w, "</dl>\n");
}

static void put_answer(struct wr *w, const struct route_facts *f)
{
    const unsigned shape = f->shapes->answer;
    if (f->shapes->status >= 400) {
        wr_format(w, "<p>Always answers %u.</p>\n", f->shapes->status);
        return;
    }
    wr_format(w, "<p>Answers %u", f->shapes->status);
    if (shape) {
        wr_text(w, ": ");
        put_shape_link(w, shape);
        wr_format(w, " as <code>%s</code>", route_facts_media(shape));
    }
    wr_text(w, ".</p>\n");
    if (shape && strcmp(route_facts_media(shape), "application/json") == 0) put_example(w, shape);
}

static void put_refusals(struct wr *w, const struct route_facts *f)
{
    bool text = false;
    wr_text(w, "<p class=\"quiet\">May be refused with");
    for (size_t i = 0; i < PROBLEM_CASES; i++) {
        if (!f->problem[i]) continue;
        wr_format(w, " <a href=\"#status-%u\">%u</a>", problem_cases[i].status,
                  problem_cases[i].status);
        text = text || f->problem_text[i];
    }
    wr_text(w, text ? ", as <code>text/plain</code> but for 401 and a list's 403.</p>\n" : ".</p>\n");
}

static void put_route(struct wr *w, size_t i)
{
    const struct route_facts f = route_facts(i);
    char id[128];
    openapi_route_id(i, id, sizeof id);
    wr_format(w, "<h3 id=\"%s\"><span class=\"method\">%s</span> <code>", id,
              route_facts_method(f.route));
    put_text(w, f.route->pattern);
    wr_text(w, "</code></h3>\n");
    put_in(w, "p", f.route->summary);
    wr_text(w, "\n<p class=\"quiet\">Who may ask: ");
    put_text(w, route_facts_who(f.route->who));
    if (f.route->actions[0]) {
        wr_text(w, ". Permission: ");
        put_text(w, f.route->actions);
    }
    wr_text(w, ".</p>\n");
    put_parameters(w, &f);
    if (f.shapes->body) {
        wr_text(w, "<p>The body is a ");
        put_shape_link(w, f.shapes->body);
        wr_text(w, ":</p>\n");
        put_example(w, f.shapes->body);
    }
    put_answer(w, &f);
    put_refusals(w, &f);
}

/* --- shapes --- */

static void put_values(struct wr *w, unsigned shape)
{
    wr_text(w, "<p>");
    for (size_t i = 0; i < API_CHOICES; i++) {
        if (api_choices[i].shape != shape) continue;
        put_in(w, "code", api_choices[i].value);
        wr_u8(w, ' ');
    }
    for (unsigned a = 0; api_shapes[shape].kind == SHAPE_ACTION && a < ACTIONS; a++) {
        put_in(w, "code", action_name((enum action)a));
        wr_u8(w, ' ');
    }
    wr_text(w, "</p>\n");
}

static void put_shape(struct wr *w, unsigned shape)
{
    const struct shape *s = &api_shapes[shape];
    wr_format(w, "<h3 id=\"shape-%s\">%s</h3>\n", s->name, s->name);
    put_in(w, "p", s->says);
    wr_u8(w, '\n');
    switch (s->kind) {
    case SHAPE_FORM:
    case SHAPE_OBJECT:
        wr_text(w, "<dl>\n");
        put_fields(w, shape);
        wr_text(w, "</dl>\n");
        return;
    case SHAPE_LIST:
        wr_text(w, "<p>An array of ");
        put_shape_link(w, s->item);
        wr_text(w, ".</p>\n");
        return;
    case SHAPE_CHOICE:
    case SHAPE_ACTION:
        put_values(w, shape);
        return;
    case SHAPE_TEXTS:
    case SHAPE_PLAIN:
    case SHAPE_PAGE:
    case SHAPE_JSON:
        return;
    }
}

static void put_shapes(struct wr *w)
{
    wr_text(w, "<h2 id=\"shapes\">Shapes</h2>\n");
    for (unsigned i = API_SHAPE_NONE + 1; i < API_SHAPES; i++) {
        if (i != API_SHAPE_PATH) put_shape(w, i);
    }
}

static void put_statuses(struct wr *w)
{
    wr_text(w, "<h2 id=\"refusals\">Refusals</h2>\n<p>A refusal is a <a href=\"#shape-Problems\">Problems</a>, "
               "its status one of these:</p>\n<dl>\n");
    for (size_t i = 0; i < PROBLEM_CASES; i++) {
        wr_format(w, "<dt id=\"status-%u\">%u</dt>\n", problem_cases[i].status,
                  problem_cases[i].status);
        put_in(w, "dd", problem_cases[i].says);
        wr_u8(w, '\n');
    }
    wr_text(w, "</dl>\n");
}

/* --- the page --- */

static bool is_first_of_group(size_t i)
{
    const struct api_route_shapes *s = api_route_shapes();
    for (size_t n = 0; n < i; n++) {
        if (strcmp(s[n].group, s[i].group) == 0) return false;
    }
    return true;
}

/* Calls `show` for every route, group by group; `title` at the head of each group. */
static void each_group(struct wr *w, void (*title)(struct wr *w, const char *group),
                       void (*show)(struct wr *w, size_t i))
{
    const struct api_route_shapes *s = api_route_shapes();
    const size_t n = api_routes()->n;
    for (size_t i = 0; i < n; i++) {
        if (!is_first_of_group(i)) continue;
        title(w, s[i].group);
        for (size_t k = i; k < n; k++) {
            if (strcmp(s[k].group, s[i].group) == 0) show(w, k);
        }
    }
}

static void put_title(struct wr *w, const char *group)
{
    wr_format(w, "<h2 id=\"group-%s\">%c%s</h2>\n", group, toupper((unsigned char)group[0]), group + 1);
}

static void put_no_title(struct wr *w, const char *group)
{
    (void)w;
    (void)group;
}

static void put_contents_line(struct wr *w, size_t i)
{
    char id[128];
    openapi_route_id(i, id, sizeof id);
    wr_format(w, "<li><a href=\"#%s\"><span class=\"method\">%s</span> ", id,
              route_facts_method(&api_routes()->rows[i]));
    put_text(w, api_routes()->rows[i].pattern);
    wr_text(w, "</a></li>\n");
}

static void put_head(struct wr *w)
{
    wr_text(w, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<title>Latchkey API</title>\n<style>");
    wr_bytes(w, bytes_of(style, sizeof style));
    wr_text(w, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">To the content</a>\n"
               "<header>\n<h1>Latchkey API</h1>\n<p>Version " LATCHKEY_VERSION
               ". The same as a document: <a href=\"/v2/openapi.json\">/v2/openapi.json</a>. "
               "Every call carries <code>Authorization: Bearer</code> and a token; over the UNIX "
               "socket in the data folder the caller is the local operator. Unknown fields and query "
               "arguments are ignored.</p>\n</header>\n");
}

void reference_write(struct wr *w)
{
    put_head(w);
    wr_text(w, "<nav aria-label=\"Contents\">\n<ul>\n");
    each_group(w, put_no_title, put_contents_line);
    wr_text(w, "<li><a href=\"#refusals\">Refusals</a></li>\n<li><a href=\"#shapes\">Shapes</a></li>\n"
               "</ul>\n</nav>\n<main id=\"content\">\n");
    each_group(w, put_title, put_route);
    put_statuses(w);
    put_shapes(w);
    wr_text(w, "</main>\n</body>\n</html>\n");
}

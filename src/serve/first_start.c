/* The first start: a door with one thing behind it. */
#include "serve/first_start.h"

#include "api/set_up_state.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "gate/gate.h"
#include "http/body.h"
#include "http/http_work.h"
#include "http/json_out.h"
#include "index/index.h"
#include "people/email.h"
#include "people/password.h"
#include "people/people.h"
#include "portal/portal.h"
#include "serve/founding.h"
#include "serve/process.h"
#include "serve/setup_link.h"
#include "serve/signals.h"
#include "serve/web.h"

#include <dirent.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <urcu/urcu-memb.h>

struct first {
    const struct serve_options *o;
    struct loop *loop;
    struct signals signals;
    struct index *index;
    struct gate *gate;
    struct people people;
    struct http_routes routes; /* its own and the Portal's */
    struct web *web;
    struct link link;
    int64_t ends_ms;
    char link_path[FOLDER_PATH_MAX];
    char socket_path[FOLDER_PATH_MAX];
    char address[ADDRESS_TEXT_SIZE];
    atomic_bool busy;  /* somebody is founding */
    bool founded;
    struct loop_note over;
};

/* --- what it serves --- */

static err show(struct http_request *rq)
{
    const struct first *f = rq->owner;
    wr_format(http_text(rq, 200, "text/plain; charset=UTF-8"),
              "Latchkey is not set up yet.\n\nOpen the link in %s on this machine (it holds for an hour; "
              "a new start makes a new one),\nor stop this and run: latchkey init\n",
              f->link_path);
    return DONE;
}

static err state(struct http_request *rq)
{
    const struct first *f = rq->owner;
    set_up_state_write(rq, "first-start", f->link_path);
    return DONE;
}

static err live(struct http_request *rq)
{
    wr_text(http_text(rq, 200, "text/plain; charset=UTF-8"), "ok\n");
    return DONE;
}

static err not_ready(struct http_request *rq)
{
    wr_text(http_text(rq, 503, "text/plain; charset=UTF-8"), "not set up\n");
    return DONE;
}

/* One person with a browser is who comes; a browser opens half a dozen. */
enum { NAME_MAX_POINTS = 128, CONNECTIONS_MAX = 64 };

/* What is asked for; texts are in the call's arena. */
struct asked {
    bytes secret;
    bytes password;
    const char *organization;
    const char *administrator;
    const char *enterprise; /* or NULL */
    struct founding_result made;
};

#define TEXT(id, needed, longest) \
    (&(const struct field){.name = id, .need = FIELD_##needed, .least = 1, .most = longest})

static err read_text(struct http_request *rq, const struct json_in *body, const struct field *f,
                     const char **out)
{
    bytes text = {0};
    TRY(body_text(rq, body, f, &text));
    *out = text.n ? arena_text(&rq->call.arena, text) : NULL;
    return rq->call.arena.bad ? FAIL(NO_MEMORY) : DONE;
}

static err read_asked(struct http_request *rq, struct asked *a)
{
    const struct json_in *body = NULL;
    TRY(body_object(rq, &body));
    TRY(body_text(rq, body, TEXT("secret", NEEDED, LINK_SECRET), &a->secret));
    TRY(read_text(rq, body, TEXT("organization", NEEDED, NAME_MAX_POINTS), &a->organization));
    TRY(read_text(rq, body, TEXT("administrator", NEEDED, EMAIL_MAX), &a->administrator));
    TRY(body_text(rq, body, TEXT("password", NEEDED, PASSWORD_MOST), &a->password));
    if (json_in_get(body, "enterprise"))
        TRY(read_text(rq, body, TEXT("enterprise", OPTIONAL, NAME_MAX_POINTS), &a->enterprise));
    if (email_is_plausible(bytes_of_text(a->administrator))) return DONE;
    return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                     "field \"administrator\" is no e-mail address");
}

/* On a thread for password hashing. */
static err found(struct http_request *rq)
{
    struct first *f = rq->owner;
    struct asked *a = rq->work;
    char hash[PASSWORD_ENCODED];
    struct founding_wish wish = {.data = f->o->data,
                                 .organization = a->organization,
                                 .administrator = a->administrator,
                                 .enterprise = a->enterprise,
                                 .password_hash = hash};
    err e = password_hash(a->password, hash);
    if (err_is_ok(e)) e = founding_do(&wish, &a->made, &rq->call.note);
    if (!err_is_ok(e)) atomic_store(&f->busy, false);
    return e;
}

static err answer(struct http_request *rq)
{
    struct first *f = rq->owner;
    const struct asked *a = rq->work;
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_pair_uuid(&j, "organizationId", &a->made.organization);
    json_out_key(&j, "enterpriseId");
    if (a->enterprise)
        json_out_uuid(&j, &a->made.enterprise);
    else
        json_out_null(&j);
    json_out_pair(&j, "email", bytes_of_text(a->administrator));
    json_out_end(&j);
    rq->answer.close = true;
    setup_link_remove(f->o->data, a->secret);
    loop_post(f->loop, &f->over);
    return DONE;
}

static err check_link(struct http_request *rq, bytes secret)
{
    const struct first *f = rq->owner;
    if (link_is(secret, &f->link.hash, f->ends_ms, rq->call.now_ms)) return DONE;
    return http_count_failure(rq, FAIL(LINK_SPENT));
}

static err check(struct http_request *rq)
{
    const struct first *f = rq->owner;
    const struct json_in *body = NULL;
    bytes secret = {0};
    TRY(body_object(rq, &body));
    TRY(body_text(rq, body, TEXT("secret", NEEDED, LINK_SECRET), &secret));
    TRY(check_link(rq, secret));
    set_up_state_good(rq, f->ends_ms);
    return DONE;
}

static err set_up(struct http_request *rq)
{
    struct first *f = rq->owner;
    struct asked *a = arena_take(&rq->call.arena, sizeof *a);
    bool idle = false;
    if (!a) return FAIL(NO_MEMORY);
    TRY(read_asked(rq, a));
    TRY(check_link(rq, a->secret));
    TRY(password_check(a->password, bytes_of_text(a->administrator), false, &rq->call.note));
    if (!atomic_compare_exchange_strong(&f->busy, &idle, true))
        return note_fail(&rq->call.note, FAIL(CONFLICT), "somebody is setting this up right now");
    rq->work = a;
    const err e = http_work_then(rq, f->people.hashes, found, answer);
    if (!err_is_ok(e)) atomic_store(&f->busy, false);
    return e;
}

static const struct http_route rows[] = {
    {HTTP_GET, "/livez", HTTP_ANYBODY, "", live, "the process answers"},
    {HTTP_GET, "/readyz", HTTP_ANYBODY, "", not_ready, "not set up"},
    {HTTP_GET, "/v2/set-up", HTTP_ANYBODY, "", state, "that there is no organization yet"},
    {HTTP_POST, "/v2/set-up", HTTP_ANYBODY, "", set_up, "found the organization"},
    {HTTP_POST, "/v2/set-up/check", HTTP_ANYBODY, "", check, "whether the link is good"},
    /* The last: where there is a Portal, "/" is its page. */
    {HTTP_GET, "/", HTTP_ANYBODY, "", show, "how to set it up"},
};
enum { ROWS = sizeof rows / sizeof *rows };
static const struct http_routes with_words = {rows, ROWS};
static const struct http_routes without_words = {rows, ROWS - 1};

/* --- up and down --- */

bool first_start_is(const char *data)
{
    const char *const ours[] = {".", "..", folder_names[FOLDER_SETUP_LINK], folder_names[FOLDER_LOCK],
                               folder_names[FOLDER_SOCKET]};
    DIR *d = opendir(data);
    bool empty = d != NULL;
    for (const struct dirent *e = d ? readdir(d) : NULL; e && empty; e = readdir(d)) {
        empty = false;
        for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
            empty |= strcmp(e->d_name, ours[i]) == 0;
    }
    if (d) (void)closedir(d);
    return empty;
}

static err check_loopback(const struct config *c, struct note *note)
{
    struct address a;
    const char *text = config_text(c, SETTING_HTTP_LISTEN);
    if (!err_is_ok(address_read(bytes_of_text(text), 0, &a)) || address_is_loopback(&a)) return DONE;
    return note_fail(note, FAIL(BAD_INPUT),
                     "the data folder is empty, and a first start is served on this machine alone: run "
                     "`latchkey init`, or start once with --http 127.0.0.1:8090");
}

static void over(struct loop *l, struct loop_note *n)
{
    LOOP_OF(n, struct first, over)->founded = true;
    loop_stop(l);
}

static void reload(void *owner)
{
    (void)owner;
}

static err open_gate(struct first *f)
{
    const struct gate_options o = {
        .index = f->index, .prefixes = {BYTES(TOKEN_PREFIX)}, .prefixes_n = 1};
    return gate_new(&o, &f->gate);
}

static err start(struct first *f, struct note *note)
{
    struct stat st;
    char path[FOLDER_PATH_MAX]; /* what handlers read is written before the doors are open */
    TRY(check_loopback(f->o->config, note));
    TRY(folder_create(f->o->data, note));
    if (stat(f->o->data, &st) != 0) return FAIL(IO);
    TRY(folder_path(f->o->data, FOLDER_SOCKET, f->socket_path, note));
    TRY(folder_path(f->o->data, FOLDER_SETUP_LINK, f->link_path, note));
    TRY(loop_new(NULL, &f->loop));
    f->over.run = over;
    f->signals.owner = f;
    f->signals.reload = reload;
    TRY(signals_watch(f->loop, &f->signals));
    TRY(index_new(&f->index));
    TRY(open_gate(f));
    TRY(people_open(&f->people));
    const struct http_routes *own = portal_files.n ? &without_words : &with_words;
    if (portal_files.n) TRY(portal_routes(&portal_files, own, &f->routes));
    link_new(&f->link);
    f->ends_ms = loop_now_utc_ms(f->loop) + LINK_SETUP_MS;
    const struct web_options web = {.config = f->o->config,
                                    .routes = portal_files.n ? &f->routes : own,
                                    .socket_routes = own,
                                    .elsewhere = portal_files.n ? portal_elsewhere : NULL,
                                    .api = f,
                                    .gate = f->gate,
                                    .socket_path = f->socket_path,
                                    .socket_uid = st.st_uid,
                                    .connections_max = CONNECTIONS_MAX,
                                    .address = f->address};
    TRY(web_open(&web, &f->web, note));
    return setup_link_write(f->o->data, web_site(f->web)->base, &f->link, path, note);
}

static void stop(struct first *f)
{
    web_close(f->web);
    portal_routes_drop(&f->routes);
    people_close(&f->people);
    if (f->gate) gate_free(f->gate);
    if (f->index) index_free(f->index);
    if (f->loop) {
        signals_unwatch(f->loop, &f->signals);
        loop_free(f->loop);
    }
    if (!f->founded) setup_link_remove(f->o->data, bytes_of(f->link.secret, LINK_SECRET));
    secret_wipe(&f->link, sizeof f->link);
}

err first_start_run(const struct serve_options *o, bool *stopped, struct note *note)
{
    static struct first f;
    f = (struct first){.o = o};
    const err e = start(&f, note);
    if (err_is_ok(e)) {
        log_line(LOG_INFO, "first_start", "http=%s link_file=%s", f.address, f.link_path);
        process_notify("READY=1");
        loop_run(f.loop);
    }
    *stopped = !f.founded;
    stop(&f);
    return e;
}

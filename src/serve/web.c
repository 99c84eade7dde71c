#include "serve/web.h"

#include "base/check.h"
#include "base/clock.h"
#include "http/http_tls.h"
#include "http/rate_limit.h"
#include "http/share.h"
#include "net/listen.h"
#include "serve/web_options.h"
#include "serve/web_site.h"

#include <semaphore.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* A loop with its door. The UNIX socket has one for itself: whatever comes in over TCP, the operator
 * is heard. */
struct side {
    struct worker worker;
    struct web *web;
    int listening;                 /* -1 once the door has it */
    bool socket;                   /* the UNIX socket */
    struct http_door *door;
    struct loop_note drain;
    err result;
};

struct web {
    struct web_options o;
    struct http_door_options options;
    struct address address;
    struct web_site site;
    size_t n;                      /* sides; the last is the socket's */
    sem_t ready;                   /* a side has opened its door, or failed to */
    sem_t drained;
    struct side sides[WEB_LOOPS_MAX + 1];
};

/* Over the socket there is neither TLS nor proxy nor browser. */
static struct http_door_options options_of_socket(const struct web *w)
{
    struct http_door_options o = w->options;
    if (w->o.socket_routes) o.routes = w->o.socket_routes;
    o.elsewhere = NULL;
    o.socket = true;
    o.socket_uid = w->o.socket_uid;
    o.tls = false;
    o.hosts_n = 0;
    o.proxies_n = 0;
    o.origins_n = 0;
    return o;
}

static void open_door(struct worker *worker)
{
    struct side *s = LOOP_OF(worker, struct side, worker);
    const struct http_door_options o = s->socket ? options_of_socket(s->web) : s->web->options;
    const int listening = s->listening;
    s->listening = -1;
    s->result = http_door_open(worker->loop, &o, listening, &s->door);
    (void)sem_post(&s->web->ready);
}

static void close_door(struct worker *worker)
{
    struct side *s = LOOP_OF(worker, struct side, worker);
    http_door_free(s->door);
    s->door = NULL;
}

static void door_drained(void *owner)
{
    struct side *s = owner;
    (void)sem_post(&s->web->drained);
}

static void drain(struct loop *l, struct loop_note *n)
{
    struct side *s = LOOP_OF(n, struct side, drain);
    (void)l;
    http_door_drain(s->door, s, door_drained);
}

static err check_address(const struct web *w, const struct config *c, struct note *note)
{
    if (w->options.tls || address_is_loopback(&w->address) || config_is_on(c, SETTING_ALLOW_PLAINTEXT)) {
        return DONE;
    }
    return note_fail(note, FAIL(BAD_INPUT),
                     "%s is beyond this machine: give --http-tls-cert and --http-tls-key, or set "
                     "allow-plaintext = yes",
                     config_text(c, SETTING_HTTP_LISTEN));
}

err web_reload(const struct web *w, const struct config *c, struct note *note)
{
    (void)w;
    const char *cert = config_text(c, SETTING_HTTP_TLS_CERT);
    const char *key = config_text(c, SETTING_HTTP_TLS_KEY);
    if (!*cert && !*key) return DONE;
    if (!*cert || !*key) {
        return note_fail(note, FAIL(BAD_INPUT), "http-tls-cert and http-tls-key go together");
    }
    TRY(config_check_files(c, note));
    return http_tls_load(cert, key, note);
}

static err make_limits(struct web *w, const struct config *c)
{
    TRY(rate_limit_new((uint64_t)config_number(c, SETTING_RATE_LIMIT),
                       (uint64_t)config_number(c, SETTING_RATE_BURST), &w->options.rate));
    TRY(rate_limit_new((uint64_t)config_number(c, SETTING_QUESTION_LIMIT),
                       (uint64_t)config_number(c, SETTING_QUESTION_BURST), &w->options.questions));
    TRY(rate_limit_new((uint64_t)config_number(c, SETTING_FAILURE_LIMIT),
                       (uint64_t)config_number(c, SETTING_FAILURE_BURST), &w->options.failures));
    TRY(share_new(WEB_WORK_EACH_MAX, &w->options.share));
    return once_new(&w->o.memory, &w->options.once);
}

static err prepare(struct web *w, struct note *note)
{
    const struct config *c = w->o.config;
    const char *listen = config_text(c, SETTING_HTTP_LISTEN);
    if (!err_is_ok(address_read(bytes_of_text(listen), 0, &w->address))) {
        return note_fail(note, FAIL(BAD_INPUT), "http: \"%s\" is not ADDRESS:PORT", listen);
    }
    const size_t loops = (size_t)config_number(c, SETTING_HTTP_LOOPS);
    CHECK(w->o.connections_max > 0);
    w->n = loops + 1;
    w->options = (struct http_door_options){
        .routes = w->o.routes,
        .owner = w->o.api,
        .gate = w->o.gate,
        .elsewhere = w->o.elsewhere,
        .person_seen = w->o.person_seen,
        .token_seen = w->o.token_seen,
        .tls = *config_text(c, SETTING_HTTP_TLS_CERT) != 0,
        .connections_max = w->o.connections_max / loops + 1,
    };
    TRY(check_address(w, c, note));
    TRY(web_reload(w, c, note));
    TRY(web_options_read(c, &w->address, &w->options, note));
    return make_limits(w, c);
}

static err open_sockets(struct web *w, struct note *note)
{
    struct side *last = &w->sides[w->n - 1];
    for (size_t i = 0; i < w->n; i++) w->sides[i].listening = -1;
    TRY(listen_check_free(&w->address, note));
    for (struct side *s = w->sides; s < last; s++) {
        TRY(listen_open(&w->address, true, note, &s->listening));
        w->address = listen_address(s->listening); /* port 0: the others take the same */
    }
    if (w->o.address) address_write(&w->address, w->o.address);
    last->socket = true;
    TRY(web_site_read(w->o.config, &w->address, w->options.tls, &w->site, note));
    w->options.site = w->site.site;
    return listen_open_unix(w->o.socket_path, note, &last->listening);
}

static err start_sides(struct web *w, struct note *note)
{
    for (size_t i = 0; i < w->n; i++) {
        struct side *s = &w->sides[i];
        s->web = w;
        s->drain.run = drain;
        s->worker.begin = open_door;
        s->worker.end = close_door;
        TRY(thread_start(&s->worker, "http"));
        while (sem_wait(&w->ready) != 0) {
        }
        if (!err_is_ok(s->result)) return note_fail(note, s->result, "the HTTP door does not open");
    }
    return DONE;
}

static void close_left_sockets(struct web *w)
{
    for (size_t i = 0; i < w->n; i++) {
        if (w->sides[i].listening >= 0) (void)close(w->sides[i].listening);
    }
}

static void join(struct web *w)
{
    for (size_t i = 0; i < w->n; i++) {
        if (w->sides[i].worker.started) thread_stop(&w->sides[i].worker);
    }
    for (size_t i = 0; i < w->n; i++) thread_join(&w->sides[i].worker);
    (void)unlink(w->o.socket_path);
    http_tls_unload();
    rate_limit_free(w->options.rate);
    rate_limit_free(w->options.questions);
    rate_limit_free(w->options.failures);
    share_free(w->options.share);
    once_free(w->options.once);
    (void)sem_destroy(&w->ready);
    (void)sem_destroy(&w->drained);
    free(w);
}

err web_open(const struct web_options *options, struct web **out, struct note *note)
{
    struct web *w = calloc(1, sizeof *w);
    if (!w) return FAIL(NO_MEMORY);
    w->o = *options;
    (void)sem_init(&w->ready, 0, 0);
    (void)sem_init(&w->drained, 0, 0);
    err e = prepare(w, note);
    if (!err_is_ok(e)) w->n = 0;
    if (err_is_ok(e)) e = open_sockets(w, note);
    if (err_is_ok(e)) e = start_sides(w, note);
    if (err_is_ok(e)) {
        *out = w;
        return DONE;
    }
    close_left_sockets(w);
    join(w);
    return e;
}

const struct http_site *web_site(const struct web *w)
{
    return &w->site.site;
}

void web_close(struct web *w)
{
    if (!w) return;
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WEB_DRAIN_MS / 1000;
    for (size_t i = 0; i < w->n; i++) loop_post(w->sides[i].worker.loop, &w->sides[i].drain);
    for (size_t i = 0; i < w->n; i++) {
        if (sem_timedwait(&w->drained, &until) != 0) break;
    }
    join(w);
}

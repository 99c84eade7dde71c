#include "serve/web.h"

#include "base/clock.h"
#include "http/http_tls.h"
#include "http/rate_limit.h"
#include "net/listen.h"

#include <semaphore.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* One loop with its doors. */
struct side {
    struct worker worker;
    struct web *web;
    int tcp;                       /* listening; -1 once the door has it */
    int unix_socket;               /* on the first side; else -1 */
    struct http_door *doors[2];
    size_t doors_n;
    size_t draining;
    struct loop_note drain;
    err result;
};

struct web {
    struct web_options o;
    struct http_door_options options;
    struct address address;
    bool tls;
    size_t n;
    sem_t ready;                   /* a side has opened its doors, or failed to */
    sem_t drained;
    struct side sides[WEB_LOOPS_MAX];
};

static void open_doors(struct worker *w)
{
    struct side *s = LOOP_OF(w, struct side, worker);
    struct http_door_options o = s->web->options;
    o.tls = s->web->tls;
    s->result = http_door_open(w->loop, &o, s->tcp, &s->doors[0]);
    s->tcp = -1;
    s->doors_n = err_is_ok(s->result);
    if (s->unix_socket >= 0 && err_is_ok(s->result)) {
        o.tls = false;
        o.socket = true;
        o.socket_uid = s->web->o.socket_uid;
        o.hosts_n = 0;
        o.proxies_n = 0;
        s->result = http_door_open(w->loop, &o, s->unix_socket, &s->doors[1]);
        s->unix_socket = -1;
        s->doors_n += err_is_ok(s->result);
    }
    (void)sem_post(&s->web->ready);
}

static void close_doors(struct worker *w)
{
    struct side *s = LOOP_OF(w, struct side, worker);
    for (size_t i = 0; i < s->doors_n; i++) http_door_free(s->doors[i]);
    s->doors_n = 0;
}

static void door_drained(void *owner)
{
    struct side *s = owner;
    if (--s->draining == 0) (void)sem_post(&s->web->drained);
}

static void drain(struct loop *l, struct loop_note *n)
{
    struct side *s = LOOP_OF(n, struct side, drain);
    (void)l;
    s->draining = s->doors_n;
    for (size_t i = 0; i < s->doors_n; i++) http_door_drain(s->doors[i], s, door_drained);
}

static err check_address(const struct web *w, const struct config *c, struct note *note)
{
    if (w->tls || address_is_loopback(&w->address) || config_is_on(c, SETTING_ALLOW_PLAINTEXT)) {
        return DONE;
    }
    return note_fail(note, FAIL(BAD_INPUT),
                     "%s is beyond this machine: give --http-tls-cert and --http-tls-key, or set "
                     "allow-plaintext = yes",
                     config_text(c, SETTING_HTTP_LISTEN));
}

static err read_lists(struct web *w, const struct config *c, struct note *note)
{
    const char *at = config_text(c, SETTING_ALLOWED_HOSTS);
    bytes item;
    while (config_next(&at, &item)) {
        if (w->options.hosts_n == HTTP_DOOR_HOSTS_MAX) {
            return note_fail(note, FAIL(BAD_INPUT), "allowed-hosts: at most %d", HTTP_DOOR_HOSTS_MAX);
        }
        w->options.hosts[w->options.hosts_n++] = item;
    }
    at = config_text(c, SETTING_TRUSTED_PROXIES);
    while (config_next(&at, &item)) {
        if (w->options.proxies_n == HTTP_DOOR_PROXIES_MAX ||
            !err_is_ok(address_read_cidr(item, &w->options.proxies[w->options.proxies_n]))) {
            return note_fail(note, FAIL(BAD_INPUT), "trusted-proxies: \"%.*s\" is not a network, or there "
                             "are more than %d", BYTES_FMT(item), HTTP_DOOR_PROXIES_MAX);
        }
        w->options.proxies_n++;
    }
    return DONE;
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

static err prepare(struct web *w, struct note *note)
{
    const struct config *c = w->o.config;
    const char *listen = config_text(c, SETTING_HTTP_LISTEN);
    if (!err_is_ok(address_read(bytes_of_text(listen), 0, &w->address))) {
        return note_fail(note, FAIL(BAD_INPUT), "http: \"%s\" is not ADDRESS:PORT", listen);
    }
    w->tls = *config_text(c, SETTING_HTTP_TLS_CERT) != 0;
    TRY(check_address(w, c, note));
    TRY(web_reload(w, c, note));
    w->n = (size_t)config_number(c, SETTING_HTTP_LOOPS);
    w->options = (struct http_door_options){
        .routes = w->o.routes,
        .owner = w->o.api,
        .gate = w->o.gate,
        .connections_max = (size_t)config_number(c, SETTING_HTTP_CONNECTIONS) / w->n + 1,
    };
    TRY(rate_limit_new((uint64_t)config_number(c, SETTING_RATE_PER_TOKEN),
                       (uint64_t)config_number(c, SETTING_RATE_BURST), &w->options.rate));
    return read_lists(w, c, note);
}

static err open_sockets(struct web *w, struct note *note)
{
    for (size_t i = 0; i < w->n; i++) w->sides[i].tcp = w->sides[i].unix_socket = -1;
    TRY(listen_check_free(&w->address, note));
    for (size_t i = 0; i < w->n; i++) {
        TRY(listen_open(&w->address, true, note, &w->sides[i].tcp));
        w->address = listen_address(w->sides[i].tcp); /* port 0: the others take the same */
    }
    return listen_open_unix(w->o.socket_path, note, &w->sides[0].unix_socket);
}

static err start_sides(struct web *w, struct note *note)
{
    for (size_t i = 0; i < w->n; i++) {
        struct side *s = &w->sides[i];
        s->web = w;
        s->drain.run = drain;
        s->worker.begin = open_doors;
        s->worker.end = close_doors;
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
        if (w->sides[i].tcp >= 0) (void)close(w->sides[i].tcp);
        if (w->sides[i].unix_socket >= 0) (void)close(w->sides[i].unix_socket);
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

void web_address(const struct web *w, char out[ADDRESS_TEXT_SIZE])
{
    address_write(&w->address, out);
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

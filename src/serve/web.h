/* The HTTP doors: a few loops that share the API's address, and one for the UNIX socket. */
#pragma once

#include "config/config.h"
#include "http/http_door.h"
#include "http/once.h"
#include "loop/thread.h"

enum {
    WEB_LOOPS_MAX = 16,
    WEB_DRAIN_MS = 5000,
    WEB_WORK_EACH_MAX = 16 /* requests of one caller that work threads have, or that wait for them */
};

struct web_options {
    const struct config *config;
    const struct http_routes *routes;
    const struct http_routes *socket_routes; /* where no browser comes; NULL: the same */
    void *api;                   /* the handlers' rq->owner */
    struct gate *gate;
    struct once_memory memory;   /* of requests that were carried out */
    err (*elsewhere)(struct http_request *rq);    /* http_door_options; not over the socket */
    void (*person_seen)(struct http_request *rq); /* http_door_options */
    void (*token_seen)(struct http_request *rq, err e);
    const char *socket_path;
    uint32_t socket_uid;
    size_t connections_max;      /* over TCP, and as many over the socket */
    char *address;               /* ADDRESS_TEXT_SIZE: where it listens, written before it answers */
};

struct web;

/* Listens and answers. Errors are in the note: an address in use, plain HTTP beyond loopback, a
 * certificate that cannot be read. */
MUST err web_open(const struct web_options *options, struct web **out, struct note *note);
/* Where browsers find it; lent until web_close. */
const struct http_site *web_site(const struct web *w);
/* The certificate again, on SIGHUP. */
MUST err web_reload(const struct web *w, const struct config *config, struct note *note);
/* Takes nobody any more, lets requests end for WEB_DRAIN_MS at most, joins the loops. */
void web_close(struct web *w);

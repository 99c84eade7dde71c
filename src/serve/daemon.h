/* A running daemon: every part once, opened in this order and closed in the other. For serve alone. */
#pragma once

#include "api/api.h"
#include "people/people.h"
#include "serve/clusters.h"
#include "serve/exporting.h"
#include "serve/keyring.h"
#include "serve/outbox_port.h"
#include "serve/ports.h"
#include "serve/serve.h"
#include "serve/signals.h"
#include "store/folder.h"

struct daemon {
    const struct serve_options *o;
    const struct config *config;
    struct folder folder;
    char key_path[FOLDER_PATH_MAX];
    char store_path[FOLDER_PATH_MAX];
    char audit_path[FOLDER_PATH_MAX];
    char usage_path[FOLDER_PATH_MAX];
    char socket_path[FOLDER_PATH_MAX];
    uint32_t owner_uid;
    struct server_keys keys;
    struct loop *loop;
    struct signals signals;
    struct index *index;
    struct gate *gate;
    struct control *control;
    struct store *store;
    struct outbox_port outbox;
    struct audit *audit;
    struct work *work;
    struct people people;
    struct sweep *sweep;
    struct rekey *rekey;
    struct keyring keyring;
    struct exporting exporting;
    struct usage *usage;
    struct gateway *gateway;
    struct clusters clusters;
    struct ports ports;
    struct api api;
    struct http_routes routes; /* of the API, and the Portal's */
    struct web *web;
    bool drained;
};

/* Opens all of it, on the calling thread, whose loop is `d->loop`; what was opened stays so when it fails. */
MUST err daemon_open(struct daemon *d, struct note *note);
/* Closes what is open: first the doors, whose answers are waited for, at last the index. */
void daemon_close(struct daemon *d);

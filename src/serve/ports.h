/* The ports of the API: clusters, readiness, status, checks and the audit trail, as serve knows them. */
#pragma once

#include "api/api.h"
#include "config/config.h"
#include "serve/process.h"

struct audit;
struct exporting;
struct keyring;
struct gateway;
struct store;
struct usage;

/* Everything is borrowed for as long as the HTTP doors are open. */
struct ports {
    const struct config *config;
    struct gateway *gateway;
    struct index *index;
    struct store *store;
    struct usage *usage;
    struct audit *audit;
    struct keyring *keys;
    struct exporting *exporting;
    const char *audit_folder;
    const char *socket_path;
    const char *data; /* folder */
    char http_address[64];
    struct process_state process;
    int64_t started_ns;
};

struct api_ports ports_for_api(struct ports *p);

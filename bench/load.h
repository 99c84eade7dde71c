/* What the load generator is asked to do, what it keeps while it runs, and what it found. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include "wire.h"

enum {
    LOAD_STREAMS_MAX = 128,
    LOAD_CODES_MAX = 16,
    LOAD_WATCHED_MAX = 8,
    LOAD_BUCKETS = 64 * 32,
    LOAD_SECRET_MAX = 512,
};

enum load_mode { LOAD_RUN, LOAD_LOGIN, LOAD_IDLE };

struct load_account {
    char user[128];
    char password[LOAD_SECRET_MAX];
    uint64_t closed;
    uint64_t last_close_ns;
    uint64_t last_result_ns;
};

struct load_options {
    enum load_mode mode;
    const char *host;
    unsigned port;
    unsigned version;
    size_t connections;
    size_t inflight;
    double seconds;
    double warmup;
    double rate;
    const char *statement;
    size_t value_bytes;
    struct load_account *accounts;
    size_t account_count;
    int watched[LOAD_WATCHED_MAX];
    size_t watched_count;
};

struct load_histogram {
    uint64_t count;
    uint64_t max_ns;
    uint64_t bucket[LOAD_BUCKETS];
};

struct load_result {
    struct load_histogram latency;
    uint64_t requests;
    uint64_t wrong;
    uint64_t closed;
    uint64_t error_count[LOAD_CODES_MAX];
    uint32_t error_code[LOAD_CODES_MAX];
    size_t error_codes;
};

enum load_state { LOAD_GREETING, LOAD_LOGGING_IN, LOAD_PREPARING, LOAD_READY, LOAD_GONE };

struct load_session {
    int fd;
    enum load_state state;
    bool waits_to_write;
    size_t number;
    struct load_account *account;
    struct wire_buf in;
    struct wire_buf out;
    uint8_t id[64];
    size_t id_size;
    size_t free_count;
    uint16_t free_stream[LOAD_STREAMS_MAX];
    uint64_t sent_ns[LOAD_STREAMS_MAX];
};

struct load {
    struct load_options options;
    struct load_result result;
    struct load_session *sessions;
    int epoll;
    size_t ready;
    size_t gone;
    size_t next;
    bool measuring;
    bool stopping;
    uint8_t *value;
};

/* load_session.c: one connection from its greeting to its end. */
void load_session_open(struct load *load, struct load_session *session);
void load_session_turn(struct load *load, struct load_session *session, uint32_t events);
void load_session_close(struct load *load, struct load_session *session);
/* Queues one EXECUTE counted from `due_ns`; the caller flushes. There must be a free stream. */
void load_session_execute(struct load *load, struct load_session *session, uint64_t due_ns);
void load_session_flush(struct load *load, struct load_session *session);

/* load_report.c */
void load_report_latency(struct load_result *result, uint64_t ns);
void load_report_error(struct load_result *result, uint32_t code);
/* CPU nanoseconds the threads of a process have used; 0 when it is gone. */
uint64_t load_report_cpu_of(int pid);
void load_report_print(const struct load *load, double seconds, uint64_t own_cpu, const uint64_t *watched);

#endif

#include "serve/daemon.h"

#include "base/log.h"
#include "index/index.h"
#include "serve/first_start.h"

#include <unistd.h>
#include <urcu/urcu-memb.h>

static err set_log_level(const struct config *c, struct note *note)
{
    static const char *const names[] = {"error", "warn", "info", "debug"};
    for (unsigned i = 0; i < 4; i++) {
        if (strcmp(config_text(c, SETTING_LOG_LEVEL), names[i]) != 0) continue;
        log_set_level((enum log_level)i);
        return DONE;
    }
    return note_fail(note, FAIL(BAD_INPUT), "log-level must be error, warn, info or debug");
}

static void ready_line(const struct daemon *d)
{
    struct index_numbers n;
    urcu_memb_read_lock();
    index_count(d->index, &n);
    urcu_memb_read_unlock();
    log_line(LOG_INFO, "ready", "version=%s pid=%ld http=%s socket=%s tokens=%zu databases=%zu", LATCHKEY_VERSION,
             (long)getpid(), d->ports.http_address, d->socket_path, n.tokens, n.databases);
    process_notify("READY=1");
}

static err run_daemon(struct daemon *d, struct note *note)
{
    const err e = daemon_open(d, note);
    if (err_is_ok(e)) {
        ready_line(d);
        loop_run(d->loop);
    }
    daemon_close(d);
    return e;
}

err serve_run(const struct serve_options *options, struct note *note)
{
    static struct daemon d;
    d = (struct daemon){.o = options, .config = options->config, .outbox.lock = PTHREAD_MUTEX_INITIALIZER,
                        .keyring.lock = PTHREAD_MUTEX_INITIALIZER};
    signals_block();
    urcu_memb_register_thread();
    bool stopped = false;
    err e = set_log_level(d.config, note);
    if (err_is_ok(e) && first_start_is(options->data)) e = first_start_run(options, &stopped, note);
    if (err_is_ok(e) && !stopped) e = run_daemon(&d, note);
    urcu_memb_unregister_thread();
    return e;
}

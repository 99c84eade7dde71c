/* Load for a CQL port: N connections log in, prepare once and execute, in a closed loop or at a fixed rate.
 *
 * Latency at a fixed rate counts from the moment a request was due, so that a stall shows in full. Every value
 * carries a mark which the fake node gives back; an answer with another one is counted as `wrong`.
 */
#include "load.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>

enum { LOAD_EVENTS = 256, LOAD_LOGIN_LIMIT_S = 60 };

static const char load_usage[] =
    "usage: load --port P [--host A] [--mode run|login|idle] [--connections N] [--in-flight M] [--seconds S]\n"
    "            [--warm-up S] [--rate R] [--user U --password-file F | --accounts F] [--statement CQL]\n"
    "            [--value-bytes N] [--version 3|4] [--watch PID]...\n"
    "An accounts file has one `user password` a line; connection i logs in as line i modulo their number.\n";

static volatile sig_atomic_t load_interrupted;

static void load_on_signal(int signal)
{
    (void)signal;
    load_interrupted = 1;
}

static void load_read_accounts(struct load_options *options, const char *path, const char *user)
{
    char line[LOAD_SECRET_MAX + 128];
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        wire_die(path);
    }
    options->account_count = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        char *password = strchr(line, ' ');
        line[strcspn(line, "\r\n")] = '\0';
        if (user == NULL && password == NULL) {
            continue;
        }
        size_t n = options->account_count++;
        options->accounts = reallocarray(options->accounts, options->account_count, sizeof *options->accounts);
        if (options->accounts == NULL) {
            wire_die("accounts");
        }
        struct load_account *account = &options->accounts[n];
        *account = (struct load_account){0};
        if (user == NULL) {
            *password++ = '\0';
        }
        snprintf(account->user, sizeof account->user, "%.127s", user != NULL ? user : line);
        snprintf(account->password, sizeof account->password, "%.511s", user != NULL ? line : password);
    }
    fclose(file);
}

static enum load_mode load_mode_of(const char *name)
{
    return strcmp(name, "login") == 0 ? LOAD_LOGIN : strcmp(name, "idle") == 0 ? LOAD_IDLE : LOAD_RUN;
}

static bool load_parse(struct load_options *to, int argc, char **argv)
{
    static const struct option options[] = {
        {"port", required_argument, NULL, 'p'},        {"host", required_argument, NULL, 'h'},
        {"mode", required_argument, NULL, 'm'},        {"connections", required_argument, NULL, 'c'},
        {"in-flight", required_argument, NULL, 'i'},   {"seconds", required_argument, NULL, 's'},
        {"warm-up", required_argument, NULL, 'u'},     {"rate", required_argument, NULL, 'r'},
        {"user", required_argument, NULL, 'U'},        {"password-file", required_argument, NULL, 'F'},
        {"accounts", required_argument, NULL, 'A'},    {"statement", required_argument, NULL, 'q'},
        {"value-bytes", required_argument, NULL, 'b'}, {"version", required_argument, NULL, 'v'},
        {"watch", required_argument, NULL, 'w'},       {NULL, 0, NULL, 0}};
    const char *user = "bench";
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 'p': to->port = (unsigned)strtoul(optarg, NULL, 10); break;
        case 'h': to->host = optarg; break;
        case 'm': to->mode = load_mode_of(optarg); break;
        case 'c': to->connections = strtoul(optarg, NULL, 10); break;
        case 'i': to->inflight = strtoul(optarg, NULL, 10); break;
        case 's': to->seconds = strtod(optarg, NULL); break;
        case 'u': to->warmup = strtod(optarg, NULL); break;
        case 'r': to->rate = strtod(optarg, NULL); break;
        case 'U': user = optarg; break;
        case 'F': load_read_accounts(to, optarg, user); break;
        case 'A': load_read_accounts(to, optarg, NULL); break;
        case 'q': to->statement = optarg; break;
        case 'b': to->value_bytes = strtoul(optarg, NULL, 10); break;
        case 'v': to->version = (unsigned)strtoul(optarg, NULL, 10); break;
        case 'w': to->watched[to->watched_count++ % LOAD_WATCHED_MAX] = (int)strtol(optarg, NULL, 10); break;
        default: return false;
        }
    }
    return to->port != 0 && to->inflight > 0 && to->inflight <= LOAD_STREAMS_MAX && to->connections > 0 &&
           to->value_bytes >= 20 && to->watched_count <= LOAD_WATCHED_MAX && to->account_count > 0;
}

static void load_wait(struct load *load, uint64_t until_ns)
{
    struct epoll_event events[LOAD_EVENTS];
    uint64_t now = wire_now_ns();
    uint64_t left = until_ns > now ? until_ns - now : 0;
    struct timespec timeout = {.tv_sec = (time_t)(left / 1000000000u), .tv_nsec = (long)(left % 1000000000u)};
    int n = epoll_pwait2(load->epoll, events, LOAD_EVENTS, &timeout, NULL);
    for (int i = 0; i < n; i++) {
        load_session_turn(load, events[i].data.ptr, events[i].events);
    }
}

static bool load_log_in(struct load *load)
{
    uint64_t limit = wire_now_ns() + (uint64_t)LOAD_LOGIN_LIMIT_S * 1000000000u;
    for (size_t i = 0; i < load->options.connections; i++) {
        struct load_session *session = &load->sessions[i];
        session->number = i;
        session->account = &load->options.accounts[i % load->options.account_count];
        load_session_open(load, session);
        if (i % 64 == 63) {
            load_wait(load, 0);
        }
    }
    while (load->ready + load->gone < load->options.connections && wire_now_ns() < limit) {
        load_wait(load, limit);
    }
    return load->ready == load->options.connections;
}

static void load_start(struct load *load)
{
    uint64_t now = wire_now_ns();
    for (size_t i = 0; load->options.rate == 0 && i < load->options.connections; i++) {
        struct load_session *session = &load->sessions[i];
        while (session->state == LOAD_READY && session->free_count > 0) {
            load_session_execute(load, session, now);
        }
        load_session_flush(load, session);
    }
}

/* Sends what has come due since `from_ns`; what finds no free stream anywhere stays due. */
static uint64_t load_send_due(struct load *load, uint64_t from_ns, uint64_t sent)
{
    double gap_ns = 1e9 / load->options.rate;
    uint64_t due = (uint64_t)((double)(wire_now_ns() - from_ns) / gap_ns);
    for (size_t tried = 0; sent < due && tried < load->options.connections;) {
        struct load_session *session = &load->sessions[load->next++ % load->options.connections];
        if (session->state != LOAD_READY || session->free_count == 0) {
            tried++;
            continue;
        }
        tried = 0;
        load_session_execute(load, session, from_ns + (uint64_t)((double)sent * gap_ns));
        load_session_flush(load, session);
        sent++;
    }
    return sent;
}

static void load_run_for(struct load *load, double seconds)
{
    uint64_t from = wire_now_ns();
    uint64_t until = from + (uint64_t)(seconds * 1e9);
    uint64_t sent = 0;
    for (uint64_t now = from; now < until && !load_interrupted; now = wire_now_ns()) {
        uint64_t wake = until;
        if (load->options.rate > 0) {
            sent = load_send_due(load, from, sent);
            uint64_t next = from + (uint64_t)((double)(sent + 1) * 1e9 / load->options.rate);
            uint64_t least = now + 20000;
            wake = next > least ? next : least;
        }
        load_wait(load, wake < until ? wake : until);
    }
}

static void load_measure(struct load *load)
{
    uint64_t watched[LOAD_WATCHED_MAX];
    load_start(load);
    load_run_for(load, load->options.warmup);
    load->result = (struct load_result){0};
    load->measuring = true;
    for (size_t i = 0; i < load->options.watched_count; i++) {
        watched[i] = load_report_cpu_of(load->options.watched[i]);
    }
    uint64_t cpu = wire_cpu_ns();
    uint64_t from = wire_now_ns();
    load_run_for(load, load->options.seconds);
    double seconds = (double)(wire_now_ns() - from) / 1e9;
    cpu = wire_cpu_ns() - cpu;
    for (size_t i = 0; i < load->options.watched_count; i++) {
        watched[i] = load_report_cpu_of(load->options.watched[i]) - watched[i];
    }
    load->stopping = true;
    load_report_print(load, seconds, cpu, watched);
}

static void load_tell(const char *event)
{
    printf("{\"event\": \"%s\", \"now_ns\": %llu}\n", event, (unsigned long long)wire_now_ns());
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static struct load load = {.options = {.host = "127.0.0.1", .version = 4, .connections = 1, .inflight = 1,
                                           .seconds = 2, .warmup = 0.3, .value_bytes = 64,
                                           .statement = "SELECT v FROM bench.kv WHERE k = ?"}};
    struct rlimit files = {65536, 65536};
    if (!load_parse(&load.options, argc, argv)) {
        fputs(load_usage, stderr);
        return 2;
    }
    (void)setrlimit(RLIMIT_NOFILE, &files);
    struct sigaction stop = {.sa_handler = load_on_signal};
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    load.sessions = calloc(load.options.connections, sizeof *load.sessions);
    load.value = malloc(load.options.value_bytes);
    if (load.epoll < 0 || load.sessions == NULL || load.value == NULL) {
        wire_die("start");
    }
    memset(load.value, 'k', load.options.value_bytes);
    if (load.options.mode != LOAD_LOGIN && !load_log_in(&load)) {
        fprintf(stderr, "load: %zu of %zu connections logged in\n", load.ready, load.options.connections);
        return 1;
    }
    for (size_t i = 0; load.options.mode == LOAD_LOGIN && i < load.options.connections; i++) {
        load.sessions[i].number = i;
        load.sessions[i].account = &load.options.accounts[i % load.options.account_count];
        load_session_open(&load, &load.sessions[i]);
    }
    load_tell("ready");
    load_measure(&load);
    return 0;
}

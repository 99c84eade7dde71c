/* A node that costs next to nothing: it answers versions 3 and 4 at once with rows of a chosen size, and counts.
 *
 * One thread, one epoll, one flush a socket a turn. A statement's id is the MD5 of its text, as a real node makes
 * it. With --marks N the first bound value of an EXECUTE begins with ten digits, a mark below N; the node keeps
 * for each mark how often and when last it came, which is how bench/revocation knows what arrived after an answer.
 * That time is the kernel's, for the node itself may be behind: when the last packet of what was read had arrived,
 * so it is never too early, but may be late by what lay between two packets.
 */
#include "fake_schema.h"
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <nettle/md5.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { NODE_EVENTS = 256, NODE_STATEMENTS = 4096, NODE_MARK_DIGITS = 10, NODE_TIMED_FILL = 4096, NODE_SKIP_METADATA = 0x02 };

struct node_peer {
    int fd;
    bool waits_to_write;
    struct wire_buf in;
    struct wire_buf out;
};

struct node_statement {
    uint8_t id[MD5_DIGEST_SIZE];
    bool used;
    bool reads;
};

struct node_mark {
    uint64_t count;
    uint64_t last_ns;
};

struct node {
    int epoll;
    int listener;
    size_t row_bytes;
    struct node_statement statements[NODE_STATEMENTS];
    struct node_mark *marks;
    size_t mark_count;
    uint8_t *row;
    uint64_t requests;
    uint64_t executes;
    uint64_t connections;
    uint64_t turn_ns;
};

static volatile sig_atomic_t node_stop;

static void node_on_signal(int signal)
{
    (void)signal;
    node_stop = 1;
}

static struct node_statement *node_find(struct node *node, const uint8_t id[MD5_DIGEST_SIZE])
{
    size_t at = ((size_t)id[0] << 8 | id[1]) % NODE_STATEMENTS;
    while (node->statements[at].used && memcmp(node->statements[at].id, id, MD5_DIGEST_SIZE) != 0) {
        at = (at + 1) % NODE_STATEMENTS;
    }
    return &node->statements[at];
}

static void node_error(struct wire_buf *out, const struct wire_frame *frame, uint32_t code, const char *text)
{
    size_t begun = wire_begin(out, 0x80u | (frame->version == 3 ? 3u : 4u), frame->stream, WIRE_ERROR);
    wire_u32(out, code);
    wire_string(out, text);
    wire_end(out, begun);
}

/* ---- answers to the handshake ---- */

static void node_supported(struct wire_buf *out, const struct wire_frame *frame)
{
    size_t begun = wire_begin(out, frame->version | 0x80u, frame->stream, WIRE_SUPPORTED);
    wire_u16(out, 3);
    wire_string(out, "CQL_VERSION");
    wire_u16(out, 1);
    wire_string(out, "3.4.7");
    wire_string(out, "COMPRESSION");
    wire_u16(out, 0);
    wire_string(out, "PROTOCOL_VERSIONS");
    wire_u16(out, 2);
    wire_string(out, "3/v3");
    wire_string(out, "4/v4");
    wire_end(out, begun);
}

static void node_empty(struct wire_buf *out, const struct wire_frame *frame, enum wire_opcode opcode)
{
    size_t begun = wire_begin(out, frame->version | 0x80u, frame->stream, opcode);
    if (opcode == WIRE_AUTHENTICATE) {
        wire_string(out, "org.apache.cassandra.auth.PasswordAuthenticator");
    }
    if (opcode == WIRE_AUTH_SUCCESS) {
        wire_u32(out, UINT32_MAX);
    }
    wire_end(out, begun);
}

/* ---- statements ---- */

static bool node_reads(const char *cql)
{
    return strncasecmp(cql, "select", 6) == 0;
}

static unsigned node_markers(const char *cql)
{
    unsigned n = 0;
    for (bool quoted = false; *cql != '\0'; cql++) {
        quoted ^= *cql == '\'';
        n += !quoted && *cql == '?';
    }
    return n;
}

static void node_result_columns(struct wire_buf *out, bool skip)
{
    wire_u32(out, skip ? 4 : 1);
    wire_u32(out, 1);
    if (!skip) {
        wire_string(out, "bench");
        wire_string(out, "kv");
        wire_string(out, "v");
        wire_u16(out, 0x0D);
    }
}

static void node_prepared(struct node *node, struct wire_buf *out, const struct wire_frame *frame, const char *cql)
{
    struct md5_ctx md5;
    uint8_t id[MD5_DIGEST_SIZE];
    md5_init(&md5);
    md5_update(&md5, strlen(cql), (const uint8_t *)cql);
    md5_digest(&md5, sizeof id, id);
    struct node_statement *statement = node_find(node, id);
    statement->used = true;
    statement->reads = node_reads(cql);
    memcpy(statement->id, id, sizeof id);

    unsigned markers = node_markers(cql);
    size_t begun = wire_begin(out, frame->version | 0x80u, frame->stream, WIRE_RESULT);
    wire_u32(out, WIRE_PREPARED);
    wire_u16(out, sizeof id);
    wire_bytes(out, id, sizeof id);
    wire_u32(out, 1);
    wire_u32(out, markers);
    if (frame->version >= 4) {
        wire_u32(out, markers > 0);
        if (markers > 0) {
            wire_u16(out, 0);
        }
    }
    wire_string(out, "bench");
    wire_string(out, "kv");
    for (unsigned i = 0; i < markers; i++) {
        wire_string(out, i == 0 ? "k" : "v");
        wire_u16(out, 0x0D);
    }
    if (statement->reads) {
        node_result_columns(out, false);
    } else {
        wire_u32(out, 4);
        wire_u32(out, 0);
    }
    wire_end(out, begun);
}

static void node_rows(const struct node *node, struct wire_buf *out, const struct wire_frame *frame,
                      const uint8_t *echo, size_t echo_size, bool skip)
{
    size_t begun = wire_begin(out, frame->version | 0x80u, frame->stream, WIRE_RESULT);
    wire_u32(out, WIRE_ROWS);
    node_result_columns(out, skip);
    wire_u32(out, 1);
    wire_u32(out, (uint32_t)node->row_bytes);
    size_t copied = echo_size < node->row_bytes ? echo_size : node->row_bytes;
    wire_bytes(out, echo, copied);
    wire_bytes(out, node->row, node->row_bytes - copied);
    wire_end(out, begun);
}

static void node_void(struct wire_buf *out, const struct wire_frame *frame)
{
    size_t begun = wire_begin(out, frame->version | 0x80u, frame->stream, WIRE_RESULT);
    wire_u32(out, WIRE_VOID);
    wire_end(out, begun);
}

static void node_mark(struct node *node, const uint8_t *value, size_t size)
{
    size_t mark = 0;
    if (node->mark_count == 0 || size < NODE_MARK_DIGITS) {
        return;
    }
    for (size_t i = 0; i < NODE_MARK_DIGITS; i++) {
        mark = mark * 10 + (size_t)(value[i] - '0') % 10;
    }
    if (mark < node->mark_count) {
        node->marks[mark].count++;
        node->marks[mark].last_ns = node->turn_ns;
    }
}

static void node_execute(struct node *node, struct wire_buf *out, const struct wire_frame *frame)
{
    struct wire_at in = {.at = frame->body, .left = frame->size};
    unsigned id_size = wire_get_u16(&in);
    const uint8_t *id = wire_get_bytes(&in, id_size);
    (void)wire_get_u16(&in);
    uint8_t flags = wire_get_u8(&in);
    uint32_t size = 0;
    if ((flags & 0x01) != 0) {
        unsigned values = wire_get_u16(&in);
        size = values > 0 ? wire_get_u32(&in) : 0;
    }
    const uint8_t *value = wire_get_bytes(&in, size);
    if (in.bad || id_size != MD5_DIGEST_SIZE || !node_find(node, id)->used) {
        size_t begun = wire_begin(out, frame->version | 0x80u, frame->stream, WIRE_ERROR);
        wire_u32(out, 0x2500);
        wire_string(out, "unknown statement");
        wire_u16(out, id != NULL ? id_size : 0);
        wire_bytes(out, id, id != NULL ? id_size : 0);
        wire_end(out, begun);
        return;
    }
    node->executes++;
    node_mark(node, value, size);
    if (node_find(node, id)->reads) {
        node_rows(node, out, frame, value, size, (flags & NODE_SKIP_METADATA) != 0);
    } else {
        node_void(out, frame);
    }
}

static void node_query(struct node *node, struct wire_buf *out, const struct wire_frame *frame, const char *cql)
{
    size_t begun = wire_begin(out, frame->version | 0x80u, frame->stream, WIRE_RESULT);
    if (fake_schema_answer(cql, out)) {
        wire_end(out, begun);
        return;
    }
    out->len = out->start + begun;
    if (node_reads(cql)) {
        node_rows(node, out, frame, node->row, 0, false);
    } else {
        node_void(out, frame);
    }
}

static void node_text(struct node *node, struct wire_buf *out, const struct wire_frame *frame)
{
    struct wire_at in = {.at = frame->body, .left = frame->size};
    uint32_t size = wire_get_u32(&in);
    const uint8_t *at = wire_get_bytes(&in, size);
    char *cql = at != NULL ? strndup((const char *)at, size) : NULL;
    if (cql == NULL) {
        node_error(out, frame, 0x000A, "no statement in the frame");
    } else if (frame->opcode == WIRE_PREPARE) {
        node_prepared(node, out, frame, cql);
    } else {
        node_query(node, out, frame, cql);
    }
    free(cql);
}

static bool node_answer(struct node *node, struct wire_buf *out, const struct wire_frame *frame)
{
    node->requests++;
    if (frame->version != 3 && frame->version != 4) {
        node_error(out, frame, 0x000A, "Invalid or unsupported protocol version; supported versions are (3/v3, 4/v4)");
        return false;
    }
    switch (frame->opcode) {
    case WIRE_EXECUTE: node_execute(node, out, frame); break;
    case WIRE_QUERY:
    case WIRE_PREPARE: node_text(node, out, frame); break;
    case WIRE_OPTIONS: node_supported(out, frame); break;
    case WIRE_STARTUP: node_empty(out, frame, WIRE_AUTHENTICATE); break;
    case WIRE_AUTH_RESPONSE: node_empty(out, frame, WIRE_AUTH_SUCCESS); break;
    case WIRE_REGISTER: node_empty(out, frame, WIRE_READY); break;
    case WIRE_BATCH: node_void(out, frame); break;
    default: node_error(out, frame, 0x000A, "unexpected message"); break;
    }
    return true;
}

/* ---- sockets ---- */

/* As wire_fill, and notes when the last of what was read had arrived (CLOCK_REALTIME). */
static int node_fill_timed(struct node *node, struct node_peer *peer)
{
    union {
        struct cmsghdr align;
        char room[CMSG_SPACE(sizeof(struct timespec))];
    } control;
    struct iovec into = {.iov_base = wire_room(&peer->in, WIRE_FILL), .iov_len = NODE_TIMED_FILL};
    struct msghdr message = {.msg_iov = &into, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t got = recvmsg(peer->fd, &message, 0);
    if (got <= 0) {
        return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
    }
    struct timespec when;
    clock_gettime(CLOCK_REALTIME, &when);
    const struct cmsghdr *first = CMSG_FIRSTHDR(&message);
    if (first != NULL && first->cmsg_level == SOL_SOCKET && first->cmsg_type == SCM_TIMESTAMPNS) {
        memcpy(&when, CMSG_DATA(first), sizeof when);
    }
    node->turn_ns = (uint64_t)when.tv_sec * 1000000000u + (uint64_t)when.tv_nsec;
    peer->in.len += (size_t)got;
    return (int)got;
}

static int node_fill(struct node *node, struct node_peer *peer)
{
    return node->mark_count > 0 ? node_fill_timed(node, peer) : wire_fill(peer->fd, &peer->in);
}

static void node_close(struct node_peer *peer)
{
    close(peer->fd);
    wire_free(&peer->in);
    wire_free(&peer->out);
    free(peer);
}

static void node_accept(struct node *node)
{
    int fd;
    while ((fd = accept4(node->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct node_peer *peer = calloc(1, sizeof *peer);
        if (peer == NULL) {
            wire_die("calloc");
        }
        peer->fd = fd;
        wire_tune(fd);
        int timed = node->mark_count > 0;
        (void)setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &timed, sizeof timed);
        node->connections++;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = peer};
        epoll_ctl(node->epoll, EPOLL_CTL_ADD, fd, &event);
    }
}

static bool node_flush(struct node *node, struct node_peer *peer)
{
    int gone = wire_flush(peer->fd, &peer->out);
    if (gone >= 0 && peer->waits_to_write != (gone == 0)) {
        peer->waits_to_write = gone == 0;
        struct epoll_event event = {.events = EPOLLIN | (gone == 0 ? EPOLLOUT : 0u), .data.ptr = peer};
        epoll_ctl(node->epoll, EPOLL_CTL_MOD, peer->fd, &event);
    }
    return gone >= 0;
}

static void node_turn(struct node *node, struct node_peer *peer, uint32_t events)
{
    struct wire_frame frame;
    bool alive = true;
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && node_fill(node, peer) < 0) {
        node_close(peer);
        return;
    }
    while (alive && wire_cut(&peer->in, &frame)) {
        alive = node_answer(node, &peer->out, &frame);
    }
    if (!node_flush(node, peer) || !alive) {
        node_close(peer);
    }
}

static void node_listen(struct node *node, unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    socklen_t size = sizeof address;
    int one = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    node->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(node->listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    wire_tune(node->listener);
    if (bind(node->listener, (struct sockaddr *)&address, size) != 0 || listen(node->listener, 4096) != 0) {
        wire_die("listen");
    }
    getsockname(node->listener, (struct sockaddr *)&address, &size);
    fake_schema_start(ntohs(address.sin_port));
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(node->epoll, EPOLL_CTL_ADD, node->listener, &event);
    printf("{\"port\": %u}\n", (unsigned)ntohs(address.sin_port));
    fflush(stdout);
}

static void node_report(const struct node *node)
{
    uint64_t cpu = wire_cpu_ns();
    printf("{\"requests\": %llu, \"executes\": %llu, \"connections\": %llu, \"cpu_us_per_request\": %.3f, \"marks\": [",
           (unsigned long long)node->requests, (unsigned long long)node->executes,
           (unsigned long long)node->connections,
           node->requests > 0 ? (double)cpu / 1000.0 / (double)node->requests : 0.0);
    for (size_t i = 0; i < node->mark_count; i++) {
        printf("%s[%llu, %llu]", i > 0 ? ", " : "", (unsigned long long)node->marks[i].count,
               (unsigned long long)node->marks[i].last_ns);
    }
    printf("]}\n");
}

static void node_run(struct node *node)
{
    struct epoll_event events[NODE_EVENTS];
    while (!node_stop) {
        int n = epoll_wait(node->epoll, events, NODE_EVENTS, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr == NULL) {
                node_accept(node);
            } else {
                node_turn(node, events[i].data.ptr, events[i].events);
            }
        }
    }
}

int main(int argc, char **argv)
{
    static struct node node = {.row_bytes = 71};
    static const struct option options[] = {{"port", required_argument, NULL, 'p'},
                                            {"row-bytes", required_argument, NULL, 'r'},
                                            {"marks", required_argument, NULL, 'm'},
                                            {NULL, 0, NULL, 0}};
    unsigned port = 0;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 'p': port = (unsigned)strtoul(optarg, NULL, 10); break;
        case 'r': node.row_bytes = strtoul(optarg, NULL, 10); break;
        case 'm': node.mark_count = strtoul(optarg, NULL, 10); break;
        default: fprintf(stderr, "usage: fake_node [--port P] [--row-bytes N] [--marks N]\n"); return 2;
        }
    }
    struct sigaction stop = {.sa_handler = node_on_signal};
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    node.row = calloc(1, node.row_bytes + 1);
    node.marks = calloc(node.mark_count + 1, sizeof *node.marks);
    node.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (node.row == NULL || node.marks == NULL || node.epoll < 0) {
        wire_die("start");
    }
    memset(node.row, 'v', node.row_bytes);
    node_listen(&node, port);
    node_run(&node);
    node_report(&node);
    return 0;
}

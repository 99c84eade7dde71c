/* One connection of the load generator: greet, log in, prepare, then execute again for every answer. */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOAD_MARK_DIGITS = 10, LOAD_SERIAL_DIGITS = 10, LOAD_SKIP_METADATA = 0x02, LOAD_VALUES = 0x01 };

static void load_session_watch(struct load *load, struct load_session *session, int operation, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = session};
    epoll_ctl(load->epoll, operation, session->fd, &event);
}

void load_session_close(struct load *load, struct load_session *session)
{
    if (session->state == LOAD_GONE) {
        return;
    }
    load->ready -= session->state == LOAD_READY;
    load->gone++;
    session->state = LOAD_GONE;
    close(session->fd);
    wire_free(&session->in);
    wire_free(&session->out);
    session->account->closed++;
    session->account->last_close_ns = wire_now_ns();
    load->result.closed += load->measuring && !load->stopping;
}

static void load_session_startup(struct load *load, struct load_session *session)
{
    size_t begun = wire_begin(&session->out, load->options.version, 0, WIRE_STARTUP);
    wire_u16(&session->out, 1);
    wire_string(&session->out, "CQL_VERSION");
    wire_string(&session->out, "3.0.0");
    wire_end(&session->out, begun);
}

void load_session_open(struct load *load, struct load_session *session)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)load->options.port)};
    inet_pton(AF_INET, load->options.host, &to.sin_addr);
    session->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    wire_tune(session->fd);
    if (session->fd < 0 || connect(session->fd, (struct sockaddr *)&to, sizeof to) != 0) {
        wire_die("connect");
    }
    fcntl(session->fd, F_SETFL, O_NONBLOCK);
    session->state = LOAD_GREETING;
    session->waits_to_write = false;
    load_session_watch(load, session, EPOLL_CTL_ADD, EPOLLIN);
    load_session_startup(load, session);
    load_session_flush(load, session);
}

void load_session_flush(struct load *load, struct load_session *session)
{
    if (session->state == LOAD_GONE) {
        return;
    }
    int gone = wire_flush(session->fd, &session->out);
    if (gone < 0) {
        load_session_close(load, session);
    } else if (session->waits_to_write != (gone == 0)) {
        session->waits_to_write = gone == 0;
        load_session_watch(load, session, EPOLL_CTL_MOD, EPOLLIN | (gone == 0 ? EPOLLOUT : 0u));
    }
}

static void load_session_login(struct load *load, struct load_session *session)
{
    size_t user = strlen(session->account->user);
    size_t password = strlen(session->account->password);
    size_t begun = wire_begin(&session->out, load->options.version, 0, WIRE_AUTH_RESPONSE);
    wire_u32(&session->out, (uint32_t)(user + password + 2));
    wire_u8(&session->out, 0);
    wire_bytes(&session->out, session->account->user, user + 1);
    wire_bytes(&session->out, session->account->password, password);
    wire_end(&session->out, begun);
}

static void load_session_prepare(struct load *load, struct load_session *session)
{
    size_t begun = wire_begin(&session->out, load->options.version, 0, WIRE_PREPARE);
    wire_long_string(&session->out, load->options.statement);
    wire_end(&session->out, begun);
}

/* Every value begins with the account's number and the connection's and stream's, so that a reply can be known. */
static void load_session_mark(const struct load *load, const struct load_session *session, unsigned stream,
                              char mark[LOAD_MARK_DIGITS + LOAD_SERIAL_DIGITS + 1])
{
    size_t account = (size_t)(session->account - load->options.accounts);
    size_t serial = session->number * LOAD_STREAMS_MAX + stream;
    for (size_t i = LOAD_MARK_DIGITS; i-- > 0; account /= 10) {
        mark[i] = (char)('0' + account % 10);
    }
    for (size_t i = LOAD_MARK_DIGITS + LOAD_SERIAL_DIGITS; i-- > LOAD_MARK_DIGITS; serial /= 10) {
        mark[i] = (char)('0' + serial % 10);
    }
}

void load_session_execute(struct load *load, struct load_session *session, uint64_t due_ns)
{
    char mark[LOAD_MARK_DIGITS + LOAD_SERIAL_DIGITS + 1];
    uint16_t stream = session->free_stream[--session->free_count];
    session->sent_ns[stream] = due_ns;
    load_session_mark(load, session, stream, mark);
    memcpy(load->value, mark, LOAD_MARK_DIGITS + LOAD_SERIAL_DIGITS);
    size_t begun = wire_begin(&session->out, load->options.version, stream, WIRE_EXECUTE);
    wire_u16(&session->out, (unsigned)session->id_size);
    wire_bytes(&session->out, session->id, session->id_size);
    wire_u16(&session->out, 1);
    wire_u8(&session->out, LOAD_VALUES | LOAD_SKIP_METADATA);
    wire_u16(&session->out, 1);
    wire_value(&session->out, load->value, load->options.value_bytes);
    wire_end(&session->out, begun);
}

static void load_session_got_prepared(struct load *load, struct load_session *session, const struct wire_frame *frame)
{
    struct wire_at in = {.at = frame->body, .left = frame->size};
    (void)wire_get_u32(&in);
    session->id_size = wire_get_u16(&in);
    const uint8_t *id = wire_get_bytes(&in, session->id_size);
    if (id == NULL || session->id_size > sizeof session->id) {
        load_session_close(load, session);
        return;
    }
    memcpy(session->id, id, session->id_size);
    session->free_count = 0;
    for (size_t i = load->options.inflight; i-- > 0;) {
        session->free_stream[session->free_count++] = (uint16_t)i;
    }
    session->state = LOAD_READY;
    load->ready++;
}

static void load_session_check(struct load *load, const struct load_session *session, const struct wire_frame *frame)
{
    char mark[LOAD_MARK_DIGITS + LOAD_SERIAL_DIGITS + 1];
    struct wire_at in = {.at = frame->body, .left = frame->size};
    if (wire_get_u32(&in) != WIRE_ROWS) {
        return;
    }
    bool bare = (wire_get_u32(&in) & 4) != 0;
    (void)wire_get_u32(&in);
    if (!bare) {
        (void)wire_get_bytes(&in, wire_get_u16(&in));
        (void)wire_get_bytes(&in, wire_get_u16(&in));
        (void)wire_get_bytes(&in, wire_get_u16(&in));
        (void)wire_get_u16(&in);
    }
    (void)wire_get_u32(&in);
    (void)wire_get_u32(&in);
    const uint8_t *value = wire_get_bytes(&in, LOAD_MARK_DIGITS + LOAD_SERIAL_DIGITS);
    load_session_mark(load, session, frame->stream, mark);
    load->result.wrong += value == NULL || memcmp(value, mark, LOAD_MARK_DIGITS + LOAD_SERIAL_DIGITS) != 0;
}

static void load_session_got_answer(struct load *load, struct load_session *session, const struct wire_frame *frame,
                                    uint64_t now)
{
    if (frame->stream >= load->options.inflight) {
        load->result.wrong++;
        return;
    }
    if (frame->opcode == WIRE_ERROR) {
        struct wire_at in = {.at = frame->body, .left = frame->size};
        load_report_error(&load->result, wire_get_u32(&in));
    } else {
        load_session_check(load, session, frame);
        session->account->last_result_ns = now;
    }
    session->free_stream[session->free_count++] = frame->stream;
    if (load->measuring) {
        load_report_latency(&load->result, now - session->sent_ns[frame->stream]);
    }
    if (load->options.rate == 0 && !load->stopping) {
        load_session_execute(load, session, now);
    }
}

static void load_session_again(struct load *load, struct load_session *session)
{
    load->result.requests += load->measuring;
    close(session->fd);
    session->in.len = session->in.start = 0;
    session->out.len = session->out.start = 0;
    if (load->stopping) {
        session->state = LOAD_GONE;
        load->gone++;
        return;
    }
    load_session_open(load, session);
}

static void load_session_logged_in(struct load *load, struct load_session *session)
{
    if (load->options.mode == LOAD_LOGIN) {
        load_session_again(load, session);
    } else if (load->options.mode == LOAD_IDLE) {
        session->state = LOAD_READY;
        load->ready++;
    } else {
        session->state = LOAD_PREPARING;
        load_session_prepare(load, session);
    }
}

static void load_session_got(struct load *load, struct load_session *session, const struct wire_frame *frame,
                             uint64_t now)
{
    if (session->state == LOAD_READY) {
        load_session_got_answer(load, session, frame, now);
    } else if (session->state == LOAD_GREETING && frame->opcode == WIRE_AUTHENTICATE) {
        session->state = LOAD_LOGGING_IN;
        load_session_login(load, session);
    } else if (session->state == LOAD_LOGGING_IN && frame->opcode == WIRE_AUTH_SUCCESS) {
        load_session_logged_in(load, session);
    } else if (session->state == LOAD_PREPARING && frame->opcode == WIRE_RESULT) {
        load_session_got_prepared(load, session, frame);
    } else {
        struct wire_at in = {.at = frame->body, .left = frame->size};
        uint32_t code = wire_get_u32(&in);
        unsigned size = wire_get_u16(&in);
        const uint8_t *text = wire_get_bytes(&in, size);
        load_report_error(&load->result, frame->opcode == WIRE_ERROR ? code : UINT32_MAX);
        if (load->options.account_count == 1) {
            fprintf(stderr, "load: opcode %u, error %04x: %.*s\n", frame->opcode, code, text != NULL ? (int)size : 0,
                    text != NULL ? (const char *)text : "");
        }
        load_session_close(load, session);
    }
}

void load_session_turn(struct load *load, struct load_session *session, uint32_t events)
{
    struct wire_frame frame;
    if (session->state == LOAD_GONE) {
        return;
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && wire_fill(session->fd, &session->in) < 0) {
        load_session_close(load, session);
        return;
    }
    uint64_t now = wire_now_ns();
    while (session->state != LOAD_GONE && session->in.data != NULL && wire_cut(&session->in, &frame)) {
        load_session_got(load, session, &frame, now);
    }
    load_session_flush(load, session);
}

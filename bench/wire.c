/* Bytes and sockets that the bench programs share. */
#include "wire.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

void wire_die(const char *what)
{
    perror(what);
    exit(1);
}

const uint8_t *wire_get_bytes(struct wire_at *in, size_t size)
{
    if (in->bad || size > in->left) {
        in->bad = true;
        return NULL;
    }
    const uint8_t *at = in->at;
    in->at += size;
    in->left -= size;
    return at;
}

uint8_t wire_get_u8(struct wire_at *in)
{
    const uint8_t *at = wire_get_bytes(in, 1);
    return at != NULL ? at[0] : 0;
}

uint16_t wire_get_u16(struct wire_at *in)
{
    const uint8_t *at = wire_get_bytes(in, 2);
    return at != NULL ? (uint16_t)(at[0] << 8 | at[1]) : 0;
}

uint32_t wire_get_u32(struct wire_at *in)
{
    const uint8_t *at = wire_get_bytes(in, 4);
    return at != NULL ? (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]
                      : 0;
}

static void wire_compact(struct wire_buf *buf)
{
    if (buf->start == 0) {
        return;
    }
    memmove(buf->data, buf->data + buf->start, buf->len - buf->start);
    buf->len -= buf->start;
    buf->start = 0;
}

uint8_t *wire_room(struct wire_buf *buf, size_t size)
{
    if (buf->cap - buf->len < size) {
        wire_compact(buf);
    }
    if (buf->cap - buf->len < size) {
        size_t cap = (buf->len + size) * 2;
        buf->data = realloc(buf->data, cap);
        if (buf->data == NULL) {
            wire_die("realloc");
        }
        buf->cap = cap;
    }
    return buf->data + buf->len;
}

void wire_free(struct wire_buf *buf)
{
    free(buf->data);
    *buf = (struct wire_buf){0};
}

void wire_bytes(struct wire_buf *buf, const void *data, size_t size)
{
    uint8_t *to = wire_room(buf, size);
    if (size > 0) {
        memcpy(to, data, size);
    }
    buf->len += size;
}

void wire_u8(struct wire_buf *buf, unsigned value)
{
    uint8_t byte = (uint8_t)value;
    wire_bytes(buf, &byte, 1);
}

void wire_u16(struct wire_buf *buf, unsigned value)
{
    uint8_t two[2] = {(uint8_t)(value >> 8), (uint8_t)value};
    wire_bytes(buf, two, sizeof two);
}

static void wire_store_u32(uint8_t *to, uint32_t value)
{
    to[0] = (uint8_t)(value >> 24);
    to[1] = (uint8_t)(value >> 16);
    to[2] = (uint8_t)(value >> 8);
    to[3] = (uint8_t)value;
}

void wire_u32(struct wire_buf *buf, uint32_t value)
{
    uint8_t four[4];
    wire_store_u32(four, value);
    wire_bytes(buf, four, sizeof four);
}

void wire_string(struct wire_buf *buf, const char *text)
{
    size_t size = strlen(text);
    wire_u16(buf, (unsigned)size);
    wire_bytes(buf, text, size);
}

void wire_long_string(struct wire_buf *buf, const char *text)
{
    wire_value(buf, text, strlen(text));
}

void wire_value(struct wire_buf *buf, const void *data, size_t size)
{
    wire_u32(buf, (uint32_t)size);
    wire_bytes(buf, data, size);
}

size_t wire_begin(struct wire_buf *buf, unsigned version, unsigned stream, enum wire_opcode opcode)
{
    uint8_t header[WIRE_HEADER] = {(uint8_t)version, 0, (uint8_t)(stream >> 8), (uint8_t)stream,
                                   (uint8_t)opcode};
    wire_room(buf, sizeof header);
    size_t begun = buf->len - buf->start;
    wire_bytes(buf, header, sizeof header);
    return begun;
}

void wire_end(struct wire_buf *buf, size_t begun)
{
    size_t size = buf->len - buf->start - begun - WIRE_HEADER;
    wire_store_u32(buf->data + buf->start + begun + 5, (uint32_t)size);
}

bool wire_cut(struct wire_buf *buf, struct wire_frame *frame)
{
    struct wire_at in = {.at = buf->data + buf->start, .left = buf->len - buf->start};
    if (in.left < WIRE_HEADER) {
        return false;
    }
    frame->version = wire_get_u8(&in);
    frame->flags = wire_get_u8(&in);
    frame->stream = wire_get_u16(&in);
    frame->opcode = wire_get_u8(&in);
    frame->size = wire_get_u32(&in);
    if (frame->size > WIRE_FRAME_MAX) {
        errno = EMSGSIZE;
        wire_die("frame");
    }
    frame->body = wire_get_bytes(&in, frame->size);
    if (in.bad) {
        return false;
    }
    buf->start += WIRE_HEADER + frame->size;
    if (buf->start == buf->len) {
        buf->start = 0;
        buf->len = 0;
    }
    return true;
}

int wire_fill(int fd, struct wire_buf *buf)
{
    uint8_t *to = wire_room(buf, WIRE_FILL);
    ssize_t got = recv(fd, to, WIRE_FILL, 0);
    if (got > 0) {
        buf->len += (size_t)got;
        return (int)got;
    }
    return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

int wire_flush(int fd, struct wire_buf *buf)
{
    while (buf->start < buf->len) {
        ssize_t sent = send(fd, buf->data + buf->start, buf->len - buf->start, MSG_NOSIGNAL);
        if (sent < 0) {
            return errno == EAGAIN || errno == EINTR ? 0 : -1;
        }
        buf->start += (size_t)sent;
    }
    buf->start = 0;
    buf->len = 0;
    return 1;
}

void wire_tune(int fd)
{
    int one = 1;
    static const char cubic[] = "cubic";
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, cubic, sizeof cubic - 1);
}

static uint64_t wire_clock(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t wire_cpu_ns(void)
{
    return wire_clock(CLOCK_PROCESS_CPUTIME_ID);
}

uint64_t wire_now_ns(void)
{
    return wire_clock(CLOCK_MONOTONIC);
}

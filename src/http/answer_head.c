#include "http/answer_head.h"

#include <time.h>

static const char *words_of(unsigned status)
{
    switch (status) {
#define STATUS(code, words) \
    case code:              \
        return words;
#include "http/status.def"
#undef STATUS
    }
    return "";
}

static void write_field(struct wr *out, bytes name, const char *value)
{
    wr_bytes(out, name);
    wr_bytes(out, BYTES(": "));
    wr_text(out, value);
    wr_bytes(out, BYTES("\r\n"));
}

/* RFC 9110, section 5.6.7: in English whatever the locale. */
static void write_date(int64_t s, char out[DOOR_DATE_SIZE])
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const time_t at = (time_t)s;
    struct tm tm = {0};
    struct wr w = wr_fixed(out, DOOR_DATE_SIZE - 1);
    (void)gmtime_r(&at, &tm);
    wr_format(&w, "%.3s, %02d %.3s %d %02d:%02d:%02d GMT", days + 3 * tm.tm_wday, tm.tm_mday,
              months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
    out[w.n] = 0;
}

/* Made once a second. */
static const char *date_of(struct http_door *d)
{
    const int64_t s = loop_now_utc_ms(d->loop) / 1000;
    if (s != d->date_s) write_date(s, d->date);
    d->date_s = s;
    return d->date;
}

static bool is_given(const struct http_answer *a, const char *name)
{
    for (size_t i = 0; i < a->headers_n; i++) {
        if (bytes_eq_nocase(bytes_of_text(a->headers[i].name), bytes_of_text(name))) return true;
    }
    return false;
}

static void write_usual(const struct http_answer *a, struct wr *out)
{
#define HEADER(name, value) \
    if (!is_given(a, name)) wr_bytes(out, BYTES(name ": " value "\r\n"));
#include "http/answer_header.def"
#undef HEADER
}

/* Where a status forbids a body it forbids its length, too (RFC 9110, sections 8.6 and 15.3.5). */
static void write_framing(const struct http_request *rq, bool chunked, struct wr *out)
{
    const struct http_answer *a = &rq->answer;
    if (chunked) {
        wr_bytes(out, BYTES("Transfer-Encoding: chunked\r\n"));
    } else if (!a->stream && a->status != 204 && a->status != 304) {
        wr_bytes(out, BYTES("Content-Length: "));
        wr_decimal(out, a->type ? (int64_t)a->body.n : 0);
        wr_bytes(out, BYTES("\r\n"));
    }
    if (a->close)
        wr_bytes(out, BYTES("Connection: close\r\n"));
    else if (rq->inside->head.http_1_0)
        wr_bytes(out, BYTES("Connection: keep-alive\r\n"));
}

void answer_head_write(struct http_request *rq, bool chunked, struct wr *out)
{
    const struct http_answer *a = &rq->answer;
    wr_bytes(out, BYTES("HTTP/1.1 "));
    wr_decimal(out, a->status);
    wr_bytes(out, BYTES(" "));
    wr_text(out, words_of(a->status));
    wr_bytes(out, BYTES("\r\n"));
    write_field(out, BYTES("Date"), date_of(rq->inside->door));
    write_framing(rq, chunked, out);
    write_field(out, BYTES("X-Request-Id"), rq->call.id);
    if (a->type) write_field(out, BYTES("Content-Type"), a->type);
    if (rq->inside->door->options.tls) write_field(out, BYTES(HTTP_HSTS_NAME), HTTP_HSTS_VALUE);
    write_usual(a, out);
    for (size_t i = 0; i < a->headers_n; i++)
        write_field(out, bytes_of_text(a->headers[i].name), a->headers[i].value);
    wr_bytes(out, BYTES("\r\n"));
}

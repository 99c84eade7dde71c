/* JSON written as it is said: a bit a depth remembers whether a comma is due. */
#include "http/json_out.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/utf8.h"

static void before_value(struct json_out *j)
{
    const uint32_t here = UINT32_C(1) << j->depth;
    if (j->keyed) {
        j->keyed = false;
        return;
    }
    if (j->filled & here) wr_u8(j->w, ',');
    j->filled |= here;
}

static void open_with(struct json_out *j, uint8_t bracket, bool object)
{
    before_value(j);
    wr_u8(j->w, bracket);
    CHECK(j->depth + 1 < JSON_OUT_DEPTH);
    j->depth++;
    const uint32_t here = UINT32_C(1) << j->depth;
    j->filled &= ~here;
    j->objects = object ? j->objects | here : j->objects & ~here;
}

void json_out_object(struct json_out *j)
{
    open_with(j, '{', true);
}

void json_out_array(struct json_out *j)
{
    open_with(j, '[', false);
}

void json_out_end(struct json_out *j)
{
    CHECK(j->depth > 0 && !j->keyed);
    wr_u8(j->w, j->objects & UINT32_C(1) << j->depth ? '}' : ']');
    j->depth--;
}

void json_out_key(struct json_out *j, const char *key)
{
    before_value(j);
    wr_u8(j->w, '"');
    wr_text(j->w, key);
    wr_text(j->w, "\":");
    j->keyed = true;
}

static bool is_plain(uint8_t c)
{
    return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

static void write_special(struct wr *w, uint8_t c)
{
    switch (c) {
    case '"':
        wr_text(w, "\\\"");
        return;
    case '\\':
        wr_text(w, "\\\\");
        return;
    case '\n':
        wr_text(w, "\\n");
        return;
    case '\r':
        wr_text(w, "\\r");
        return;
    case '\t':
        wr_text(w, "\\t");
        return;
    default:
        wr_format(w, "\\u%04x", (unsigned)c);
        return;
    }
}

void json_out_text(struct json_out *j, bytes text)
{
    const bool valid = utf8_is_valid(text);
    size_t from = 0;
    before_value(j);
    wr_u8(j->w, '"');
    for (size_t i = 0; i < text.n; i++) {
        const bool broken = !valid && text.p[i] >= 0x80;
        if (is_plain(text.p[i]) && !broken) continue;
        wr_bytes(j->w, bytes_part(text, from, i - from));
        if (broken) {
            wr_text(j->w, "\\ufffd");
        } else {
            write_special(j->w, text.p[i]);
        }
        from = i + 1;
    }
    wr_bytes(j->w, bytes_part(text, from, text.n));
    wr_u8(j->w, '"');
}

void json_out_int(struct json_out *j, int64_t v)
{
    before_value(j);
    wr_decimal(j->w, v);
}

void json_out_bool(struct json_out *j, bool v)
{
    before_value(j);
    wr_text(j->w, v ? "true" : "false");
}

void json_out_null(struct json_out *j)
{
    before_value(j);
    wr_text(j->w, "null");
}

void json_out_uuid(struct json_out *j, const struct uuid *u)
{
    char text[UUID_TEXT];
    uuid_write(u, text);
    json_out_text(j, bytes_of(text, sizeof text));
}

void json_out_time(struct json_out *j, int64_t utc_ns, int digits)
{
    char text[CLOCK_TEXT_SIZE];
    clock_write_utc(utc_ns, digits, text);
    json_out_text(j, bytes_of_text(text));
}

void json_out_raw(struct json_out *j, bytes json)
{
    before_value(j);
    wr_bytes(j->w, json);
}

void json_out_raw_text(struct json_out *j, const char *json)
{
    json_out_raw(j, bytes_of_text(json));
}

void json_out_pair(struct json_out *j, const char *key, bytes text)
{
    json_out_key(j, key);
    json_out_text(j, text);
}

void json_out_pair_uuid(struct json_out *j, const char *key, const struct uuid *u)
{
    json_out_key(j, key);
    json_out_uuid(j, u);
}

void json_out_pair_text(struct json_out *j, const char *key, const char *text)
{
    json_out_pair(j, key, bytes_of_text(text));
}

void json_out_key_object(struct json_out *j, const char *key)
{
    json_out_key(j, key);
    json_out_object(j);
}

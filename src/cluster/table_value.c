/* Only what stands in the keys and facts of system tables can be compared: texts, whole numbers,
 * UUIDs, truths and addresses. */
#include "cluster/table_value.h"

#include "cql/response.h"
#include "model/uuid.h"

#include <arpa/inet.h>
#include <stdlib.h>

enum { TYPE_TIMEUUID = 0x0F, NUMBER_MAX = 20 };

static err misfit(struct note *note)
{
    return note_fail(note, FAIL(CQL_INVALID), "A value does not fit the type of its column");
}

err table_value_binds(const struct request_params *params, uint32_t wanted, struct arena *arena,
                      struct table_binds *out, struct note *note)
{
    struct table_binds b = {.n = params->values_n, .named = params->flags & REQUEST_FLAG_NAMES};
    if (b.n != wanted)
        return note_fail(note, FAIL(CQL_INVALID), "Invalid amount of bind variables");
    b.values = arena_take_array(arena, b.n + 1, sizeof *b.values);
    b.names = arena_take_array(arena, b.n + 1, sizeof *b.names);
    if (!b.values || !b.names) return FAIL(NO_MEMORY);
    struct rd r = rd_over(params->values);
    for (size_t i = 0; i < b.n; i++) {
        if (!request_next_value(&r, b.named, &b.names[i], &b.values[i])) return misfit(note);
    }
    *out = b;
    return DONE;
}

static err find_bind(const struct statement_value *v, const struct table_binds *binds, bytes *out,
                     struct note *note)
{
    size_t at = v->bind;
    if (binds->named) {
        for (at = 0; at < binds->n && !bytes_eq(binds->names[at], v->text); at++)
            continue;
    }
    if (at >= binds->n) return note_fail(note, FAIL(CQL_INVALID), "A bound value is missing");
    if (binds->values[at].null || binds->values[at].unset) {
        return note_fail(note, FAIL(CQL_INVALID), "A bound value is null or not set");
    }
    *out = binds->values[at].data;
    return DONE;
}

uint16_t table_value_type(bytes option)
{
    struct rd r = rd_over(option);
    return rd_u16be(&r);
}

static err own(struct arena *arena, const void *p, size_t n, bytes *out)
{
    *out = arena_copy(arena, bytes_of(p, n));
    return arena->bad ? FAIL(NO_MEMORY) : DONE;
}

static err from_number(bytes text, uint16_t type, struct arena *arena, bytes *out,
                       struct note *note)
{
    char digits[NUMBER_MAX + 2];
    uint8_t room[8];
    char *end;
    struct wr w = wr_fixed(room, sizeof room);
    if (text.n == 0 || text.n > NUMBER_MAX) return misfit(note);
    memcpy(digits, text.p, text.n);
    digits[text.n] = 0;
    const long long v = strtoll(digits, &end, 10);
    if (*end) return misfit(note);
    if (type == RESPONSE_TYPE_INT && v >= INT32_MIN && v <= INT32_MAX) {
        wr_i32be(&w, (int32_t)v);
    } else if (type == RESPONSE_TYPE_BIGINT) {
        wr_u64be(&w, (uint64_t)v);
    } else {
        return misfit(note);
    }
    return own(arena, room, w.n, out);
}

static err from_text(bytes text, uint16_t type, struct arena *arena, bytes *out, struct note *note)
{
    char address[INET6_ADDRSTRLEN];
    uint8_t ip[16];
    if (type == RESPONSE_TYPE_VARCHAR || type == RESPONSE_TYPE_ASCII) {
        *out = text;
        return DONE;
    }
    if (type != RESPONSE_TYPE_INET || text.n >= sizeof address) return misfit(note);
    memcpy(address, text.p, text.n);
    address[text.n] = 0;
    if (inet_pton(AF_INET, address, ip) == 1) return own(arena, ip, 4, out);
    if (inet_pton(AF_INET6, address, ip) == 1) return own(arena, ip, 16, out);
    return misfit(note);
}

static err from_uuid(bytes text, uint16_t type, struct arena *arena, bytes *out, struct note *note)
{
    struct uuid u;
    if ((type != RESPONSE_TYPE_UUID && type != TYPE_TIMEUUID) || !uuid_read(text, &u))
        return misfit(note);
    return own(arena, u.b, sizeof u.b, out);
}

static err from_truth(bytes text, uint16_t type, bytes *out, struct note *note)
{
    if (type != RESPONSE_TYPE_BOOLEAN) return misfit(note);
    *out = bytes_eq_nocase(text, BYTES("true")) ? BYTES("\x01") : BYTES("\x00");
    return DONE;
}

err table_value_cell(const struct statement_value *v, bytes option, const struct table_binds *binds,
                     struct arena *arena, bytes *out, struct note *note)
{
    const uint16_t type = table_value_type(option);
    switch (v->type) {
    case STATEMENT_VALUE_BIND:
        return find_bind(v, binds, out, note);
    case STATEMENT_VALUE_TEXT:
        return from_text(v->text, type, arena, out, note);
    case STATEMENT_VALUE_INTEGER:
        return from_number(v->text, type, arena, out, note);
    case STATEMENT_VALUE_UUID:
        return from_uuid(v->text, type, arena, out, note);
    case STATEMENT_VALUE_BOOLEAN:
        return from_truth(v->text, type, out, note);
    case STATEMENT_VALUE_OTHER:
    case STATEMENT_VALUE_NULL:
        break;
    }
    return misfit(note);
}

err table_value_list(const struct statement_value *v, const struct table_binds *binds,
                     struct arena *arena, bytes **out, size_t *out_n, struct note *note)
{
    bytes list = {0};
    TRY(find_bind(v, binds, &list, note));
    struct rd r = rd_over(list);
    const uint32_t n = rd_u32be(&r);
    if (r.bad || n > list.n) return misfit(note);
    *out = arena_take_array(arena, n + 1, sizeof **out);
    if (!*out) return FAIL(NO_MEMORY);
    for (uint32_t i = 0; i < n; i++)
        (*out)[i] = rd_bytes32(&r);
    *out_n = n;
    return r.bad ? misfit(note) : DONE;
}

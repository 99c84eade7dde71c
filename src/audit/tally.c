/* A small open table of counts, emptied once a minute. */
#include "audit/tally.h"

#include <arpa/inet.h>
#include <stdio.h>

enum { MINUTE_MS = 60000 };

bool tally_wants(const struct event_draft *draft)
{
    return draft->who.kind == PRINCIPAL_NONE && draft->peer[0] && strcmp(draft->outcome, "done") != 0;
}

static void copy_text(char *out, size_t size, const char *text)
{
    const size_t n = strnlen(text, size - 1);
    memcpy(out, text, n);
    out[n] = 0;
}

/* The address alone: without brackets and port. */
static void address_part(const char *peer, char out[CALL_PEER_MAX])
{
    const bool bracket = peer[0] == '[';
    copy_text(out, CALL_PEER_MAX, bracket ? peer + 1 : peer);
    char *end = bracket ? strchr(out, ']') : strrchr(out, ':');
    if (end && (bracket || strchr(out, ':') == end)) *end = 0;
}

void tally_prefix(const char *peer, char out[TALLY_PREFIX_MAX])
{
    char address[CALL_PEER_MAX];
    char text[INET6_ADDRSTRLEN];
    uint8_t b[16];
    address_part(peer, address);
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    const bool six = inet_pton(AF_INET6, address, b) == 1;
    const bool four = six ? memcmp(b, mapped, sizeof mapped) == 0 : inet_pton(AF_INET, address, b) == 1;
    if (four) {
        const uint8_t *a = six ? b + 12 : b;
        snprintf(out, TALLY_PREFIX_MAX, "%u.%u.%u.0/24", a[0], a[1], a[2]);
    } else if (six) {
        memset(b + 6, 0, 10);
        (void)inet_ntop(AF_INET6, b, text, sizeof text);
        snprintf(out, TALLY_PREFIX_MAX, "%.42s/48", text);
    } else {
        copy_text(out, TALLY_PREFIX_MAX, address);
    }
}

static bool same(const struct tally_row *a, const struct tally_row *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->outcome, b->outcome) == 0 &&
           strcmp(a->prefix, b->prefix) == 0;
}

static struct tally_row *place(struct tally *t, const struct tally_row *key)
{
    const uint64_t h = hash_bytes(t->seed, bytes_of(key, offsetof(struct tally_row, count)));
    for (size_t i = 0; i < TALLY_ROWS; i++) {
        struct tally_row *row = &t->rows[(h + i) % TALLY_ROWS];
        if (row->count && same(row, key)) return row;
        if (row->count) continue;
        if (t->used >= TALLY_ROWS / 2) break;
        t->used++;
        *row = *key;
        return row;
    }
    struct tally_row *rest = &t->rows[TALLY_ROWS];
    *rest = (struct tally_row){.prefix = "others", .count = rest->count};
    copy_text(rest->name, sizeof rest->name, key->name);
    copy_text(rest->outcome, sizeof rest->outcome, key->outcome);
    return rest;
}

void tally_add(struct tally *t, const struct event_draft *draft, int64_t now_ms)
{
    struct tally_row key = {.count = 0};
    if (!t->used) {
        t->minute = now_ms / MINUTE_MS;
        t->seed = hash_seed_new();
    }
    copy_text(key.name, sizeof key.name, draft->name);
    copy_text(key.outcome, sizeof key.outcome, draft->outcome);
    tally_prefix(draft->peer, key.prefix);
    place(t, &key)->count++;
}

bool tally_is_due(const struct tally *t, int64_t now_ms)
{
    return t->used && now_ms / MINUTE_MS != t->minute;
}

void tally_flush(struct tally *t, void (*give)(void *owner, const struct event_draft *draft), void *owner)
{
    for (size_t i = 0; i <= TALLY_ROWS; i++) {
        struct tally_row *row = &t->rows[i];
        char detail[64];
        if (!row->count) continue;
        struct event_draft draft = {.name = row->name, .outcome = row->outcome};
        const int n = snprintf(detail, sizeof detail, "{\"count\":%llu}", (unsigned long long)row->count);
        copy_text(draft.peer, sizeof draft.peer, row->prefix);
        draft.detail = bytes_of(detail, (size_t)n);
        give(owner, &draft);
        row->count = 0;
    }
    t->used = 0;
}

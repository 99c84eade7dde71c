/* Numbers given back gather in a batch, which waits for a grace period as a whole. */
#include "index/live_word.h"

#include "base/check.h"
#include "base/list.h"
#include "index/grace.h"

#include <stdlib.h>

enum { WORDS_A_CHUNK = 8192, BATCH_MAX = 1000 };

struct live_batch {
    struct grace grace;
    struct live_words *owner;
    struct live_batch *next;
    size_t n;
    uint32_t numbers[BATCH_MAX];
};

bool live_word_init(struct live_words *l)
{
    *l = (struct live_words){0};
    return chunked_init(&l->words, sizeof(_Atomic uint32_t), WORDS_A_CHUNK);
}

void live_word_drop(struct live_words *l)
{
    chunked_drop(&l->words);
    free(l->free_numbers);
    free(l->gathering);
    struct live_batch *b = atomic_load_explicit(&l->over, memory_order_acquire);
    while (b) {
        struct live_batch *next = b->next;
        free(b);
        b = next;
    }
    *l = (struct live_words){0};
}

static _Atomic uint32_t *word(const struct live_words *l, uint32_t number)
{
    _Atomic uint32_t *w = chunked_at(&l->words, number);
    CHECK(w);
    return w;
}

static bool make_room(struct live_words *l, size_t more)
{
    if (l->free_n + more <= l->free_room) return true;
    const size_t room = (l->free_n + more) * 2;
    uint32_t *numbers = realloc(l->free_numbers, room * sizeof *numbers);
    if (!numbers) return false;
    l->free_numbers = numbers;
    l->free_room = room;
    return true;
}

/* Takes over the numbers that have waited long enough; without memory they are lost, which harms
 * nobody. */
static void collect(struct live_words *l)
{
    struct live_batch *b = atomic_exchange_explicit(&l->over, NULL, memory_order_acquire);
    while (b) {
        struct live_batch *next = b->next;
        if (make_room(l, b->n)) {
            memcpy(l->free_numbers + l->free_n, b->numbers, b->n * sizeof *b->numbers);
            l->free_n += b->n;
        }
        free(b);
        b = next;
    }
}

static void grace_is_over(struct grace *g)
{
    struct live_batch *b = LIST_OF(g, struct live_batch, grace);
    _Atomic(struct live_batch *) *over = &b->owner->over;
    b->next = atomic_load_explicit(over, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(over, &b->next, b, memory_order_release,
                                                  memory_order_relaxed)) {
    }
}

static void send_off(struct live_words *l)
{
    if (!l->gathering) return;
    grace_call(&l->gathering->grace, grace_is_over);
    l->gathering = NULL;
}

void live_word_give(struct live_words *l, uint32_t number)
{
    if (!l->gathering) l->gathering = calloc(1, sizeof *l->gathering);
    if (!l->gathering) return;
    l->gathering->owner = l;
    l->gathering->numbers[l->gathering->n++] = number;
    if (l->gathering->n == BATCH_MAX) send_off(l);
}

uint32_t live_word_take(struct live_words *l)
{
    if (l->free_n == 0) {
        send_off(l);
        collect(l);
    }
    const uint32_t number = l->free_n ? l->free_numbers[--l->free_n] : chunked_add(&l->words);
    if (number != UINT32_MAX) (void)live_word_renew(l, number);
    return number;
}

bool live_word_end(struct live_words *l, uint32_t number)
{
    _Atomic uint32_t *w = word(l, number);
    const uint32_t was = atomic_load_explicit(w, memory_order_relaxed);
    atomic_store_explicit(w, was & ~UINT32_C(1), memory_order_release);
    return live_word_is_active(was);
}

uint32_t live_word_renew(struct live_words *l, uint32_t number)
{
    _Atomic uint32_t *w = word(l, number);
    const uint32_t was = atomic_load_explicit(w, memory_order_relaxed);
    const uint32_t now = ((was >> 1) + 1) << 1 | 1;
    atomic_store_explicit(w, now, memory_order_release);
    return now;
}

uint32_t live_word_read(const struct live_words *l, uint32_t number)
{
    const _Atomic uint32_t *w = chunked_at(&l->words, number);
    return w ? atomic_load_explicit(w, memory_order_acquire) : 0;
}

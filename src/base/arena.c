#include "base/arena.h"

#include "base/check.h"
#include "base/secret.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLOCK_SIZE = 8192 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    size_t used;
    alignas(max_align_t) uint8_t data[];
};

void arena_init(struct arena *a, size_t max)
{
    *a = (struct arena){.max = max};
}

static void free_blocks(struct arena_block *b)
{
    while (b) {
        struct arena_block *next = b->next;
        free(b);
        b = next;
    }
}

void arena_reset(struct arena *a)
{
    if (a->blocks) {
        free_blocks(a->blocks->next);
        a->blocks->next = NULL;
        a->blocks->used = 0;
    }
    a->used = 0;
    a->bad = false;
}

void arena_wipe(struct arena *a, size_t most)
{
    for (struct arena_block *b = a->blocks; b; b = b->next)
        secret_wipe(b->data, b->used);
    if (a->blocks && a->blocks->size > most)
        arena_drop(a);
    else
        arena_reset(a);
}

void arena_drop(struct arena *a)
{
    free_blocks(a->blocks);
    *a = (struct arena){.max = a->max};
}

static bool add_block(struct arena *a, size_t n)
{
    const size_t size = n > BLOCK_SIZE ? n : BLOCK_SIZE;
    struct arena_block *b = malloc(sizeof *b + size);
    if (!b) return false;
    b->next = a->blocks;
    b->size = size;
    b->used = 0;
    a->blocks = b;
    return true;
}

void *arena_take(struct arena *a, size_t n)
{
    const size_t align = alignof(max_align_t);
    if (n > a->max || a->used > a->max - n) {
        a->bad = true;
        return NULL;
    }
    const size_t need = (n + align - 1) / align * align;
    if ((!a->blocks || need > a->blocks->size - a->blocks->used) && !add_block(a, need)) {
        a->bad = true;
        return NULL;
    }
    void *p = a->blocks->data + a->blocks->used;
    a->blocks->used += need;
    a->used += need;
    return memset(p, 0, n);
}

void *arena_take_array(struct arena *a, size_t n, size_t size)
{
    size_t all;
    if (__builtin_mul_overflow(n, size, &all)) {
        a->bad = true;
        return NULL;
    }
    return arena_take(a, all);
}

bytes arena_copy(struct arena *a, bytes b)
{
    uint8_t *p = arena_take(a, b.n);
    if (!p) return (bytes){0};
    if (b.n) memcpy(p, b.p, b.n);
    return (bytes){p, b.n};
}

char *arena_text(struct arena *a, bytes b)
{
    if (b.n == SIZE_MAX) return NULL;
    char *p = arena_take(a, b.n + 1);
    if (p && b.n) memcpy(p, b.p, b.n);
    return p;
}

char *arena_format(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    CHECK(n >= 0);
    char *p = arena_take(a, (size_t)n + 1);
    if (!p) return NULL;
    va_start(args, format);
    (void)vsnprintf(p, (size_t)n + 1, format, args);
    va_end(args);
    return p;
}

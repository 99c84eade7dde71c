/* Any request target: no crash, and what was decoded holds no control characters. */
#include "base/check.h"
#include "base/utf8.h"
#include "http/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_text(bytes b)
{
    CHECK(utf8_is_valid(b));
    for (size_t i = 0; i < b.n; i++) CHECK(b.p[i] >= 0x20 && b.p[i] != 0x7f);
}

static void check_target(const struct target *t)
{
    CHECK(t->segments_n <= TARGET_SEGMENTS_MAX && t->arguments_n <= TARGET_ARGUMENTS_MAX);
    for (size_t i = 0; i < t->segments_n; i++) check_text(t->segments[i]);
    for (size_t i = 0; i < t->arguments_n; i++) {
        check_text(t->arguments[i].name);
        check_text(t->arguments[i].value);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a;
    struct target t;
    bytes value = {0};
    size_t times;
    arena_init(&a, 1 << 20);
    if (err_is_ok(target_read(bytes_of(data, n), &a, &t))) check_target(&t);
    if (err_is_ok(target_form_field(bytes_of(data, n), "token", &a, &value, &times))) {
        CHECK(times > 0 || value.n == 0);
        check_text(value);
    }
    arena_drop(&a);
    return 0;
}

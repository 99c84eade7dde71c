/* Which cookie is ours among those that a browser sends. */
#include "unit.h"

#include "gate/gate.h"
#include "http/cookie.h"
#include "http/inside.h"

/* The gate is played. */
err gate_identify(struct gate *g, struct call *call, const struct credential *cred)
{
    (void)g;
    (void)call;
    (void)cred;
    return FAIL(TOKEN_UNKNOWN);
}

static bytes found_in(bool secure, const char *first, const char *second)
{
    static struct http_door door;
    static struct http_inside inside;
    static struct http_request rq;
    static struct head_field fields[2];
    fields[0] = (struct head_field){BYTES("cookie"), bytes_of_text(first)};
    fields[1] = (struct head_field){BYTES("Cookie"), bytes_of_text(second)};
    door.options.site.secure = secure;
    inside = (struct http_inside){.door = &door, .head = {.fields = fields, .fields_n = 2}};
    rq.inside = &inside;
    return cookie_secret(&rq);
}

static void finds_its_own_name_and_no_other(void **state)
{
    static const char *const others[] = {"", "latchkeys=x", "xlatchkey=x", "latchkey", "Latchkey=x", "a=latchkey=x", "latchkey =x", ";;; ="};
    (void)state;
    assert_bytes(found_in(false, "latchkey=abc", ""), "abc");
    assert_bytes(found_in(false, "a=1;latchkey=abc; b=2", ""), "abc");
    assert_bytes(found_in(false, "a=1", "b=2;  latchkey=a=b "), "a=b");
    assert_bytes(found_in(false, "latchkey=first; latchkey=second", "latchkey=third"), "first");
    assert_bytes(found_in(true, "latchkey=plain; __Host-latchkey=abc", ""), "abc");
    assert_int_equal(found_in(true, "latchkey=plain", "").n, 0);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) assert_int_equal(found_in(false, others[i], "a=b").n, 0);
}

UNIT_MAIN(cmocka_unit_test(finds_its_own_name_and_no_other))

/* Lines of the chain: what is no record, what was changed in one, and what follows what. */
#include "unit.h"

#include "audit/chain.h"

static struct wr three(void)
{
    struct chain c = {0};
    struct wr w = wr_growing(1 << 16);
    chain_append(&c, 0, 0, BYTES("{\"name\":\"one\"}"), &w);
    chain_append(&c, 1000000, 7, BYTES("{\"name\":\"two\"}"), &w);
    chain_append(&c, 2000000, 3, BYTES("{}"), &w);
    return w;
}

static bytes line_at(const struct wr *w, int n)
{
    bytes left = wr_view(w);
    for (;; n--) {
        const uint8_t *end = memchr(left.p, '\n', left.n);
        const bytes line = bytes_of(left.p, (size_t)(end - left.p));
        if (n == 0) return line;
        left = bytes_part(left, line.n + 1, left.n);
    }
}

static void refuses_what_is_no_record(void **state)
{
    (void)state;
    struct chain_record r;
    struct wr w = three();
    const bytes line = line_at(&w, 0);
    assert_err(chain_read((bytes){0}, &r, NULL), AUDIT_BROKEN);
    assert_err(chain_read(BYTES("{}"), &r, NULL), AUDIT_BROKEN);
    for (size_t n = 0; n < line.n; n++) {
        assert_err(chain_read(bytes_part(line, 0, n), &r, NULL), AUDIT_BROKEN);
        assert_err(chain_read(bytes_part(line, n + 1, line.n), &r, NULL), AUDIT_BROKEN);
    }
    wr_drop(&w);
}

static void finds_every_changed_bit(void **state)
{
    (void)state;
    struct chain_record r;
    struct wr w = three();
    const bytes line = line_at(&w, 1);
    uint8_t copy[1024];
    for (size_t bit = 0; bit < line.n * 8; bit++) {
        memcpy(copy, line.p, line.n);
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_err(chain_read(bytes_of(copy, line.n), &r, NULL), AUDIT_BROKEN);
    }
    assert_ok(chain_read(line, &r, NULL));
    wr_drop(&w);
}

static void knows_what_follows(void **state)
{
    (void)state;
    struct chain none = {0};
    struct chain_record one, two, last;
    struct wr w = three();
    assert_ok(chain_read(line_at(&w, 0), &one, NULL));
    assert_ok(chain_read(line_at(&w, 1), &two, NULL));
    assert_ok(chain_read(line_at(&w, 2), &last, NULL));
    assert_err(chain_follows(&none, &two, NULL), AUDIT_BROKEN);
    assert_err(chain_follows(&one.at, &last, NULL), AUDIT_BROKEN);
    assert_err(chain_follows(&two.at, &one, NULL), AUDIT_BROKEN);
    struct chain forged = one.at;
    forged.hash[0] ^= 1;
    assert_err(chain_follows(&forged, &two, NULL), AUDIT_BROKEN);
    assert_ok(chain_follows(&none, &one, NULL));
    assert_ok(chain_follows(&one.at, &two, NULL));
    assert_ok(chain_follows(&two.at, &last, NULL));
    assert_int_equal(last.at.seq, 3);
    assert_int_equal(last.at.row, 7);
    assert_bytes(two.event, "{\"name\":\"two\"}");
    assert_bytes(two.time, "1970-01-01T00:00:00.001Z");
    wr_drop(&w);
}

static void the_format_stays(void **state)
{
    (void)state;
    struct wr w = three();
    assert_bytes(line_at(&w, 0),
                 "{\"seq\":1,\"time\":\"1970-01-01T00:00:00.000Z\",\"row\":0,\"prev\":\""
                 "0000000000000000000000000000000000000000000000000000000000000000\",\"event\":"
                 "{\"name\":\"one\"},\"hash\":\""
                 "cb5a57ce1e6ab2cd771d8281aeaec42b45ab34971a8846e14f30a2d65f16006d\"}");
    wr_drop(&w);
}

UNIT_MAIN(cmocka_unit_test(refuses_what_is_no_record), cmocka_unit_test(finds_every_changed_bit),
          cmocka_unit_test(knows_what_follows), cmocka_unit_test(the_format_stays))

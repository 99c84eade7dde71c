/* What a request carries: lines as they are, up to a number and a size, the first in any case. */
#include "unit.h"

#include "export/message.h"
#include "model/destination.h"

#include <jansson.h>
#include <stdlib.h>

static const struct chain_record record = {.time = {(const uint8_t *)"2026-01-31T12:00:00.125Z", 24}};

static void a_webhook_is_given_lines(void **state)
{
    (void)state;
    const struct record_audit_export e = {.destination = DESTINATION_WEBHOOK};
    struct message m;
    assert_ok(message_begin(&e, MESSAGE_RECORDS_MAX, &m));
    assert_true(message_add(&m, &record, BYTES("{\"seq\":1}")));
    assert_true(message_add(&m, &record, BYTES("{\"seq\":2}")));
    assert_bytes(wr_view(&m.body), "{\"seq\":1}\n{\"seq\":2}\n");
    assert_string_equal(message_type(&e), "application/x-ndjson");
    message_drop(&m);
}

static void splunk_is_given_events(void **state)
{
    (void)state;
    const struct record_audit_export e = {.destination = DESTINATION_SPLUNK, .index = BYTES("a\"b"), .source = BYTES("s")};
    struct message m;
    assert_ok(message_begin(&e, MESSAGE_RECORDS_MAX, &m));
    assert_true(message_add(&m, &record, BYTES("{\"seq\":1}")));
    assert_bytes(wr_view(&m.body), "{\"source\":\"s\",\"sourcetype\":\"_json\",\"index\":\"a\\\"b\",\"time\":1769860800.125,"
                 "\"event\":{\"seq\":1}}\n");
    json_t *o = json_loadb((const char *)m.body.p, m.body.n, 0, NULL);
    assert_non_null(o);
    json_decref(o);
    message_drop(&m);
}

static void it_is_full_by_number_and_by_size(void **state)
{
    (void)state;
    const struct record_audit_export e = {.destination = DESTINATION_WEBHOOK};
    struct message m;
    assert_ok(message_begin(&e, 3, &m));
    for (int i = 0; i < 3; i++) assert_true(message_add(&m, &record, BYTES("{}")));
    assert_false(message_add(&m, &record, BYTES("{}")));
    assert_int_equal(m.records, 3);
    message_drop(&m);

    uint8_t *line = malloc(CHAIN_LINE_MAX);
    assert_non_null(line);
    memset(line, 'x', CHAIN_LINE_MAX);
    assert_ok(message_begin(&e, MESSAGE_RECORDS_MAX, &m));
    while (message_add(&m, &record, bytes_of(line, CHAIN_LINE_MAX))) continue;
    assert_false(m.body.bad);
    assert_true(m.records > 1 && m.records < MESSAGE_RECORDS_MAX);
    assert_int_equal(m.body.n, m.records * (CHAIN_LINE_MAX + 1));
    message_drop(&m);
    free(line);
}

UNIT_MAIN(cmocka_unit_test(a_webhook_is_given_lines), cmocka_unit_test(splunk_is_given_events),
          cmocka_unit_test(it_is_full_by_number_and_by_size))

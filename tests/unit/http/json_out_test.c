/* JSON as written is JSON as read. */
#include "unit.h"

#include "http/json_out.h"

#include <jansson.h>

static void texts_are_escaped(void **state)
{
    (void)state;
    struct wr w = wr_growing(1 << 16);
    struct json_out j = json_out_to(&w);
    json_out_array(&j);
    json_out_text(&j, bytes_of("a\"\\\n\r\t\x01\x7f/", 9));
    json_out_text(&j, BYTES("caf\xc3\xa9"));
    json_out_text(&j, BYTES("bad\xff."));
    json_out_text(&j, (bytes){0});
    json_out_end(&j);
    assert_bytes(wr_view(&w), "[\"a\\\"\\\\\\n\\r\\t\\u0001\\u007f/\",\"caf\xc3\xa9\",\"bad\\ufffd.\",\"\"]");
    wr_drop(&w);
}

static void commas_look_after_themselves(void **state)
{
    (void)state;
    struct wr w = wr_growing(1 << 16);
    struct json_out j = json_out_to(&w);
    json_out_object(&j);
    json_out_key(&j, "empty");
    json_out_array(&j);
    json_out_end(&j);
    json_out_key(&j, "list");
    json_out_array(&j);
    for (int i = 0; i < 3; i++) {
        json_out_object(&j);
        json_out_key(&j, "n");
        json_out_int(&j, -i);
        json_out_key(&j, "even");
        json_out_bool(&j, i % 2 == 0);
        json_out_end(&j);
    }
    json_out_null(&j);
    json_out_end(&j);
    json_out_pair(&j, "last", BYTES("x"));
    json_out_key(&j, "at");
    json_out_time(&j, INT64_C(1500000000123456789), 3);
    json_out_end(&j);
    assert_bytes(wr_view(&w), "{\"empty\":[],\"list\":[{\"n\":0,\"even\":true},{\"n\":-1,\"even\":false},"
                              "{\"n\":-2,\"even\":true},null],\"last\":\"x\",\"at\":\"2017-07-14T02:40:00.123Z\"}");
    json_t *read = json_loadb((const char *)w.p, w.n, 0, NULL);
    assert_non_null(read);
    json_decref(read);
    wr_drop(&w);
}

UNIT_MAIN(cmocka_unit_test(texts_are_escaped), cmocka_unit_test(commas_look_after_themselves))

/* tests/table/statements.txt in memory, for the tests that go through all of it. */
#pragma once

#include "statement/schema_apply.h"
#include "statement/statement.h"
#include "statement/table_path.h"

#include <stdio.h>
#include <stdlib.h>

enum { CORPUS_MAX = 2000 };

struct corpus {
    char *lines[CORPUS_MAX];
    size_t n;
};

/* Statements, and lines that begin with "refused ". */
static inline void corpus_read(struct corpus *c)
{
    FILE *f = fopen(TABLE_FOLDER "/statements.txt", "r");
    assert_non_null(f);
    char *line = NULL;
    size_t size = 0;
    ssize_t n;
    while ((n = getline(&line, &size, f)) > 0) {
        if (line[n - 1] == '\n') line[n - 1] = '\0';
        if (line[0] == '\0' || line[0] == '#') continue;
        assert_true(c->n < CORPUS_MAX);
        c->lines[c->n++] = strdup(line);
    }
    free(line);
    (void)fclose(f);
}

static inline void corpus_drop(struct corpus *c)
{
    for (size_t i = 0; i < c->n; i++) free(c->lines[i]);
}

/* A picture in which the corpus' functions, indexes and views exist. */
static inline void corpus_schema(struct schema *s, struct arena *call)
{
    static const char ddl[] =
        "CREATE KEYSPACE ks WITH replication = {}; CREATE TABLE ks.t (k int PRIMARY KEY);"
        "CREATE INDEX idx ON ks.t (k); CREATE INDEX userindex ON ks.t (k);"
        "CREATE MATERIALIZED VIEW ks.v AS SELECT * FROM t PRIMARY KEY (k);";
    static const char *const functions[] = {
        "ks.f", "ks.g", "ks.h", "ks2.f", "\"Ks\".\"F\"", "ks.\"F\"", "ks.token", "ks.count", "ks.a"};
    struct note note = {0};
    assert_ok(schema_apply_all(s, bytes_of_text(ddl), call, &note));
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        const char *text = arena_format(call,
                                        "CREATE FUNCTION %s() CALLED ON NULL INPUT RETURNS int "
                                        "LANGUAGE java AS ''",
                                        functions[i]);
        assert_ok(schema_apply(s, (bytes){0}, bytes_of_text(text), call, &note));
    }
    arena_reset(call);
}

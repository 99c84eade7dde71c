"""Cassandra's own parser as the judge of ours: what it takes we take, what it refuses we refuse, and what we write again
is the same kind of statement to it. Over the corpus of tests/table and over statements that were changed a little."""
import json
import os
import pathlib
import random
import re
import subprocess

import pytest

import cassandra_node

TESTS = pathlib.Path(__file__).resolve().parent.parent
CORPUS = TESTS / "table" / "statements.txt"
JUDGE = TESTS / "judge" / "Judge.java"
MUTATIONS = 1_000_000 if os.environ.get("LATCHKEY_TEST_LONG") else 30_000
TOKEN = re.compile(r"""\$\$.*?\$\$|'(?:[^']|'')*'|"(?:[^"]|"")*"|[\w.+-]*\w|\s+|.""", re.ASCII)

# What the judge's parser looks at beyond grammar: whether classes, functions and names fit together.
BEYOND_GRAMMAR = re.compile("(?:Unable to find|Invalid) abstract-type|frozen<> is only allowed|Duplicate column|"
                            "NullPointerException|Multiple definition|Multiple incompatible|doesn't exist|not supported|"
                            "InvalidRequestException|ConfigurationException|NumberFormatException|"
                            "COMPACT STORAGE tables are not allowed")

SCHEMA = ["CREATE TABLE ks.t (k int PRIMARY KEY)", "CREATE INDEX idx ON ks.t (k)", "CREATE INDEX userindex ON ks.t (k)",
          "CREATE MATERIALIZED VIEW ks.v AS SELECT * FROM t PRIMARY KEY (k)"]
SCHEMA += ["CREATE FUNCTION %s() CALLED ON NULL INPUT RETURNS int LANGUAGE java AS ''" % name for name in
           ("ks.f", "ks.g", "ks.h", "ks2.f", '"Ks"."F"', 'ks."F"', "ks.token", "ks.count", "ks.a")]


def corpus():
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "refused "))]


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    """Texts in, the verdicts of Cassandra's parser out. Compiled by the compiler that Cassandra brings for functions."""
    classes = str(tmp_path_factory.mktemp("judge"))
    folder = pathlib.Path(cassandra_node.fetch())
    jars = str(folder / "*")
    java = cassandra_node.find_java()

    def jar(name):
        return str(next(folder.glob(name + "-[0-9]*.jar")))

    needed = os.pathsep.join((jar("cassandra-all"), jar("antlr-runtime")))
    subprocess.run([java, "-cp", jar("ecj"), "org.eclipse.jdt.internal.compiler.batch.Main", "-nowarn", "-11",
                    "-proc:none", "-cp", needed, "-d", classes, str(JUDGE)], check=True)

    def ask(texts, what="parse"):
        lines = "\n".join(text.encode().hex() for text in texts) + "\n"
        done = subprocess.run([java, "-Xmx512m", "-cp", classes + os.pathsep + jars, "Judge", what],
                              input=lines, capture_output=True, text=True, check=True)
        verdicts = done.stdout.split("\n")[:-1]
        assert len(verdicts) == len(texts)
        return verdicts

    return ask


@pytest.fixture(scope="module")
def ours(binary, tmp_path_factory):
    schema = tmp_path_factory.mktemp("ours") / "schema.cql"
    schema.write_text(";\n".join(SCHEMA), encoding="utf-8")

    def ask(texts):
        lines = "".join(json.dumps({"keyspace": "ks", "cql": text}) + "\n" for text in texts)
        done = subprocess.run([binary, "statement", "--schema", str(schema)], input=lines, capture_output=True,
                              text=True, check=True)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(answers) == len(texts)
        return answers

    return ask


def is_syntax_error(answer):
    return not answer["accepted"] and answer["error"].startswith("line ")


def is_refused_by_name(answer):
    return not answer["accepted"] and "through the gateway" in answer["error"]


def kind(verdict):
    """DESCRIBE of a bare name becomes DESCRIBE of what it is."""
    return "DescribeStatement" if "DescribeStatement" in verdict else verdict


def disagreements(texts, ours, judge):
    answers, verdicts = ours(texts), judge(texts)
    for text, answer, verdict in zip(texts, answers, verdicts):
        if is_refused_by_name(answer) or BEYOND_GRAMMAR.search(verdict):
            continue
        if is_syntax_error(answer) == verdict.startswith("OK"):
            yield text, answer["error"], verdict
    pairs = [(a["statement"], v) for a, v in zip(answers, verdicts) if a["accepted"] and v.startswith("OK")]
    for (written, before), after in zip(pairs, judge([written for written, _ in pairs])):
        if kind(before) != kind(after):
            yield written, before, after
    for (written, _), answer in zip(pairs, ours([written for written, _ in pairs])):
        if answer["statement"] != written:
            yield written, "changes when written again", answer


def test_the_corpus_is_what_cassandra_takes(ours, judge):
    texts = corpus()
    assert not [text for text, verdict in zip(texts, judge(texts)) if verdict.startswith("ERR")]
    assert not list(disagreements(texts, ours, judge))


def mutate(tokens, source):
    tokens = list(tokens)
    at, other = source.randrange(len(tokens)), source.choice(PIECES)
    begin = source.randrange(len(other))
    piece = other[begin:begin + source.randint(1, 8)]
    way = source.randrange(6)
    if way == 0:
        del tokens[at]
    elif way == 1:
        tokens[at:at] = [source.choice(VOCABULARY), " "]
    elif way == 2:
        tokens[at] = source.choice(VOCABULARY)
    elif way == 3:
        there = source.randrange(len(tokens))
        tokens[at], tokens[there] = tokens[there], tokens[at]
    elif way == 4:
        tokens[at:at] = piece
    else:
        tokens[at:at + source.randint(1, 6)] = piece
    return "".join(tokens)


PIECES = [TOKEN.findall(line) for line in corpus()]
VOCABULARY = sorted({token for tokens in PIECES for token in tokens if not token.isspace()})


def mutated():
    source = random.Random(20261124)
    return sorted({mutate(source.choice(PIECES), source) for _ in range(MUTATIONS)} - {""})


def test_a_statement_changed_a_little_is_judged_alike(ours, judge):
    texts = mutated()
    wrong = list(disagreements(texts, ours, judge))
    assert not wrong, "%d of %d, first %s" % (len(wrong), len(texts), wrong[:5])


# what is written again, and what it needs, as Cassandra reads it

def words(text, tokens):
    """The tokens as (kind, value): names by what they name, texts by what they say, the rest as it is written."""
    units, out = text.encode("utf-16-le"), []
    for item in tokens.split(" ")[1:]:
        name, _, place = item.rpartition("@")
        begin, end = map(int, place.split("-"))
        written = units[2 * begin:2 * end].decode("utf-16-le")
        if name in ("QUOTED_NAME", "EMPTY_QUOTED_NAME"):
            out.append(("name", written[1:-1].replace('""', '"')))
        elif name == "STRING_LITERAL":
            out.append(("text", written[1:-1].replace("''", "'") if written[0] == "'" else written[2:-2]))
        elif name == "IDENT" or name.startswith("K_"):
            out.append(("name", {"desc": "describe"}.get(written.lower(), written.lower())))
        elif written != ";":
            out.append(("sign", written.lower()))
    return out


def inserted(before, after):
    """What `after` has besides all of `before`, in its order; None where something of `before` is gone."""
    more, at = [], 0
    for word in after:
        if at < len(before) and word == before[at]:
            at += 1
        else:
            more.append(word)
    return more if at == len(before) else None


def accepted(texts, ours):
    return [(text, answer) for text, answer in zip(texts, ours(texts)) if answer["accepted"]]


def test_what_is_written_again_differs_only_by_qualifying_names(ours, judge):
    pairs = [(text, answer["statement"]) for text, answer in accepted(corpus() + mutated(), ours)]
    lexed = judge([text for text, _ in pairs], "lex"), judge([written for _, written in pairs], "lex")
    for (text, written), first, second in zip(pairs, *lexed):
        before, after = words(text, first), words(written, second)
        if before[0][1] == "describe":      # becomes DESCRIBE of what it is
            continue
        more = inserted(before, after)
        assert more is not None, (text, written)
        names = [value for kind, value in more if kind == "name"]
        assert len(more) == 2 * len(names) and more.count(("sign", ".")) == len(names), (text, written)
        assert set(names) <= {"ks"} | {value for kind, value in before if kind == "name"}, (text, written)


def needs_of(parsed):
    """What a statement of this kind asks for, from Cassandra's own parse; None: not looked at here."""
    kind, *fields = parsed.split("\t")
    names = [tuple(field.split("=", 1)[1].split("\x01")) for field in fields if "\x01" in field]
    if not names or names[0][0].startswith("system"):
        return None
    table = ("ks" if names[0][0] == "~" else names[0][0], names[0][1])
    if kind.startswith("SelectStatement"):
        return {("db-table-select", *table)}
    if kind.startswith(("UpdateStatement", "DeleteStatement")):
        return {("db-table-modify", *table)} | ({("db-table-select", *table)} if "if=" in fields else set())
    if kind.startswith("Truncate"):
        return {("db-table-modify", *table)}
    if kind.startswith(("CreateTable", "AlterTable", "DropTable")):
        return {("db-table-" + kind.split("Table")[0].lower(), *table)}
    return None


def test_the_tables_that_cassandra_reads_are_those_that_our_rights_name(ours, judge):
    pairs = accepted(corpus() + mutated(), ours)
    looked_at = 0
    for (text, answer), verdict in zip(pairs, judge([text for text, _ in pairs], "names")):
        if not verdict.startswith("OK "):
            continue
        statements = [needs_of(one) for one in verdict[3:].split("\x02")]
        if statements[0] is None and len(statements) > 1:       # a batch names nothing itself
            statements = statements[1:]
        if None in statements or re.search(r"_scylla_cdc_log\b|\bv\b", text):
            continue
        named = {(a["action"], a["keyspace"], a["table"]) for a in answer["actions"] if a["table"] != "*"}
        assert named == set().union(*statements), (text, verdict)
        looked_at += 1
    assert looked_at > 150

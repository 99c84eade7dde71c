"""The API's rows as the code has them: src/api/route.def and shape.def, read as text."""
import json
import pathlib
import re

API = pathlib.Path(__file__).resolve().parent.parent.parent / "src" / "api"
ROUTE = re.compile(r'^ROUTE\((\w+), "([^"]*)", (\w+), "((?:[^"\\]|\\.)*)", (\w+), (\w+), (\w+), (\d+), (\w+),', re.M)
FIELD = re.compile(r'^FIELD\((\w+), (\w+), "([^"]*)", (\w+), (\w+), .*?, (\w+), "(?:[^"\\]|\\.)*", (NULL|"(?:[^"\\]|\\.)*")\)', re.M)


class Route:
    def __init__(self, row):
        self.method, self.path, self.who, self.actions, self.handler, self.query, self.body, status, self.answer = row
        self.status = int(status)
        self.placeholders = re.findall(r"\{(\w+)\}", self.path)

    def __repr__(self):
        return "%s %s" % (self.method, self.path)


class Field:
    def __init__(self, row):
        self.shape, self.id, self.name, self.type, self.need, self.item, example = row
        self.example = None if example == "NULL" else json.loads(json.loads(example))


def routes():
    text = (API / "route.def").read_text(encoding="utf-8")
    found = [Route(row) for row in ROUTE.findall(text)]
    assert len(found) == len(re.findall(r"^ROUTE\(", text, re.M)), "a row has another form"
    return found


def fields():
    """Fields by shape."""
    text = (API / "shape.def").read_text(encoding="utf-8")
    found = {}
    rows = FIELD.findall(text)
    assert len(rows) == len(re.findall(r"^FIELD\(", text, re.M)), "a row has another form"
    for row in rows:
        found.setdefault(row[0], []).append(Field(row))
    return found

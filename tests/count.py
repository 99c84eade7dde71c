#!/usr/bin/env python3
"""Counts what a part of ./test did: prints "PASSED FAILED", and the names of what failed on standard error.

usage: count.py meson BUILD | count.py pytest JUNIT.xml
A program that dies without naming a failed test counts as one; a skipped test is not a passed one.
"""
import json
import re
import sys
import xml.etree.ElementTree

GOOD = re.compile(r"^\[       OK \]", re.M)
BAD = re.compile(r"^\[  FAILED  \] (?!\d+ test)(\w+)", re.M)


def count_meson(build):
    passed = failed = 0
    with open(build + "/meson-logs/testlog.json", encoding="utf-8") as lines:
        for line in lines:
            program = json.loads(line)
            text = program.get("stdout", "") + "\n" + program.get("stderr", "")
            good, bad = len(GOOD.findall(text)), sorted(set(BAD.findall(text)))
            if program["result"] == "OK":
                passed += max(good, 1)
                continue
            passed += good
            failed += max(len(bad), 1)
            print("FAILED %s %s (%s)" % (program["name"], ", ".join(bad), program["result"]), file=sys.stderr)
            print("\n".join(text.splitlines()[-40:]), file=sys.stderr)
    return passed, failed


def count_pytest(path):
    suite = xml.etree.ElementTree.parse(path).getroot()
    suite = suite if suite.tag == "testsuite" else suite.find("testsuite")
    tests, bad = int(suite.get("tests")), sum(int(suite.get(k)) for k in ("failures", "errors", "skipped"))
    bad = min(bad, tests) if tests else max(bad, 1)
    return tests - bad, bad


def main():
    what, where = sys.argv[1:]
    try:
        passed, failed = count_meson(where) if what == "meson" else count_pytest(where)
    except (OSError, ValueError, AttributeError, xml.etree.ElementTree.ParseError) as failure:
        print("count: %s" % failure, file=sys.stderr)
        passed, failed = 0, 1
    print(passed, failed)


if __name__ == "__main__":
    main()

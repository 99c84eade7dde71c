#!/usr/bin/env python3
"""Writes action.def or builtin_role.def from src/model/builtin_roles.json to standard output."""
import json
import sys


def identifier(name):
    return name.upper().replace("-", "_")


def actions(data):
    print("/* enumerator, name, level, display, group */")
    for a in data["actions"]:
        print(f'ACTION({identifier(a["name"])}, "{a["name"]}", {a["level"].upper()}, '
              f'"{a["display"]}", "{a["group"]}")')


def roles(data):
    print("/* id, name, display, level, actions in wire order, resources in wire order */")
    for r in data["roles"]:
        names = " ".join(f"A({identifier(a)})" for a in r["actions"])
        lines = " ".join(f'R("{line}")' for line in r["resources"])
        print(f'BUILTIN_ROLE("{r["id"]}", "{r["name"]}", "{r["display"]}", '
              f'{r["level"].upper()}, {names}, {lines})')


with open(sys.argv[2], encoding="utf-8") as source:
    {"actions": actions, "roles": roles}[sys.argv[1]](json.load(source))

#!/usr/bin/env python3
"""Writes a file's bytes as numbers with commas, to be included between the braces of a C array."""
import sys

with open(sys.argv[1], "rb") as source:
    data = source.read()
print("/* the bytes of a file beside the code */")
for at in range(0, len(data), 24):
    print(", ".join(str(b) for b in data[at:at + 24]) + ",")

#!/usr/bin/env python3
"""Follows every relative link of the documents: the file is there, and so is the heading. Where a link's text is
one name in code and the target is a source, the name stands in that source: a test that is gone is noticed."""
import os, re, sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def documents():
    for at, folders, names in os.walk(ROOT):
        folders[:] = sorted(f for f in folders if f not in (".git", "build", "node_modules"))
        yield from (os.path.join(at, name) for name in sorted(names) if name.endswith(".md"))


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def anchors(text):
    headings = re.findall(r"^#+ +(.*)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def wrong_links(path):
    page = re.sub(r"^```.*?^```", "", read(path), flags=re.M | re.S)
    for words, link in re.findall(r"\[([^\]\n]*)\]\(([^)\s]+)\)", page):
        target, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        there = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
        name = re.fullmatch(r"`(\w+)`", words)
        if not os.path.exists(there):
            yield link + " is not there"
        elif anchor and anchor not in anchors(read(there)):
            yield link + ": there is no such heading"
        elif name and there.endswith(".cpp") and name.group(1) not in read(there):
            yield link + " has no " + name.group(1)


if __name__ == "__main__":
    sys.exit("\n".join("%s: %s" % (os.path.relpath(path, ROOT), wrong)
                       for path in documents() for wrong in wrong_links(path)) or 0)

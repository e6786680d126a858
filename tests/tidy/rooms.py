#!/usr/bin/env python3
"""Draws who includes whom, folder by folder and room by room, as Mermaid.

  rooms.py           prints the graphs
  rooms.py --write   puts them between the two marks in docs/architecture.md
  rooms.py --check   fails when the page has others

Every form fails when an include goes up. The order of folders and rooms stands in one place:
tests/tidy/include_rules.cpp. An arrow that others imply is left out.
"""
import os, re, sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = "docs/architecture.md"
MARKS = "<!-- drawn by tests/tidy/rooms.py -->", "<!-- end of what rooms.py draws -->"


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


# What users include as <reprise/NAME>, and so do the examples: the header that it stands for.
PUBLIC = dict(re.findall(r'^  "(\S+) (\S+)"', read("cmake/public_headers.cmake"), re.M))


def rules():
    """Folders that each folder may include; rows of rooms from the top."""
    text = read("tests/tidy/include_rules.cpp")
    below, order = (re.search(name + r" = \{(.*?)\};", text, re.S).group(1)
                    for name in ("below", "order_of_rooms"))
    below = {folder: re.findall(r'"([^"]+)"', lower)
             for folder, lower in re.findall(r'\{"([^"]+)", \{([^}]*)\}\}', below + "}")}
    rows = {folder: [row.split() for row in "".join(re.findall(r'"([^"]*)"', rooms)).split("|")]
            for folder, rooms in re.findall(r'\{"([^"]+)",\s*("[^}]*)', order)}
    return below, rows


def place(path, folders):
    """The folder and the room of a path; the room is empty for what stands in the folder's root."""
    folder = max((f for f in folders if path.startswith(f + "/")), key=len, default="")
    return folder, path[len(folder) + 1:].rpartition("/")[0].split("/")[0]


def includes(folders):
    for top in sorted({f.split("/")[0] for f in folders}):
        for at, _, names in sorted(os.walk(os.path.join(ROOT, top))):
            for name in sorted(n for n in names if n.endswith((".hpp", ".cpp", ".cu", ".cuh"))):
                path = os.path.relpath(os.path.join(at, name), ROOT).replace(os.sep, "/")
                for public, target in re.findall(
                        r'^#include (?:<reprise/([^>]+)>|"([^"]+)")', read(path), re.M):
                    yield path, PUBLIC.get(public, target)


def reduced(arrows):
    def reaches(start, end):
        return start == end or any(a == start and reaches(b, end) for a, b in arrows)
    return [(a, b) for a, b in sorted(arrows)
            if not any(x == a and m != b and reaches(m, b) for x, m in arrows)]


def drawing(names, arrows):
    box = {name: name.replace("/", "_") for name in names}
    return "\n".join(["```mermaid", "flowchart TB"] + ['  %s["%s"]' % (box[n], n) for n in names] +
                     ["  %s --> %s" % (box[a], box[b]) for a, b in arrows] + ["```"])


def main(how):
    below, rows = rules()
    depth = {(f, room): i for f in rows for i, row in enumerate(rows[f]) for room in row}
    between, down, wrong = set(), {f: set() for f in below}, []
    for path, target in includes(below):
        (folder, room), (to, lower) = place(path, below), place(target, below)
        if to and to != folder:
            between.add((folder, to))
            if to not in below[folder]:
                wrong.append("%s may not include %s" % (path, target))
        elif to in rows and room and lower and room != lower:
            if depth.get((to, lower), -1) > depth.get((to, room), 99):
                down[to].add((room, lower))
            else:
                wrong.append("%s looks up at %s" % (path, target))
    there = sorted({f for arrow in between for f in arrow}, key=lambda f: (-len(below[f]), f))
    parts = [drawing(there, sorted(between))]
    for folder in (f for f in there if sum(map(len, rows.get(f, []))) > 1):
        rooms = [room for row in rows[folder] for room in row]
        parts += ["**%s/**" % folder, drawing(rooms, reduced(down[folder]))]
    picture = "\n\n".join([MARKS[0]] + parts + [MARKS[1]])
    page = read(PAGE) if how else ""
    fresh = re.sub("%s.*?%s" % MARKS, lambda _: picture, page, flags=re.S)
    if how == "--write":
        open(os.path.join(ROOT, PAGE), "w", encoding="utf-8").write(fresh)
    elif how == "--check" and (fresh != page or MARKS[0] not in page):
        wrong.append(PAGE + " shows other rooms than there are: run tests/tidy/rooms.py --write")
    elif not how:
        print(picture)
    sys.exit("\n".join(wrong) or 0)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")

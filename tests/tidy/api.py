#!/usr/bin/env python3
"""Writes docs/api, the reference of the public headers, from their comments.

  api.py --write   writes the pages, and deletes those of headers that are gone
  api.py --check   fails when a page is not what --write would write

Both fail when a public declaration has no docstring.

A page has the opening comment of its header, then each public declaration with its docstring: the comment above it,
the one behind it, or the one above the lines that it stands with. Declarations are found by their indentation
(clang-format). Left out is what users cannot name: see `is_shown`.
"""
import os, re, sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGES = "docs/api"

# What users include, and what for. A header that one of these includes has a page if it declares something public.
ENTRIES = {
    "actors/reprise.hpp": "write actors, activities and orchestrations",
    "runtime/node.hpp": "run them inside a program of yours",
    "runtime/world.hpp": "test them",
    "runtime/replay.hpp": "check code against stored histories",
    "runtime/crash.hpp": "record crashes in a program that embeds a node",
    "gateway/main.hpp": "make a program with HTTP and a command line",
    "gateway/module.hpp": "make a module that `reprise serve` loads",
    "gateway/calls/http.hpp": "make HTTP calls from orchestrations",
}
HIDDEN = {"internal", "detail", "runtime", "std"}  # namespaces; but these types are text to a caller:
TEXT = re.compile(r"\b(internal|detail)::(whole_text|durable_name)\b")
ATTRIBUTE = re.compile(r"\[\[.*?\]\] ?")
AWAITABLE = re.compile(r"\w+_of(_list)?|begun|attempted")  # types that are awaited where a function makes them

# Functions that need no docstring: name and type say it all.
SAY_IT_ALL = {"name", "actor_name", "index", "size", "empty", "bytes", "error", "why", "what", "policy", "polls"}


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


# --- declarations

def blank(text, pair):
    """The text with what stands between brackets blanked out; its length stays."""
    text = re.sub(r"operator *[-<>=]+", lambda m: m.group().translate({ord(c): "~" for c in "-<>="}), text)
    out, depth = "", 0
    for char in text:
        depth -= char == pair[1] and depth > 0
        out += char if depth == 0 else " "
        depth += char == pair[0]
    return out


def without_template(text):
    """A declaration without the headers and the constraints of its templates."""
    start = re.match(r"template *(?=<)|requires *(?=\()", text)
    if start:
        pair = text[start.end()] + ">)"[text[start.end()] == "("]
        return without_template(text[blank(text, pair).index(pair[1], start.end()) + 1:].lstrip())
    return without_template(text.partition("\n")[2].lstrip()) if text.startswith("requires ") else text


class Declaration:
    def __init__(self, lines, comment, leader):
        self.comment, self.leader, self.members = comment, leader, None
        whole, self.text = "\n".join(without_comment(line) for line in lines), "\n".join(lines)
        self.behind = "" if lines[-1].startswith("}") else lines[-1][len(without_comment(lines[-1])):].strip(" /")
        opened = next((i for i, line in enumerate(lines) if without_comment(line).endswith("{")), len(lines))
        self.body = lines[opened + 1:-1]
        bare = without_template(whole)
        keyword = re.match(r"(enum class|enum|class|struct|union|concept|using|#define) (\w+)", ATTRIBUTE.sub("", bare))
        call = re.search(r"(operator(?:\(\)|[^(]+)|~?\w+)\(", blank(bare, "<>").partition(" = ")[0])
        self.head = whole
        if keyword:
            self.kind, self.name = keyword.groups()
            if self.is_type():
                self.head = re.split(r" ?\{| : private", whole)[0]
        elif call:
            self.kind, self.name = "function", bare[call.start(1):call.end(1)]
            self.head = whole[:re.search(r" \{|\s: | = default|;?$", blank(whole, "()")).start()].rstrip() + ";"
        else:
            self.kind, self.name = "value", re.findall(r"\w+", re.split(r" = |[{;\[]", bare)[0])[-1]

    def is_type(self):
        return self.kind in ("enum class", "enum", "class", "struct", "union")

    def functions(self):
        return [m for m in self.members or [] if m.kind == "function"]

    def above(self):
        return self.comment or (self.leader.above() if self.leader else [])


def is_shown(one):
    """False for machinery, refusals with a message, definitions, and what the compiler makes."""
    head, name = ATTRIBUTE.sub("", without_template(one.head)), re.escape(one.name)
    if one.kind == "function":
        refuses = re.search(r"\brefuse_|\bis_same_v<(\w+), \1>|\bNever\b", "\n".join([one.head] + one.body))
        made = re.search(r"= (default|delete)|\b%s\((const )?%s ?&" % (name, name), one.text)
        inner = re.search(r"\b(internal|detail)::|\w::%s\(" % name, TEXT.sub("", head))
        return not (refuses or made or inner or re.match(r"friend |static_assert|~|.*\boperator=\(", head))
    if one.is_type():
        return not (re.match(r"(class|struct) [\w:]+<|.*;$", head) or AWAITABLE.fullmatch(one.name))
    return not re.match(r"friend |using \w+::|using namespace|.*= internal::\w+;", head)


def end_of(lines, at, indent):
    """The line after a declaration."""
    while True:
        code = without_comment(lines[at])
        constraint = code.lstrip().startswith("requires ")
        if code.endswith("{"):
            at = next(i for i in range(at + 1, len(lines)) if lines[i].startswith(" " * indent + "}"))
            code = without_comment(lines[at])
        at += 1
        if code.endswith((";", "}")) and not constraint:
            return at


def without_comment(line):
    return re.sub(r"\s+// .*", "", line).rstrip()


def declarations(lines, indent=0, public=True):
    """The public declarations of a header, or of a type whose members have this indentation."""
    found, comment, leader, at, spaces = [], [], None, 0, []
    while at < len(lines):
        line, first = lines[at].strip(), at
        at += 1
        space = re.match(r"namespace ?([\w:]*) \{", line)
        if line.startswith("//"):
            comment, leader = comment + [line[2:]], None
        elif line.startswith("#"):
            macro = re.match(r"#define \w+(\([^)]*\))?", line)
            if macro and comment:
                found.append(Declaration([macro.group()], comment, None))
            while lines[at - 1].endswith("\\"):
                at += 1
            comment = []
        elif not line or space or line.startswith("}") or line.endswith(":") and " " not in line:
            spaces = spaces + [space.group(1)] if space else spaces[:-1] if line.startswith("}") else spaces
            public = line == "public:" if line.endswith(":") else public
            comment, leader = [], None
        else:
            at = end_of(lines, first, indent)
            one = Declaration([l[indent:] for l in lines[first:at]], comment, None if comment else leader)
            if not comment and found and found[-1].name == one.name:
                one.leader = found[-1]
            if public and is_shown(one) and not HIDDEN & set("::".join(spaces).split("::")):
                if one.is_type():
                    one.members = [] if "enum" in one.kind else declarations(one.body, 2, one.kind != "class")
                found.append(one)
            leader = None if one.functions() else one
            comment = []
    return found


# --- pages

def prose(comment, link):
    """A comment as Markdown: what is indented is code, the rest is text with links to the files that it names."""
    out = []
    for is_code, block in blocks_of(comment):
        if is_code:
            depth = min(len(line) - len(line.lstrip()) for line in block if line)
            out.append("\n".join(["```cpp"] + [line[depth:] for line in block] + ["```"]))
        else:
            words = re.split(r"(`[^`]*`)", " ".join(block))
            words = [w if w[:1] == "`" else re.sub("[<*]", lambda m: "\\" + m.group(), w) for w in words]
            out.append(re.sub(r"\b[\w/-]+\.(?:hpp|md)\b", lambda m: link(m.group()), "".join(words)))
    return "\n\n".join(out)


def blocks_of(comment):
    blocks = []
    for line in comment:
        is_code = line.startswith("  ")
        if not line.strip():
            blocks.append((False, []))
        elif blocks and blocks[-1][1] and blocks[-1][0] == is_code:
            blocks[-1][1].append(line.rstrip() if is_code else line.strip())
        else:
            blocks.append((is_code, [line.rstrip() if is_code else line.strip()]))
    return [block for block in blocks if block[1]]


def groups(found):
    """Declarations that share a docstring."""
    out = []
    for one in found:
        if one.leader and out and one.leader is out[-1][-1]:
            out[-1].append(one)
        else:
            out.append([one])
    return out


def section(group, level, link):
    words = [one.name if one.kind in ("function", "value", "#define") else one.kind + " " + one.name for one in group]
    members = group[0].functions() and group[0].members or []  # a type of fields or enumerators stands as it is
    out = ["%s %s" % ("#" * level, ", ".join(dict.fromkeys("`%s`" % word for word in words)))]
    if not members or "template" in group[0].head:
        shown = [one.text if one.is_type() and not members else one.head + "  // " * bool(one.behind) + one.behind
                 for one in group]
        out.append("```cpp\n%s\n```" % "\n".join(shown))
    out.append(prose(group[0].above(), link))
    return "\n\n".join([part for part in out if part] + [section(inner, level + 1, link) for inner in groups(members)])


def page_of(path):
    return "%s/%s.md" % (PAGES, path[:-len(".hpp")])


def page_text(path, headers):
    page, (opening, found) = page_of(path), headers[path]

    def link(name):
        for file in (folder + name for folder in ("", os.path.dirname(path) + "/", "actors/", "runtime/")):
            if os.path.exists(os.path.join(ROOT, file)):
                to = page_of(file) if file in headers else file
                return name if to == page else "[%s](%s)" % (name, os.path.relpath(to, os.path.dirname(page)))
        return name

    source = "Source: [%s](%s)" % (path, os.path.relpath(path, os.path.dirname(page)))
    space = re.search(r"^namespace (reprise[\w:]*) \{", read(path), re.M)
    top = ["# " + path, prose(opening, link), source + (". Namespace: `%s`." % space.group(1) if space else "")]
    return "\n\n".join(top + [section(group, 2, link) for group in groups(found)]) + "\n"


def first_page(headers):
    def row(path, text):
        return "| [%s](%s) | %s |" % (path, os.path.relpath(page_of(path), PAGES), text)

    names = {path: dict.fromkeys("`%s`" % one.name for one in headers[path][1]) for path in sorted(headers)}
    return "\n".join(["# Reference", "", "A page for each public header, written by `./dev docs` from its comments.",
                      "", "| include | to |", "|---|---|"] + [row(*entry) for entry in ENTRIES.items()] +
                     ["", "| header | declares |", "|---|---|"] +
                     [row(path, ", ".join(names[path])) for path in names if names[path]]) + "\n"


# --- the two commands

def read_headers():
    headers, ahead = {}, list(ENTRIES)
    while ahead:
        path = ahead.pop(0)
        if path not in headers and os.path.exists(os.path.join(ROOT, path)):
            text = read(path)
            opening = re.match(r"(?://.*\n)*", text).group()
            headers[path] = [line[2:] for line in opening.split("\n")], declarations(text[len(opening):].split("\n"))
            ahead += re.findall(r'^#include "([^"]+\.hpp)"', text, re.M)
    return {path: header for path, header in headers.items() if header[1] or path in ENTRIES}


def undescribed(headers):
    """Declarations without a docstring that begins with a sentence."""
    for path, (opening, found) in sorted(headers.items()):
        named = os.path.basename(path)[:-len(".hpp")]  # the opening comment describes what the header is named for
        described = [("the header", opening)]
        for one in found:
            described += [(one.name, one.above() or [one.behind])] * (one.name != named)
            described += [(one.name + "::" + member.name, member.above() or [member.behind])
                          for member in one.functions() if member.name not in SAY_IT_ALL | {one.name}]
        for name, lines in described:
            if "operator" not in name and not re.search(r"\w", "".join(lines)):
                yield "%s: %s has no docstring" % (path, name)


def main(how):
    headers = read_headers()
    pages = {page_of(path): page_text(path, headers) for path in headers}
    pages[PAGES + "/README.md"] = first_page(headers)
    there = {os.path.relpath(os.path.join(at, name), ROOT)
             for at, _, names in os.walk(os.path.join(ROOT, PAGES)) for name in names}
    wrong = list(undescribed(headers))
    for path in sorted(there | set(pages)):
        if how == "--write" and path not in pages:
            os.remove(os.path.join(ROOT, path))
        elif how == "--write":
            os.makedirs(os.path.dirname(os.path.join(ROOT, path)), exist_ok=True)
            with open(os.path.join(ROOT, path), "w", encoding="utf-8") as file:
                file.write(pages[path])
        elif path not in there or path not in pages or read(path) != pages[path]:
            wrong.append(path + " is not what the headers say: run ./dev docs")
    sys.exit("\n".join(wrong) or 0)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "--check")

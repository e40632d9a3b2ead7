#!/usr/bin/env python3
"""Reads a record that Holdfast kept, and checks it, without Holdfast.

    python3 read-trail.py BUNDLE --vkey KEY      a folder that "holdfast audit bundle" wrote, or a copy of the ledger's folder
    python3 read-trail.py COPY.jsonl             what "holdfast audit export" wrote; COPY.csv as well
        --checkpoint FILE                        of a copy: a sealed state that it must begin with
        --quiet                                  check, and print no events

Needs Python 3.7 or later and, for the signature of a checkpoint, the program openssl (3.0 or later); nothing else: no package, no network. It is
short, so that you can read it before you trust it. Exit code: 0 all holds, 1 something does not, 2 it could not be checked: also where
a checkpoint is there, and no KEY.

THE FORMAT. An event is a JSON object in canonical form (RFC 8785), and the bytes of that text are the record:

    stream, streamRevision   which record it is of, and its number there        type, v    what happened, and the version of data
    at                       when, RFC 3339, UTC, by the server's clock         zone, offset   the site's zone (IANA), and its offset then
    actor                    who: kind (person, service, token), id, name, roles at that time, auth (how the person proved to be it); of a token its owner
    reason                   why: code, text, ticket                            authorisedBy   ids of the events that allowed it
    data                     what: old and new values; of a signature printedName, signedAt, meaning, and recordDigest (SHA-256 of the record)
    id, cause, correlation, part   which event it is, what it followed from, what belongs together, the i-th of n written at once

A folder has them as C2SP tlog-tiles: tile/entries/<N> holds 256 events (the last file has fewer, and ends in .p/<count>), each behind its length (two
bytes, big endian). N is written in groups of three digits, all but the last behind an x: 1234067 is x001/x234/067. An event's leaf hash is
SHA-256(0x00 || bytes), two hashes are joined as SHA-256(0x01 || left || right), and the tree of n leaves splits at the largest power of two below n
(RFC 6962, 2.1). "checkpoint" is a C2SP signed note: name of the log, number of events, root in base64, an empty line, and a line
"(dash) name base64(4 bytes of key id, Ed25519 signature of the lines before the empty one)". KEY is name+id+base64(0x01, public key).

A copy has a line for each event: {"position":"0","sha256":hex of its bytes,"leaf":hex,"event":the bytes}, and at the end
{"end":true,"count":...,"root":of the tree, or null of a part,"sha256":hex of every byte before that line}. The same as CSV has the event in the last
column, and in the last record "end", the count, the SHA-256 of every byte before it, and the root.
"""
import argparse, base64, datetime, hashlib, io, json, os, re, subprocess, sys, tempfile


class Wrong(Exception):
    """What was recorded is not what is there."""


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def parsed(text, where):
    """A JSON text. Python's own reader gives up within one that is nested some thousand deep, which no event of ours is."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("%s: its JSON is nested too deeply" % where) from None
    except ValueError as error:
        raise ValueError("%s: %s" % (where, error)) from None


class Tree:
    """An RFC 6962 tree that grows to the right: the roots of its full subtrees."""

    def __init__(self):
        self.size, self.peaks = 0, []

    def add(self, leaf):
        size, node = 1, leaf
        while self.peaks and self.peaks[-1][0] == size:
            node, size = sha256(b"\1", self.peaks.pop()[1], node), size * 2
        self.peaks.append((size, node))
        self.size += 1

    def root(self):
        if not self.peaks:
            return sha256()
        node = self.peaks[-1][1]
        for _, left in reversed(self.peaks[:-1]):
            node = sha256(b"\1", left, node)
        return node


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def index_path(index):
    digits = str(index)
    groups = re.findall("...", digits.zfill(-(-len(digits) // 3) * 3))
    return "/".join(["x" + group for group in groups[:-1]] + groups[-1:])


def checkpoint_of(note, vkey):
    """Size and root, once the signature was verified."""
    text, _, signatures = note.decode("utf-8").rpartition("\n\n")
    text += "\n"
    origin, size, root = text.split("\n")[:3]
    if vkey is None:
        print("the signature was NOT checked: no key was given (--vkey)", file=sys.stderr)
        return int(size), base64.b64decode(root)
    name, key_id, key = re.fullmatch(r"(.+)\+([0-9a-f]{8})\+(\S+)", vkey.strip()).groups()
    public = base64.b64decode(key)
    if public[:1] != b"\1" or sha256(name.encode(), b"\n", public)[:4].hex() != key_id:
        raise Wrong("the key is no Ed25519 key of a log")
    for line in signatures.splitlines():
        _, signer, encoded = line.split(" ")
        signature = base64.b64decode(encoded)
        if signer == name == origin and signature[:4].hex() == key_id and verified(public[1:], text.encode(), signature[4:]):
            return int(size), base64.b64decode(root)
    raise Wrong("the checkpoint is not signed with the key that was given")


def verified(public, text, signature):
    """Whether it is one, by openssl, which says so in words: an exit code alone may tell that it could not look."""
    if len(signature) != 64:
        return False
    with tempfile.TemporaryDirectory() as folder:
        der = bytes.fromhex("302a300506032b6570032100") + public
        for name, content in (("key", der), ("text", text), ("signature", signature)):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        asked = "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile signature"
        done = subprocess.run(asked.split(), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = done.stdout.decode("utf-8", "replace")
    if done.returncode != 0 and "Signature Verif" not in said:
        raise OSError("openssl could not check the signature: %s" % (said.strip() or "it says nothing"))
    return done.returncode == 0


def events_of_folder(folder, vkey):
    size, root = checkpoint_of(read(folder, "checkpoint"), vkey)
    tree = Tree()
    for index in range(-(-size // 256)):
        width = min(256, size - index * 256)
        name = os.path.join(folder, "tile", "entries", index_path(index))
        bundle = read(name if width == 256 or os.path.isfile(name) else "%s.p/%d" % (name, width))
        at = 0
        for _ in range(width):
            length = int.from_bytes(bundle[at : at + 2], "big")
            event = bundle[at + 2 : at + 2 + length]
            if len(event) != length or length == 0:
                raise Wrong("%s ends within position %d" % (name, tree.size))
            tree.add(sha256(b"\0", event))
            yield tree.size - 1, event, name
            at += 2 + length
    if tree.root() != root:
        raise Wrong("the events do not lead to the signed root: one was altered, removed, added or moved")
    said = "as they were sealed" if vkey is not None else "that lead to the root of a checkpoint which anybody may have written"
    print("%d events, %s: root %s" % (size, said, base64.b64encode(root).decode()), file=sys.stderr)


# Bytes of a line or a record of a copy, which is held as a whole: an event has at most 65,535, and CSV doubles quotation marks.
LONGEST = 1 << 20


def lines_of(file):
    """What goes on for longer comes in pieces, and none of them is a line of a copy."""
    return iter(lambda: file.readline(LONGEST), b"")


def rows_of_lines(file):
    """Of a copy in lines: position, sha256, leaf, event, line; at the end count, root, digest as it says them, and as it is."""
    digest = hashlib.sha256()
    for number, line in enumerate(lines_of(file), 1):
        if line.startswith(b'{"end":true'):
            end = parsed(line, "%s, line %d" % (file.name, number))
            nothing_after(file)
            yield end["count"], end["root"], end["sha256"], digest.hexdigest()
            return
        digest.update(line)
        row = re.fullmatch(rb'\{"position":"(\d+)","sha256":"(\w{64})","leaf":"(\w{64})","event":(.*)\}\n', line, re.S)
        if row is None:
            raise Wrong("it breaks off within a line")
        position, sha, leaf, event = row.groups()
        yield int(position), sha.decode(), leaf.decode(), event, number


def nothing_after(file):
    if file.read(1):
        raise Wrong("more follows after its last line")


HEADERS = ["Position", "Time (UTC)", "At the site", "By", "Event", "Record", "Why", "SHA-256", "Leaf", "Event as written"]


CELL = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n)')


def cells_of(record):
    """Of a record of RFC 4180. Python's own csv takes no NUL before Python 3.11."""
    cells, at = [], 0
    while at < len(record):
        cell = CELL.match(record, at)
        if cell is None:
            raise Wrong("it breaks off within a record")
        quoted, plain, end = cell.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        at = cell.end()
        if (end == ",") == (at == len(record)):
            raise Wrong("it breaks off within a record")
    return cells


def records_of(file):
    """The bytes of each record: a cell in quotation marks may go on in the next line."""
    record, size, marks = [], 0, 0
    for line in lines_of(file):
        record.append(line)
        size += len(line)
        marks += line.count(b'"')
        if size > LONGEST:
            raise Wrong("it breaks off within a record")
        if marks % 2 == 0:
            yield b"".join(record)
            record, size = [], 0
    if record:
        raise Wrong("it breaks off within a record")


def rows_of_csv(file):
    """The same of a copy as CSV, whose columns for people must say what the event says."""
    digest, below = hashlib.sha256(), 1
    for record in records_of(file):
        # A cell in quotation marks may have lines of its own.
        number, below = below, below + record.count(b"\n")
        cells = cells_of(record.decode("utf-8"))
        if cells[0] == "end":
            nothing_after(file)
            if len(cells) != 10 or any(cells[2:7] + cells[9:]):
                raise Wrong("its last line is none of a copy")
            yield cells[1], cells[8] or None, cells[7], digest.hexdigest()
            return
        digest.update(record)
        if len(cells) != 10:
            raise Wrong("it breaks off within a record")
        if number == 1:
            if cells != HEADERS:
                raise Wrong("its columns are not named as those of a copy")
            continue
        position = int(cells[0])
        for name, cell, value in zip(HEADERS, cells, columns(position, parsed(cells[9], "%s, line %d" % (file.name, number)))):
            # A text that a spreadsheet would take for a formula has a ' before it.
            if cell not in (value, "'" + value):
                raise Wrong("position %d: the column %s does not say what the event says" % (position, name))
        yield position, cells[7], cells[8], cells[9].encode("utf-8"), number


def events_of_copy(path, sealed):
    tree, last, end = Tree(), -1, None
    with open(path, "rb") as file:
        for row in rows_of_csv(file) if path.endswith(".csv") else rows_of_lines(file):
            if isinstance(row[0], str):
                end = row
                break
            position, sha, leaf, event, line = row
            if position <= last:
                raise Wrong("position %d stands behind %d" % (position, last))
            if sha256(event).hex() != sha or sha256(b"\0", event).hex() != leaf:
                raise Wrong("position %d: its bytes are not those that its digests are of" % position)
            if sealed is not None and sealed[0] == tree.size and sealed[1] != tree.root():
                raise Wrong("the first %d events are not those of the sealed state" % sealed[0])
            tree.add(sha256(b"\0", event))
            last = position
            yield position, event, "%s, line %d" % (path, line)
    if end is None:
        raise Wrong("it breaks off after %d events: its last line is missing" % tree.size)
    count, root, said, found = end
    if int(count) != tree.size or said != found:
        raise Wrong("its last line tells of %s events and other bytes: %d came" % (count, tree.size))
    if root is not None and (last != tree.size - 1 or base64.b64decode(root) != tree.root()):
        raise Wrong("the root that it names is not that of its events")
    if sealed is not None and (root is None or sealed[0] > tree.size or (sealed[0] == tree.size and sealed[1] != tree.root())):
        raise Wrong("it does not begin with the %d events of the sealed state" % sealed[0])
    print("%d events, whole%s" % (tree.size, "" if root is None else ": root " + root), file=sys.stderr)


def columns(position, e):
    """What people are shown of an event: position, when (UTC and at the site), who, what, of which record, and why."""
    sign, hours, minutes = re.fullmatch(r"([+-])(\d\d):(\d\d)", e["offset"]).groups()
    ahead = datetime.timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    local = datetime.datetime.strptime(e["at"], "%Y-%m-%dT%H:%M:%S.%fZ") + ahead
    actor, reason = e["actor"], e["reason"]
    site = "%s.%s %s %s" % (local.strftime("%Y-%m-%d %H:%M:%S"), e["at"][20:23], e["offset"], e["zone"])
    who = actor.get("name", actor["id"])
    if "owner" in actor:
        who = "token %s of %s" % (who, actor["owner"]["name"])
    why = "%s: %s" % (reason["code"], reason["text"])
    if "ticket" in reason:
        why += " (%s)" % reason["ticket"]
    if "standing" in reason:
        why += " [standing reason of token %s]" % reason["standing"]["name"]
    return [str(position), e["at"], site, who, e["type"], e["stream"], why]


def words(position, event, where):
    """An event in a line: its columns, and what a signature shows of itself."""
    e = parsed(event, "%s, position %d" % (where, position))
    at, utc, site, *rest = columns(position, e)
    said = "  ".join(["%s  %s (%s)" % (at, utc, re.sub(r"\.\d{3} ", " ", site, count=1))] + rest)
    signature = e["data"].get("signature") if isinstance(e.get("data"), dict) else None
    if isinstance(signature, dict):
        said += "  [signed by %s at %s: %s]" % (signature["printedName"], signature["signedAt"], signature["meaning"])
    # What somebody typed breaks no line, and steers no terminal.
    return "".join(c if c.isprintable() else " " for c in said)


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("source")
    asked.add_argument("--vkey", help="the log's public key, had another way than the folder")
    asked.add_argument("--checkpoint", help="a sealed state that a copy must begin with")
    asked.add_argument("--quiet", action="store_true")
    given = asked.parse_args()
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", line_buffering=False)
    try:
        if os.path.isdir(given.source):
            events = events_of_folder(given.source, given.vkey)
        else:
            sealed = None if given.checkpoint is None else checkpoint_of(read(given.checkpoint), given.vkey)
            events = events_of_copy(given.source, sealed)
        for position, event, where in events:
            if not given.quiet:
                out.write(words(position, event, where) + "\n")
        out.flush()
    except Wrong as wrong:
        out.flush()
        print("WRONG: %s" % wrong, file=sys.stderr)
        return 1
    except BrokenPipeError:
        os._exit(1)
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        out.flush()
        print("cannot be read: %s: %s" % (type(error).__name__, error), file=sys.stderr)
        return 2
    has_checkpoint = os.path.isdir(given.source) or given.checkpoint is not None
    return 2 if has_checkpoint and given.vkey is None else 0


if __name__ == "__main__":
    sys.exit(main())

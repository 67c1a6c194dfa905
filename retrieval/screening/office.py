"""Find what is active in an Office file: macros, references to elsewhere, embedded files and programs.

Knows Office Open XML (ECMA-376), OpenDocument (ISO 26300), the OLE container from before 2007 (MS-CFB) and RTF as far
as that. Runs nothing, follows nothing; hidden text is found elsewhere."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from lxml import etree

from retrieval.screening.flags import Flag, Kind, Place, Severity, flag
from retrieval.screening.markup import attributes, local, parse
from retrieval.screening.packages import Parts
from retrieval.screening.programs import holds_program, is_program

# Fetched or run without a click, and able to do harm: a template and a frame may hold macros, an object is a program's.
_GRAVE_RELATIONS = frozenset({"attachedTemplate", "oleObject", "frame", "subDocument", "package", "control", "aFChunk"})
_ELSEWHERE = re.compile(r"^(?:https?|ftp|file|smb|mhtml|ms-\w+|ldap|mk|javascript|data):|^\\\\|^//", re.IGNORECASE)
# 'file:///C:\Users\...\Normal.dotm' is what Word writes for every template of its own.
_OWN_DISK = re.compile(r"^(?:file:/{0,3})?(?:[A-Za-z]:|/(?:Users|home)/)")
_FIELDS = re.compile(r"\b(DDEAUTO|DDE|INCLUDEPICTURE|INCLUDETEXT|IMPORT|LINK)\b\s+\S", re.IGNORECASE)
_FETCHING = re.compile(r"\b(?:WEBSERVICE|IMPORTXML|IMPORTDATA|RTD|CALL|REGISTER\.ID|DDE)\s*\(", re.IGNORECASE)
_CREDENTIALS = re.compile(r"((?:password|pwd|user id|uid)\s*=\s*)[^;\"']*", re.IGNORECASE)
# Neither format has any use for entities (ECMA-376 part 2, 9.1.4): they read a file, call a host or blow up.
_ENTITY = re.compile(
    rb"<!ENTITY[^>]{0,200}|<!DOCTYPE[^>\[]{0,100}\bhttps?://(?!www\.w3\.org|openoffice\.org)[^>]{0,200}"
)
_XML = (".xml", ".rels", ".xsd", ".vml")
# VBA, Excel 4.0 macro sheets, ActiveX controls; scripts of OpenDocument without their tables of contents.
_MACRO_PART = re.compile(
    r"vbaproject\.bin$|/macrosheets/|/activex/.*\.bin$|^(?:basic|scripts)/(?!.*script-l[bc]\.xml$).*[^/]$"
)
_SCHEMA = re.compile(rb"""schemaLocation\s*=\s*["']([a-z]{3,5}:[^"']{1,300})""")
_XLINK = "{http://www.w3.org/1999/xlink}href"


def active_parts(archive: Parts) -> Iterator[Flag]:
    """Flag the active parts of an Office Open XML or OpenDocument archive. Raises what `Parts` raises."""
    for name in archive.encrypted:
        yield flag(Kind.PROTECTED, Severity.WARN, Place(part=name), name)
    for name in archive.names:
        if name not in archive.encrypted:
            yield from _member(archive, name)


def _member(archive: Parts, name: str) -> Iterator[Flag]:
    lower, place = name.lower(), Place(part=name)
    if lower.endswith(_XML) and (entity := _ENTITY.search(archive.read(name, limit=65536))):
        yield flag(Kind.REMOTE, Severity.HOLD, place, entity[0].decode("latin-1"))
    if _MACRO_PART.search(lower):
        yield flag(Kind.MACRO, Severity.HOLD, place, name)
    elif lower.endswith(".rels"):
        yield from _relations(archive.read(name), place)
    elif lower == "xl/connections.xml":
        yield from _connections(archive.read(name), place)
    elif lower == "xl/xmlmaps.xml":
        for schema in _SCHEMA.finditer(archive.read(name)):
            yield flag(Kind.REMOTE, Severity.WARN, place, schema[1].decode("latin-1"))
    elif lower == "word/websettings.xml":
        yield from _frames(archive.read(name), place)
    elif lower == "meta-inf/manifest.xml":
        yield from _encrypted(archive.read(name), place)
    elif lower in ("content.xml", "styles.xml"):
        yield from _open_document(archive.read(name), place)
    elif lower.startswith(("word/document", "word/header", "word/footer", "word/footnotes", "word/endnotes")):
        yield from _field_codes(archive.read(name), place)
    elif lower.startswith(("xl/worksheets/sheet", "xl/externallinks/externallink")):
        yield from _formulas(archive.read(name), place)
    elif "/embeddings/" in lower or re.match(r"object[^/]*$", lower):
        yield _embedded(archive.read(name), place)
    elif not lower.endswith((".xml", ".vml")) and is_program(archive.read(name, limit=4096), name):
        yield flag(Kind.EXECUTABLE, Severity.HOLD, place, name)


def _relations(content: bytes, place: Place) -> Iterator[Flag]:
    for relation in parse(content).iter("{*}Relationship"):
        kind = PurePosixPath(str(relation.get("Type"))).name
        target = unquote(str(relation.get("Target") or ""))
        said = f"{kind}: {target}"
        if str(relation.get("TargetMode")) == "External":
            yield flag(*_external(kind, target), place, said)
        elif kind == "aFChunk":
            yield flag(Kind.EMBEDDED, Severity.WARN, place, said)


def _external(kind: str, target: str) -> tuple[Kind, Severity]:
    if kind == "hyperlink":
        started = target.lower().startswith(("javascript:", "file:", "\\\\", "ms-", "data:", "vbscript:"))
        return (Kind.LINK, Severity.WARN) if started else (Kind.LINK, Severity.NOTE)
    if _OWN_DISK.match(target) or not _ELSEWHERE.match(target):
        return Kind.REMOTE, Severity.NOTE
    return Kind.REMOTE, Severity.HOLD if kind in _GRAVE_RELATIONS else Severity.WARN


def _connections(content: bytes, place: Place) -> Iterator[Flag]:
    for connection in parse(content).iter("{*}connection"):
        told = [str(connection.get("name") or "")]
        for child in connection:
            told += [str(child.get(key) or "") for key in ("url", "connection", "sourceFile", "command")]
        # What is shown to an owner is stored and logged; a password is not for that.
        yield flag(Kind.REMOTE, Severity.WARN, place, _CREDENTIALS.sub(r"\1…", " ".join(told)))


def _frames(content: bytes, place: Place) -> Iterator[Flag]:
    for source in parse(content).iter("{*}sourceFileName"):
        target = next((value for key, value in attributes(source) if key == "val"), "")
        yield flag(Kind.REMOTE, Severity.HOLD, place, f"frame: {target}")


def _field_codes(content: bytes, place: Place) -> Iterator[Flag]:
    root = parse(content)
    codes = [value for field in root.iter("{*}fldSimple") for key, value in attributes(field) if key == "instr"]
    codes += ["".join(code.text or "" for code in part.iter("{*}instrText")) for part in root.iter("{*}p")]
    for code in codes:
        if found := _FIELDS.search(code):
            is_run = found[1].upper().startswith("DDE")
            away = is_run or "://" in code or "\\\\" in code
            yield flag(
                Kind.LAUNCH if is_run else Kind.REMOTE,
                Severity.HOLD if is_run else Severity.WARN if away else Severity.NOTE,
                place,
                code,
            )


def _formulas(content: bytes, place: Place) -> Iterator[Flag]:
    root = parse(content)
    for link in root.iter("{*}ddeLink"):
        said = " ".join(str(value) for value in link.values())
        yield flag(Kind.LAUNCH, Severity.HOLD, place, f"DDE: {said}")
    for formula in root.iter("{*}f"):
        if formula.text and _FETCHING.search(formula.text):
            yield flag(Kind.REMOTE, Severity.HOLD, place, formula.text)


def _open_document(content: bytes, place: Place) -> Iterator[Flag]:
    for element in parse(content).iter(etree.Element):
        name, target = local(str(element.tag)), str(element.get(_XLINK) or "")
        if name == "event-listener" and target:
            yield flag(Kind.MACRO, Severity.HOLD, place, target)
        elif name == "a" and target:
            yield flag(Kind.LINK, Severity.NOTE, place, target)
        elif target and _ELSEWHERE.match(target):
            yield flag(Kind.REMOTE, Severity.WARN, place, f"{name}: {target}")
        elif name == "dde-source":
            yield flag(Kind.LAUNCH, Severity.HOLD, place, " ".join(str(value) for value in element.values()))


def _encrypted(content: bytes, place: Place) -> Iterator[Flag]:
    for entry in parse(content).iter("{*}file-entry"):
        if any(local(str(child.tag)) == "encryption-data" for child in entry):
            said = next((value for key, value in attributes(entry) if key == "full-path"), "")
            yield flag(Kind.PROTECTED, Severity.WARN, place, said)


def _embedded(content: bytes, place: Place) -> Flag:
    name = _package_name(content)
    if holds_program(content) or is_program(b"", name):
        return flag(Kind.EXECUTABLE, Severity.HOLD, place, name or place.part)
    return flag(Kind.EMBEDDED, Severity.WARN if name else Severity.NOTE, place, name or place.part)


def _package_name(content: bytes) -> str:
    """What an OLE package calls the file it holds (Ole10Native: a length, the number 2, and a name), or ''."""
    found = re.search(rb"\x02\x00([\x20-\xff]{1,255})\x00[\x20-\xff]{1,255}\x00\x00\x00\x03\x00", content)
    return found[1].decode("cp1252", "replace") if found else ""


# Storages and streams of VBA in Word, Excel and PowerPoint (MS-OVBA 2.2).
_VBA = ("_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros")
_BOUND_SHEET = re.compile(rb"\x85\x00[\x08-\x60]\x00.{4}[\x00-\x02]\x01", re.DOTALL)


def active_streams(content: bytes, name: str) -> Iterator[Flag]:
    """Flag macros, packages and encryption in an OLE file: .doc, .xls, .ppt, .msg."""
    place = Place(part=name)
    streams = list(_directory(content))
    for stream in streams:
        if stream in _VBA:
            yield flag(Kind.MACRO, Severity.HOLD, place, stream)
            break
    if ("Workbook" in streams or "Book" in streams) and _BOUND_SHEET.search(content):
        yield flag(Kind.MACRO, Severity.HOLD, place, "Excel 4.0 macro sheet")
    if _is_encrypted(content, streams):
        yield flag(Kind.PROTECTED, Severity.WARN, place, name)
    if "\x01Ole10Native" in streams or "Package" in streams:
        yield _embedded(content, place)
    elif holds_program(content):
        yield flag(Kind.EXECUTABLE, Severity.HOLD, place, name)


# Of the header of a Word document (MS-DOC 2.5.2, fEncrypted), and of a workbook right after its first record (MS-XLS
# 2.4.117, FilePass).
_ENCRYPTION = frozenset({"EncryptedPackage", "EncryptionInfo", "\x09DRMContent", "EncryptedSummary"})
_WORD_HEADER = re.compile(rb"\xec\xa5.{9}([\x00-\xff])", re.DOTALL)
_WORKBOOK_PASS = re.compile(rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)


def _is_encrypted(content: bytes, streams: list[str]) -> bool:
    if not _ENCRYPTION.isdisjoint(streams):
        return True
    if "WordDocument" in streams:
        headers = (found for found in _WORD_HEADER.finditer(content) if found.start() % 512 == 0)
        return any(found[1][0] & 1 for found in headers)
    return bool(_WORKBOOK_PASS.search(content))


def _directory(content: bytes) -> Iterator[str]:
    # Entries are 128 bytes on multiples of their size: a name in UTF-16, its length, and a type (MS-CFB 2.6.1).
    for at in range(512, len(content) - 127, 128):
        length = int.from_bytes(content[at + 64 : at + 66], "little")
        if 4 <= length <= 64 and content[at + 66] in (1, 2, 5) and length % 2 == 0:
            yield content[at : at + length - 2].decode("utf-16-le", "replace")


_OBJECT_DATA = re.compile(rb"\\objdata[^{}\\]{0,64}((?:[0-9a-fA-F]{2}\s*){16,})")
_TEMPLATE = re.compile(rb"\\\*\\template\s+([^{}]{1,400})")


def active_rich_text(content: bytes, name: str) -> Iterator[Flag]:
    """Flag objects and remote templates in RTF."""
    place = Place(part=name)
    for found in _OBJECT_DATA.finditer(content):
        yield _embedded(bytes.fromhex("".join(found[1].decode("ascii").split())), place)
    if b"\\objupdate" in content or b"\\objautlink" in content:
        yield flag(Kind.REMOTE, Severity.HOLD, place, "object that is updated on opening")
    for found in _TEMPLATE.finditer(content):
        target = found[1].decode("cp1252", "replace").strip()
        if _ELSEWHERE.match(target) and not _OWN_DISK.match(target):
            yield flag(Kind.REMOTE, Severity.HOLD, place, f"template: {target}")

"""A submission is data: the graded notebook is built anew from the assignment as released.

Its cells, their order and metadata, the tests and the given cells are the instructor's. From the submission come
sources alone: of solution cells and answers in words, of the given cells that students may edit, and of cells that
students have added, which stay where they were. What a cell is follows from its id, its grade_id or its exact text,
and is never guessed: any other cell runs in its place, and a note says so.
"""

import hashlib
import json
import os
import re
import stat
import unicodedata
from dataclasses import dataclass, field

from .display import inert

largest = 50_000_000  # bytes of a file; 20 MB of outputs have been seen
longest = 100_000  # characters of a cell
most = 1000  # cells

missing = "is missing from the submission, or has lost its name: look at the cells beside it."


class Unreadable(Exception):
    """A file that cannot be graded, with the reason."""


@dataclass
class Cell:
    """What a cell of a submission says; whatever else it holds is nothing to us."""

    kind: str
    source: str
    ids: list
    grade_id: object


@dataclass
class Assignment:
    """An assignment as its instructor has it."""

    #: The released notebook, as JSON.
    released: dict
    #: Of each cell that nbgrader knows: its source with the hidden tests, and its checksum.
    recorded: dict
    #: The points of each cell that is graded.
    points: dict

    def __post_init__(self):
        for n, cell in enumerate(self.released["cells"]):
            cell.setdefault("id", marks_of(cell).get("grade_id", f"given-{n}"))  # nbformat 4.4 had none
            cell["source"] = text_of(cell["source"])
        self.cells = {name_of(cell): cell for cell in self.released["cells"]}
        differ = set(self.recorded) ^ {name for name, cell in self.cells.items() if marks_of(cell)}
        if len(self.cells) < len(self.released["cells"]) or differ:
            raise RuntimeError(
                f"The release and the gradebook differ ({', '.join(sorted(differ)) or 'a name is there twice'}): "
                "repeat generate_assignment with --force, and grade again."
            )


@dataclass
class Built:
    notebook: dict
    #: What the instructor is told, in Markdown.
    notes: list = field(default_factory=list)


def marks_of(cell):
    marks = cell["metadata"].get("nbgrader")
    return marks if isinstance(marks, dict) and marks.get("grade_id") else {}


def name_of(cell):
    return marks_of(cell).get("grade_id") or cell["id"]


def heading_of(cell):
    """The name of the task that a cell opens, if it does: feedback sums up the points by these."""
    heading = re.search(r"^##? (.+)$", cell["source"], re.MULTILINE) if cell["cell_type"] == "markdown" else None
    return heading and heading[1]


def is_locked(cell):
    """Whether the source is the instructor's: nbgrader's rule."""
    marks = marks_of(cell)
    return bool(marks) and not marks["solution"] and bool(marks["grade"] or marks["locked"])


def read(path):
    """The bytes of a submitted file. Links are not followed: they could lead anywhere that the instructor may read.

    Throws Unreadable.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise Unreadable(f"it cannot be opened, or is a link ({error.strerror})") from None
    with os.fdopen(descriptor, "rb") as file:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode) or os.path.islink(path):
            raise Unreadable("it is a link, or no file at all")
        if state.st_size > largest:
            raise Unreadable(f"it has {state.st_size // 1_000_000} MB, and {largest // 1_000_000} MB are read at most")
        return file.read()


def contents_of(raw):
    """The cells of a notebook of any version, in order, and whose work its page says it is. Throws Unreadable."""
    if not raw.strip(b"\0 \t\r\n"):
        raise Unreadable("the file is empty")
    try:
        book = json.loads(raw, strict=False, parse_int=str, parse_float=str)
        sheets = [book] if "cells" in book else book["worksheets"]
        cells = [cell_of(cell) for sheet in sheets for cell in sheet["cells"] if isinstance(cell, dict)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable(f"the file is damaged, or no notebook ({type(error).__name__}: {str(error)[:100]})") from None
    if not any(cell.source.strip() for cell in cells):
        raise Unreadable("the notebook is empty")
    if len(cells) > most:
        raise Unreadable(f"the notebook has {len(cells)} cells, and {most} are read at most")
    metadata = book.get("metadata")
    coursework = metadata.get("coursework") if isinstance(metadata, dict) else None
    said = coursework.get("student") if isinstance(coursework, dict) else None
    return cells, said if isinstance(said, str) else None


def cell_of(cell):
    metadata = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    marks = metadata.get("nbgrader") if isinstance(metadata.get("nbgrader"), dict) else {}
    # Colab keeps a cell's id in its metadata. Before version 4 the source of a code cell was its input.
    return Cell(
        kind=cell.get("cell_type"),
        source=text_of(cell.get("source", cell.get("input", ""))),
        ids=[cell.get("id"), metadata.get("id")],
        grade_id=marks.get("grade_id"),
    )


def text_of(source):
    """A source as text: the line ends of every system are one, and what no file can hold is left out."""
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").removeprefix("\ufeff")
    return text.encode("utf-8", "replace").decode()


def same(one, other):
    """Equal but for white space at the ends of lines: editors take it away, and add a last line."""
    return [line.rstrip() for line in one.strip().split("\n")] == [line.rstrip() for line in other.strip().split("\n")]


def match(assignment, given):
    """The place in the submission of each released cell that is there: by its names, else by its very text."""
    names = [names_in(assignment, cell) for cell in given]
    claims = (
        lambda n, name: names[n] == [name, name],
        lambda n, name: name in names[n] and len(set(names[n])) == 1,  # two names contradict each other
        lambda n, name: same(given[n].source, assignment.cells[name]["source"]) and given[n].source.strip() != "",
    )
    places = {}
    for claim in claims:
        taken = set(places.values())
        for name in assignment.cells:
            if name in places:
                continue
            # Of several the last: it is what counts when the notebook runs from top to bottom.
            place = next((n for n in range(len(given) - 1, -1, -1) if n not in taken and claim(n, name)), None)
            if place is not None:
                places[name] = place
                taken.add(place)
    return places


def names_in(assignment, cell):
    """Those of the assignment's names that a cell bears: as its id, and as its grade_id."""
    borne = [*dict.fromkeys(name for name in cell.ids if isinstance(name, str)), cell.grade_id]
    return [name for name in borne if isinstance(name, str) and name in assignment.cells]


def build(assignment, raw, student=None):
    """The notebook to grade, and notes on what differs from an orderly submission of the student's. Throws Unreadable."""
    given, said = contents_of(raw)
    places = match(assignment, given)
    notes = []
    if student is not None and said is not None and said != student:
        notes.append(f"The file was downloaded from its page by «{shown_name(said)}», and handed in as another student's.")
    if student is not None and "identifier" in assignment.cells:
        notes += told_identifier(given[places["identifier"]] if "identifier" in places else None, assignment, student)
    added = stray(assignment, given, places, notes)

    cells = [*added.get(None, [])]
    task = None
    for name, released in assignment.cells.items():
        cell = {**released, "metadata": json.loads(json.dumps(released["metadata"]))}
        task = heading_of(released) or task
        theirs = given[places[name]] if name in places else None
        marks = marks_of(cell)
        after = added.get(name, [])
        if is_locked(cell):
            cell["source"] = assignment.recorded[name][0]
            if theirs and not same(theirs.source, released["source"]):
                after = [*own(theirs), *after]
                # A title that an editor has touched is no news; a test or a function is.
                if released["cell_type"] == "code":
                    notes.append(f"`{name}` was changed. The instructor's is graded; the changed one runs behind it, as a cell of the student's.")
            elif not theirs and marks["grade"]:
                notes.append(f"`{name}`, a test, was missing, and is back.")
        elif marks:
            cell["source"] = answer(name, released, theirs, bool(after), notes)
        elif theirs:  # given to be changed: it is the student's
            own_cells = own(theirs)
            if not own_cells:
                cells += after
                continue
            cell = {**own_cells[0], "id": cell["id"]}
        else:
            cells += after
            continue
        if marks:
            cell["metadata"]["task_name"] = task
            cell["metadata"]["nbgrader"]["checksum"] = assignment.recorded[name][1]
            if marks["grade"]:
                cell["metadata"]["nbgrader"]["points"] = assignment.points[name]
        cells += [cell, *after]

    if notes:
        text = "\n".join(f"- {note}" for note in notes)
        cells.insert(0, markdown(f"**Notes on this submission**\n\n{text}"))
    for n, cell in enumerate(cells):
        cell.setdefault("id", f"student-{n}")
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    metadata = {**assignment.released["metadata"], "submission": hashlib.sha256(raw).hexdigest()}
    return Built({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}, notes)


def told_identifier(theirs, assignment, student):
    """A note, if the submission names somebody else than the student whose numbers it is graded with. It is read, and never run."""
    graded_with = f"tasks with numbers of each student's own are graded with those of «{shown_name(student)}»."
    source = theirs.source if theirs else ""
    if not theirs or same(source, assignment.cells["identifier"]["source"]):
        return [f"`identifier` says nobody: {graded_with}"]
    code = re.sub(r"//[^\n]*|/\*.*?\*/", "", source, flags=re.DOTALL)
    said = re.findall(r"""\breturn\s*\(?\s*(?:"([^"\\\n]*)"|'([^'\\\n]*)'|`([^`\\$]*)`)""", code)
    if len(said) != 1:
        return [f"`identifier` says nobody by one plain text: {graded_with}"]
    name = "".join(said[0])
    if normalised(name) == normalised(student):
        return []
    return [f"`identifier` says «{shown_name(name)}», and the submission is another student's: {graded_with}"]


def normalised(identifier):
    """As src/coursework/own.ts has it."""
    return unicodedata.normalize("NFC", identifier).strip().lower()


def shown_name(name):
    """A note is Markdown, and a name may be a student's own writing."""
    return re.sub(r"[^\w .@-]", "?", name)[:60]


def stray(assignment, given, places, notes):
    """The cells that are none of the assignment's, by the name of the released cell that they stand behind."""
    named = {place: name for name, place in places.items()}
    added, last = {}, None
    for place, cell in enumerate(given):
        if place in named:
            last = named[place]
            continue
        copied = assignment.cells.get(cell.grade_id) if isinstance(cell.grade_id, str) else None
        if copied and same(cell.source, copied["source"]):
            continue  # a copy of what is there says nothing new
        cells = own(cell)
        if copied and cells:
            notes.append(f"`{cell.grade_id}` is there more than once: the last with its name is graded, the others run where they stood.")
        added.setdefault(last, []).extend(cells)
    return added


def answer(name, released, theirs, has_neighbours, notes):
    """The source of a solution cell, or of an answer in words."""
    in_words = released["cell_type"] != "code"
    if theirs:
        source = limited(theirs.source)
        # Untouched, it is what nbgrader knows as no answer, to the letter.
        if same(source, released["source"]):
            return released["source"]
        return inert(source) if in_words else source
    notes.append(f"`{name}` {missing}")
    if not in_words:
        # The stub would overwrite a function that the student has written elsewhere.
        return f"// {name} {missing}"
    return f"*{name} {missing}*" if has_neighbours else released["source"]


def own(cell):
    """A cell of the student's own: bare code, or text that does nothing."""
    source = limited(cell.source)
    if not source.strip() or cell.kind not in ("code", "markdown", "heading"):
        return []
    if cell.kind != "code":
        return [markdown(inert(source))]
    return [{"cell_type": "code", "metadata": {}, "source": source}]


def limited(source):
    if len(source) <= longest:
        return source
    return f"{source[:longest]}\n… cut here: {len(source)} characters, and {longest} are read at most."


def markdown(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source}

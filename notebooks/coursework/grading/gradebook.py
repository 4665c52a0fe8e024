"""Marks for the gradebook of a learning platform: the roster that it exported, with a column for each assignment.

    nbgrader export --exporter=grading.gradebook.Moodle
    nbgrader export --exporter=grading.gradebook.Canvas

What each platform reads is described at https://docs.moodle.org/en/Grade_import, and in Canvas's Instructor Guide, «How do
I import grades in the Gradebook?»; where these are silent, by what reads the file: grade/import/csv/classes/load_data.php
of Moodle, lib/gradebook_importer.rb of Canvas.

A mark goes to a line of the roster only if the student is found there beyond doubt, and no mark is lost without a word:
whoever is not found, or fits several lines, is told with their marks, and the command ends with 1.
"""

import csv
import io
import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from traitlets import Dict, Unicode

from .pipeline import Marks, harmless, written


class Trouble(Exception):
    """What is wrong with a roster, and what to do."""


@dataclass
class Table:
    """A file of comma-separated values, and the manner in which it is written."""

    header: list
    #: Lines of as many cells as the header; each with the number of the line at which it ends.
    rows: list
    delimiter: str
    newline: str
    bom: str


def read_table(path, names):
    """Reads what a platform has exported. Its delimiter is the one that yields most of the columns `names`."""
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise Trouble(f"{path} cannot be read ({error.strerror}): put the roster that your platform exports there") from None
    wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")  # what Excel calls Unicode text
    try:
        text = raw.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Trouble(f"{path} is not in UTF-8 (line {line}): export it again, or save it as «CSV UTF-8»") from None
    bom = "\ufeff" if wide or text.startswith("\ufeff") else ""
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise Trouble(f"{path} is empty: export the roster again")

    wanted = {key(name) for name in names}
    first = text.lstrip().splitlines()[0]
    delimiter = max(",;\t:", key=lambda one: sum(key(cell) in wanted for cell in next(csv.reader([first], delimiter=one))))
    rows = []
    reader = csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=delimiter, strict=True)
    try:
        header = [cell.strip() for cell in next(reader)]
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) > len(header):
                raise Trouble(
                    f"line {reader.line_num} of {path} has {len(row)} cells, and the first line {len(header)}: a cell with "
                    f"«{delimiter}» in it has to be in quotes"
                )
            rows.append((reader.line_num, [*row, *[""] * (len(header) - len(row))]))
    except csv.Error as error:
        raise Trouble(f"line {reader.line_num} of {path} cannot be read ({error}): export it again") from None
    return Table(header, rows, delimiter, "\r\n" if "\r\n" in text else "\n", bom)


def key(text):
    """A name or an address as it is compared: without what writing it differently changes."""
    return unicodedata.normalize("NFC", text or "").strip().casefold()


def letters(text):
    """A person's name as it is compared: letters and digits alone."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text or "").casefold() if letter.isalnum())


@dataclass
class Person:
    """A line of the roster."""

    line: int
    #: What is written, a cell for each of the roster's columns that are kept.
    cells: list
    #: What identifies them.
    ids: set
    emails: set
    names: set

    def __str__(self):
        return f"line {self.line} ({', '.join(cell for cell in self.cells if cell)})"


class Platform(Marks):
    """What the exporters share."""

    roster = Unicode("roster.csv", help="the file that the platform has exported").tag(config=True)
    titles = Dict(help="what the platform calls an assignment, where that is not its own name").tag(config=True)
    default_file = ""

    def export(self, gradebook):
        try:
            lost = self.write(gradebook)
        except Trouble as trouble:
            self.log.error("Nothing was exported: %s.", trouble)
            self.parent.exit(1)
        if lost:
            self.parent.exit(1)

    def write(self, gradebook):
        """Writes the file. Returns how many students have marks that are not in it."""
        to = Path(self.to or self.default_file)
        roster = Path(self.roster)
        if to.exists() and roster.exists() and os.path.samefile(to, roster):
            raise Trouble(f"{to} is the roster itself: name another file with --to")
        table = read_table(roster, self.column_names())
        header, people = self.people(table)
        assignments = self.asked_for(gradebook)
        titles = [self.title(one.name, table) for one in assignments]
        placed, lost = self.placed(gradebook, people, self.marks(gradebook, assignments))
        if self.student:
            people = [person for person in people if person.line in placed]
        rows = [[*header, *titles], *self.maxima(header, table, dict(zip(titles, assignments)))]
        for person in people:
            own = placed.get(person.line, {})
            rows.append([*person.cells, *(written(own.get(one.name)) for one in assignments)])

        # Written as the platform wrote its own.
        with open(to, "w", newline="", encoding="utf-8") as file:
            file.write(table.bom)
            csv.writer(file, delimiter=table.delimiter, lineterminator=table.newline).writerows(map(harmless, row) for row in rows)
        with_marks = sum(1 for own in placed.values() if own)
        self.log.info("%s: %d students, %d of them with marks.", to, len(people), with_marks)
        return lost

    def asked_for(self, gradebook):
        """The assignments of --assignment, or all."""
        assignments = {one.name: one for one in gradebook.assignments}
        names = list(map(str, self.assignment)) or list(assignments)
        if unknown := [name for name in names if name not in assignments]:
            raise Trouble(f"the gradebook has no assignment {', '.join(unknown)}, but {', '.join(assignments) or 'none at all'}")
        return [assignments[name] for name in names]

    def marks(self, gradebook, assignments):
        """The marks of each student, by assignment; without those that were not handed in or not graded."""
        marks = {}
        for assignment in assignments:
            for student in self.students_of(gradebook, assignment.name):
                row = self.row(gradebook, self.parent.coursedir, assignment, student)
                own = marks.setdefault(student, {})
                if row.get("score") is not None:
                    own[assignment.name] = row["score"]
                if row["state"] not in ("", "not submitted"):
                    self.log.warning("%s, %s: %s", assignment.name, student, row["state"])
        return marks

    def placed(self, gradebook, people, marks):
        """The marks by the line of the roster that they belong to, and how many students' are not among them."""
        known = {student.id: student for student in gradebook.students}
        claims, lost = {}, 0
        for student, own in marks.items():
            said = ", ".join(f"{name} {written(mark)}" for name, mark in own.items())
            found = find(people, student, known.get(student))
            if len(found) == 1:
                claims.setdefault(found[0].line, []).append((student, own))
            elif not own:
                self.log.warning("%s has no marks, and is %s.", student, self.told(found))
            else:
                lost += 1
                self.log.error("%s is %s. Not in the file: %s.", student, self.told(found), said)

        placed = {line: {} for line in claims}
        for person in people:
            claimed = claims.get(person.line, [])
            if len(claimed) > 1:
                self.log.warning("%s are the same student, %s.", " and ".join(student for student, _ in claimed), person)
            for name in dict.fromkeys(name for _, own in claimed for name in own):
                given = [(student, own[name]) for student, own in claimed if name in own]
                if len(given) == 1:
                    placed[person.line][name] = given[0][1]
                    continue
                lost += 1
                said = " and ".join(f"{student} {written(mark)}" for student, mark in given)
                self.log.error("%s has more than one mark for %s. Not in the file: %s.", person, name, said)
        return placed, lost

    def told(self, found):
        if not found:
            return f"in the gradebook and not in {self.roster}"
        return f"in {self.roster} more than once: {'; '.join(map(str, found))}"

    def without_doubles(self, people):
        """Lines that say the same are one student: whoever is in two groups, say."""
        first = {}
        for person in people:
            if (same := first.setdefault(tuple(person.cells), person)) is not person:
                self.log.warning("%s of %s is the same student as line %d.", person, self.roster, same.line)
        return list(first.values())

    def title(self, name, table):
        return self.titles.get(name, name)

    def maxima(self, header, table, assignments):
        """The lines that say how many points can be had, if the platform has any; told here, if not."""
        raise NotImplementedError

    def column_names(self):
        raise NotImplementedError

    def people(self, table):
        raise NotImplementedError


def find(people, student, known):
    """The people that a student may be: by name in nbgrader, else by the address, else by the person's name there."""
    ids = [person for person in people if key(student) in person.ids]
    if ids:
        return ids
    email = key(known.email) if known else ""
    by_email = [person for person in people if email and email in person.emails]
    if by_email:
        return by_email
    names = {letters(student)}
    if known and known.first_name and known.last_name:
        names.add(letters(known.first_name + known.last_name))
    return [person for person in people if (names - {""}) & person.names]


class Moodle(Platform):
    """For *Grades > Import > CSV file*. The roster: *Participants*, all selected, *Download table data as*, or *Grades > Export*.

    In Moodle, *Map from* is one of the identifying columns and *Map to* its name there; each column of marks is mapped to
    the grade item that is meant, which has the same maximum. To a *new grade item* it is not: of an empty cell Moodle
    makes 0 there.
    """

    default_file = "moodle.csv"
    columns = Dict(
        help="a roster's columns in another language: {'email': ['Dirección de correo']}; the others are id, username, "
        "first, last and full"
    ).tag(config=True)
    #: Columns by what they hold, in English and German.
    usual = {
        "id": ["ID number", "ID-Nummer"],
        "username": ["Username", "Anmeldename"],
        "email": ["Email address", "Email", "E-Mail-Adresse", "E-Mail"],
        "first": ["First name", "Vorname"],
        "last": ["Last name", "Surname", "Nachname"],
        "full": ["Full name", "First name / Last name", "First name / Surname", "Vollständiger Name", "Vorname / Nachname"],
    }
    identifying = ("id", "username", "email")

    def names_of(self, role):
        own = self.columns.get(role, [])
        return {key(name) for name in [*self.usual[role], *([own] if isinstance(own, str) else own)]}

    def column_names(self):
        return {name for role in self.usual for name in self.names_of(role)}

    def people(self, table):
        place = {role: [n for n, name in enumerate(table.header) if key(name) in self.names_of(role)] for role in self.usual}
        for role, places in place.items():
            if len(places) > 1:
                raise Trouble(f"{self.roster} has the column {table.header[places[0]]} twice ({role}): delete one of them")
        at = {role: places[0] for role, places in place.items() if places}
        identifying = [at[role] for role in self.identifying if role in at]
        if not identifying:
            raise Trouble(
                f"{self.roster} has the columns {', '.join(table.header)}, and none of ID number, Username and Email address, "
                "by which Moodle knows students: export it with one of them, or say what it is called here with "
                "c.Moodle.columns"
            )
        rows = table.rows
        # A line whose identifying cell is empty Moodle takes for the student of the line before.
        whole = [n for n in identifying if all(row[n].strip() for _, row in rows)]
        if not whole:
            whole = [min(identifying, key=lambda n: sum(not row[n].strip() for _, row in rows))]
            for line, row in rows:
                if not row[whole[0]].strip():
                    said = ", ".join(filter(None, row[:4]))
                    self.log.warning("Line %d of %s has no %s, and is left out: %s.", line, self.roster, table.header[whole[0]], said)
            rows = [(line, row) for line, row in rows if row[whole[0]].strip()]
        for n in whole:
            for line, row in rows:
                if harmless(row[n]) != row[n]:
                    self.log.warning(
                        "Line %d of %s: «%s» begins as a formula does and is written with a sign before it: have Moodle map "
                        "from another column than %s.", line, self.roster, row[n], table.header[n],
                    )
        kept = sorted({*whole, *(at[role] for role in ("first", "last", "full") if role in at)})

        def person(line, row):
            def cell(role):
                return row[at[role]] if role in at else ""

            names = {cell("first") + cell("last"), cell("last") + cell("first"), cell("full")}
            return Person(
                line,
                [row[n] for n in kept],
                {key(row[n]) for n in identifying} - {""},
                {key(cell("email"))} - {""},
                {letters(name) for name in names} - {""},
            )

        return [table.header[n] for n in kept], self.without_doubles([person(line, row) for line, row in rows])

    def maxima(self, header, table, assignments):
        said = ", ".join(f"{title} {written(one.max_score)}" for title, one in assignments.items())
        self.log.info("The grade items in Moodle have to have these maxima: %s.", said)
        return []


class Canvas(Platform):
    """For *Grades > Import*. The roster: *Grades > Export > Export Entire Gradebook*.

    An assignment that Canvas has under the same title is found there, with its number; any other Canvas offers to make,
    with the points that can be had.
    """

    default_file = "canvas.csv"
    usual = ["Student", "LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section"]
    points = "Points Possible"

    def column_names(self):
        return self.usual

    def people(self, table):
        header = table.header
        if header[:2] != ["Student", "ID"] and header[:3] != ["LastName", "FirstName", "ID"] or "Section" not in header:
            raise Trouble(
                f"{self.roster} has the columns {', '.join(header[:8])}, and does not begin with Student and ID, up to Section: "
                "export it in Canvas by Grades > Export > Export Entire Gradebook"
            )
        width = header.index("Section") + 1
        at = {name: n for n, name in enumerate(header[:width])}

        def person(line, row):
            def cell(name):
                return row[at[name]] if name in at else ""

            last, _, first = cell("Student").partition(",")
            names = {last + first, first + last, cell("LastName") + cell("FirstName"), cell("FirstName") + cell("LastName")}
            login = key(cell("SIS Login ID"))
            return Person(
                line,
                row[:width],
                {key(cell(name)) for name in ("ID", "SIS User ID", "SIS Login ID", "Integration ID")} - {""},
                {login} if "@" in login else set(),
                {letters(name) for name in names} - {""},
            )

        students = [(line, row) for line, row in table.rows if not self.is_note(row, width)]
        return header[:width], self.without_doubles([person(line, row) for line, row in students])

    def is_note(self, row, width):
        """The lines that Canvas puts above the students: the points, and how marks are posted."""
        return self.points in row[0] or not any(cell.strip() for cell in row[:width])

    def title(self, name, table):
        wanted = self.titles.get(name, name)
        ours = [title for title in table.header if key(wanted) in (key(title), key(re.sub(r" \(\d+\)$", "", title)))]
        if len(ours) > 1:
            raise Trouble(
                f"{self.roster} has more than one assignment {wanted}: {', '.join(ours)}. Say which one is meant: "
                f'c.Canvas.titles = {{"{name}": "{ours[0]}"}}'
            )
        return ours[0] if ours else wanted

    def maxima(self, header, table, assignments):
        theirs = next((row for _, row in table.rows if self.points in row[0]), None)
        for title, one in assignments.items():
            there = theirs[table.header.index(title)].strip() if theirs and title in table.header else ""
            if re.fullmatch(r"\d+(?:[.,]\d+)?", there) and float(there.replace(",", ".")) != one.max_score:
                self.log.warning("%s has %s points in Canvas, and %s here.", title, there, written(one.max_score))
        blank = [""] * (len(header) - 1)
        return [[f"    {self.points}", *blank, *(written(one.max_score) for one in assignments.values())]]

"""The steps that nbgrader is configured to take: reading and building, cleaning, marking, exporting, collecting."""

import atexit
import csv
import hashlib
import json
import math
import os
import re
import shutil
from glob import glob
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbformat import from_dict
from nbformat.v4 import new_output
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange.default import ExchangeCollect
from nbgrader.plugins import CsvExportPlugin, LateSubmissionPlugin
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import ignore_patterns, is_grade, is_solution, parse_utc, rmtree
from traitlets import Enum, Float

from . import submission
from .display import inert_output

#: What nbgrader itself keeps beside a submission.
companions = ("timestamp.txt", "submission_secret.txt")


class SubmissionExporter(NotebookExporter):
    """Autograde's exporter: it builds the notebook that is graded.

    It is made before the run asks what there is to do. So a folder that a killed run has left is taken away here,
    and one whose submission has changed since; and what cannot be graded is found, and told when all is done.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        run = self.parent
        #: What could not be graded: reasons by student.
        self.refused = {}
        atexit.register(self.tell)
        # Files beside the notebook are not taken over: nbgrader follows links among them, and serves them to the
        # instructor's browser.
        run.coursedir.ignore = [*run.coursedir.ignore, "*"]
        name = run.coursedir.assignment_id
        with Gradebook(run.coursedir.db_url, run.coursedir.course_id) as gradebook:
            try:
                expected = [f"{notebook.name}.ipynb" for notebook in gradebook.find_assignment(name).notebooks]
            except MissingEntry:
                return  # the run says so itself
            for folder in glob(run._format_source(name, run.coursedir.student_id)):
                student = Path(folder).parent.name
                reason = why_not(Path(folder), expected)
                if reason:
                    self.refused[student] = reason
                    run.assignments.pop(folder, None)
                graded = Path(run._format_dest(name, student))
                states = [state_of(Path(folder) / file, graded / file) for file in expected]
                if graded.exists() and states != ["graded"] * len(states):
                    self.log.warning("%s is graded again: %s", graded, " ".join(sorted(set(states))))
                    if "interrupted" not in states:
                        keep_superseded(run.coursedir, gradebook, name, student)
                    rmtree(str(graded))

    def tell(self):
        for student, reason in sorted(self.refused.items()):
            self.log.error("Not graded, and without a mark: %s: %s", student, reason)

    def from_filename(self, filename, resources=None, **kw):
        names = resources["nbgrader"]
        try:
            if not self.parent._sanitizing:
                return super().from_filename(filename, resources, **kw)
            raw = submission.read(filename)
            built = submission.build(assignment_of(self.parent.coursedir, names), raw, names["student"])
        except Exception as error:
            self.refused[names["student"]] = (str(error) or type(error).__name__).split("\n")[0]
            raise
        for note in built.notes:
            self.log.warning("%s: %s", names["student"], note)
        graded = Path(self.parent._format_dest(names["assignment"], names["student"]))
        graded.mkdir(parents=True, exist_ok=True)
        for file in companions:
            if (Path(filename).parent / file).exists():
                shutil.copyfile(Path(filename).parent / file, graded / file)
        return self.from_notebook_node(from_dict(built.notebook), resources, **kw)


def why_not(folder, expected):
    """Why a student's folder cannot be graded; None if it can."""
    student = folder.parent.name
    if re.search(r'[<>"`\\\[\]*?\x00-\x1f]|^[=+@-]', student):
        return "the folder's name holds signs that pages, patterns and spreadsheets would not take for letters: rename it"
    for name in companions:
        if os.path.lexists(folder / name) and not is_plain(folder / name):
            return f"{name} is a link, or no file"
    if (folder / "timestamp.txt").exists():
        try:
            parse_utc((folder / "timestamp.txt").read_text(encoding="utf-8").strip() or None)
        except (ValueError, OverflowError):
            return "timestamp.txt holds no time"
    if not any(os.path.lexists(folder / file) for file in expected):
        found = sorted(file.name for file in folder.glob("*.ipynb"))
        return f"{' or '.join(expected)} is missing{f', and there is {found[0]}: rename it' if found else ''}"
    return None


def is_plain(path):
    return path.is_file() and not path.is_symlink()


def state_of(submitted, graded):
    """What has become of a submitted notebook: graded, interrupted, changed since, or not graded."""
    if not graded.exists():
        return "not graded"
    try:
        metadata = json.loads(graded.read_text(encoding="utf-8"))["metadata"]
        if not metadata["graded"]:
            return "interrupted"
    except (OSError, ValueError, KeyError, TypeError):
        return "interrupted"
    try:
        now = hashlib.sha256(submission.read(submitted)).hexdigest()
    except submission.Unreadable:
        now = None
    return "graded" if metadata["submission"] == now or not submitted.parent.exists() else "changed since"


def assignment_of(coursedir, names):
    """An assignment as released, and as the gradebook knows it."""
    folder = coursedir.format_path(coursedir.release_directory, ".", names["assignment"])
    try:
        released = json.loads((Path(folder) / f"{names['notebook']}.ipynb").read_text(encoding="utf-8"))
    except OSError as error:
        raise RuntimeError(f"{folder} is missing ({error.strerror}): repeat generate_assignment") from None
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        notebook = gradebook.find_notebook(names["notebook"], names["assignment"])
        return submission.Assignment(
            released,
            {cell.name: (cell.source, cell.checksum) for cell in notebook.source_cells},
            {cell.name: cell.max_score for cell in notebook.grade_cells},
        )


class CleanOutputs(NbGraderPreprocessor):
    """Leaves of what cells have shown what can be seen, and nothing that acts."""

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type == "code":
            cell.outputs = [from_dict(left) for left in map(inert_output, cell.outputs) if left]
            # The kernel marks students' cells by an empty line of errors: it means something in a test's place only.
            if not is_grade(cell):
                cell.outputs = [output for output in cell.outputs if output.get("text") != ""]
        return cell, resources


class ScoresOnly(NbGraderPreprocessor):
    """A test that says no number has not run: nbgrader would give it full marks."""

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell) and not says_score(cell):
            text = "This test has not said how many points were earned: it has not run to its end."
            cell.outputs.append(new_output("error", ename="NoScore", evalue=text, traceback=[f"NoScore: {text}"]))
        return cell, resources


def says_score(cell):
    results = [output.data.get("text/plain", "") for output in cell.outputs if output.output_type == "execute_result"]
    try:
        return len(results) == 1 and 0 <= float(results[0]) <= float(cell.metadata.nbgrader.points)
    except ValueError:
        return False


class Finished(NbGraderPreprocessor):
    """The last step of all: a notebook without this mark was interrupted."""

    def preprocess(self, nb, resources):
        nb.metadata["graded"] = True
        return nb, resources


class Late(LateSubmissionPlugin):
    """A share of the assignment's points for each day begun after the due date, or the student's extension."""

    percent_per_day = Float(0, help="percent of the assignment's points; 0 leaves it to penalty_method").tag(config=True)

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        if not self.percent_per_day:
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        points = self.parent.gradebook.find_assignment(self.parent.assignment_id).max_score
        days = math.ceil(total_seconds_late / 86400)
        return min(score, points * days * self.percent_per_day / 100)


def superseded_file(coursedir, assignment, student):
    return Path(coursedir.root) / "superseded" / assignment / f"{student}.json"


def keep_superseded(coursedir, gradebook, assignment, student):
    """Keeps the better mark of what a new submission replaces."""
    try:
        replaced = gradebook.find_submission(assignment, student)
    except MissingEntry:
        return
    file = superseded_file(coursedir, assignment, student)
    file.parent.mkdir(parents=True, exist_ok=True)
    best = max(superseded(coursedir, assignment, student) or 0, final_score(replaced))
    write_whole(file, json.dumps({"score": best}))


def superseded(coursedir, assignment, student):
    """The best mark of an earlier submission; None if there was none."""
    try:
        return json.loads(superseded_file(coursedir, assignment, student).read_text(encoding="utf-8"))["score"]
    except OSError:
        return None


def final_score(submitted):
    return max(0.0, submitted.score - submitted.late_submission_penalty)


def write_whole(path, text):
    """Writes a file so that others, runs side by side among them, find it as it was or as it is to be."""
    path = Path(path)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.chmod(0o600)
    os.replace(part, path)


def harmless(cell):
    """A cell that no spreadsheet takes for a formula: what begins as one gets an apostrophe before it. Numbers are none."""
    text = str(cell)
    begins = re.match(r"[\t\r]|\s*[=+\-@＝＋－＠].", text, re.DOTALL)
    is_formula = begins and not re.fullmatch(r"\s*[+-]?\d+(?:[.,]\d+)?\s*", text)
    return f"'{text}" if is_formula else cell


def written(mark):
    """A mark as people write it, with two digits after the point at most; nothing if there is none."""
    return "" if mark is None else f"{mark:.2f}".rstrip("0").rstrip(".")


class Marks(CsvExportPlugin):
    """marks.csv, with a state; and no mark where nothing was graded."""

    counts = Enum(("last", "better"), "last", help="which of several submissions counts").tag(config=True)

    def export(self, gradebook):
        root = self.parent.coursedir
        columns = (
            "assignment duedate timestamp student_id last_name first_name email raw_score late_submission_penalty "
            "score max_score state"
        )
        with open(self.to or "grades.csv", "w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, columns.split(), restval="")
            table.writeheader()
            for assignment in gradebook.assignments:
                if self.assignment and assignment.name not in map(str, self.assignment):
                    continue
                for student in self.students_of(gradebook, assignment.name):
                    row = self.row(gradebook, root, assignment, student)
                    table.writerow({key: harmless(value) for key, value in row.items() if value is not None})
                    if row["state"]:
                        self.log.warning("%s, %s: %s", assignment.name, student, row["state"])

    def students_of(self, gradebook, assignment):
        """Those in the gradebook, and those whose submission never came so far."""
        root = self.parent.coursedir
        folders = glob(root.format_path(root.submitted_directory, "*", assignment))
        students = {student.id for student in gradebook.students} | {Path(folder).parent.name for folder in folders}
        return sorted(students & set(map(str, self.student)) if self.student else students)

    def row(self, gradebook, root, assignment, student):
        row = {"assignment": assignment.name, "duedate": assignment.duedate, "student_id": student,
               "max_score": assignment.max_score}
        try:
            known = gradebook.find_student(student)
            row |= {"last_name": known.last_name, "first_name": known.first_name, "email": known.email}
        except MissingEntry:
            pass
        submitted = Path(root.format_path(root.submitted_directory, student, assignment.name))
        graded = Path(root.format_path(root.autograded_directory, student, assignment.name))
        files = [f"{notebook.name}.ipynb" for notebook in assignment.notebooks]
        states = {state_of(submitted / file, graded / file) for file in files}
        if states == {"graded"}:
            found = gradebook.find_submission(assignment.name, student)
            row |= {"timestamp": found.timestamp, "raw_score": found.score, "score": final_score(found),
                    "late_submission_penalty": found.late_submission_penalty,
                    "state": "to be marked by hand" if found.needs_manual_grade else ""}
        else:
            row["state"] = "not graded" if submitted.exists() or graded.exists() else "not submitted"
        before = superseded(root, assignment.name, student) if self.counts == "better" else None
        if before is not None and before > row.get("score", -1):
            row |= {"score": before, "state": "; ".join(filter(None, [row["state"], "an earlier submission counts"]))}
        return row


class Collect(ExchangeCollect):
    """Collects notebooks, and no links: they would be read with the instructor's rights."""

    def do_copy(self, src, dest, log=None):
        chosen = ignore_patterns(self.coursedir.ignore, ["*.ipynb", *companions], self.coursedir.max_file_size, self.log)

        def ignored(folder, names):
            others = [name for name in names if not is_plain(Path(folder, name))]
            return {*chosen(folder, names), *others}

        shutil.copytree(src, dest, symlinks=True, ignore=ignored)
        for name in os.listdir(dest):
            if os.path.islink(os.path.join(dest, name)):  # made while we looked
                os.remove(os.path.join(dest, name))

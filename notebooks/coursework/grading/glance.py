"""A class at a glance, as one page: how many have each task right, which known mistakes how often, when it was handed in.

    nbgrader export --exporter=grading.glance.Glance --to=glance.html

The page holds no names and nothing that a student has written, unless names are asked for (--Glance.names=True).
"""

import html
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from statistics import median

from jinja2 import Environment, FileSystemLoader, select_autoescape
from nbgrader.utils import parse_utc
from traitlets import Bool, Dict

from .pipeline import Marks, written

#: How what a test says begins (src/coursework/check.ts), behind the points.
known_mistake = "a known mistake: "
error = "an error in place of a value: "
#: What the library says to whoever asks it for the answer (src/coursework/offered.ts).
borrowed = "does in the library what you are asked to write"

right, partly, empty, unmarked = "right", "partly right", "not filled in", "not marked yet"
errors_by_name = "Error EvalError RangeError ReferenceError SyntaxError TypeError URIError".split()


@dataclass
class Task:
    """A graded cell, and what became of it."""

    name: str
    points: float
    by_hand: bool
    #: For each student, whether it is right.
    states: dict = field(default_factory=dict)
    #: What was wrong with it, by student.
    mistakes: dict = field(default_factory=dict)
    #: Points by student.
    scores: dict = field(default_factory=dict)

    def count(self, state):
        return sum(one == state for one in self.states.values())

    @property
    def marked(self):
        return len(self.states) - self.count(unmarked)

    @property
    def share(self):
        return self.count(right) / self.marked if self.marked else 1

    @property
    def mean(self):
        scores = [score for student, score in self.scores.items() if self.states[student] != unmarked]
        return written(sum(scores) / len(scores)) if scores else ""

    def most_common(self):
        """What was wrong, the most frequent first: the words, whether it is a known mistake, how often, and with whom."""
        counted = Counter(self.mistakes.values())
        return [
            (what, is_known, times, sorted(student for student, one in self.mistakes.items() if one == (what, is_known)))
            for (what, is_known), times in sorted(counted.items(), key=lambda item: (-item[1], not item[0][1], item[0][0]))
        ]


class Glance(Marks):
    """The page, of the assignments that --assignment names, or of all that have been graded."""

    names = Bool(False, help="whether the page names students").tag(config=True)
    released = Dict(
        help="when an assignment was handed out, if not when it was made: {'deltas': '2027-01-10 09:00 UTC'}"
    ).tag(config=True)

    def export(self, gradebook):
        shown = [
            self.glance(gradebook, one) for one in gradebook.assignments
            if not self.assignment or one.name in map(str, self.assignment)
        ]
        shown = [one for one in shown if one["graded"]]
        if not shown:
            self.log.error("Nothing has been graded yet: the page would be empty. Run nbgrader autograde first.")
            self.parent.exit(1)
        to = self.to or "glance.html"
        templates = Environment(
            loader=FileSystemLoader(Path(self.parent.coursedir.root) / "templates"),
            autoescape=select_autoescape(["j2"]),
        )
        page = templates.get_template("glance/index.html.j2").render(
            assignments=shown, names=self.names, written=written, right=right, partly=partly, empty=empty, unmarked=unmarked,
        )
        Path(to).write_text(page, encoding="utf-8")
        self.log.info("%s: %s.", to, ", ".join(f"{one['name']} ({one['graded']})" for one in shown))

    def glance(self, gradebook, assignment):
        root = self.parent.coursedir
        tasks, totals, times, late, waiting, unnamed = {}, [], [], 0, 0, []
        students = self.students_of(gradebook, assignment.name)
        handed_in = 0
        for student in students:
            row = self.row(gradebook, root, assignment, student)
            handed_in += row["state"] != "not submitted"
            if row.get("raw_score") is None:
                continue
            found = gradebook.find_submission(assignment.name, student)
            totals.append(row["score"])
            waiting += bool(found.needs_manual_grade)
            late += found.total_seconds_late > 0
            if found.timestamp:
                times.append(found.timestamp)
            for notebook in found.notebooks:
                scores = {grade.name: grade for grade in notebook.grades}
                if self.look(tasks, assignment.name, notebook.name, student, scores):
                    unnamed.append(student)
        released = self.released_at(assignment.name)
        days = sorted((time - released).total_seconds() / 86400 for time in times) if released else []
        ordered = list(tasks.values())
        return {
            "name": assignment.name,
            "students": len(students),
            "handed_in": handed_in,
            "graded": len(totals),
            "waiting": waiting,
            "late": late,
            "unnamed": unnamed,
            "max_score": assignment.max_score,
            "median": median(totals) if totals else None,
            "released": released,
            "given": assignment.name in self.released,
            "median_days": median(days) if days else None,
            "days": by_day(days),
            "tasks": ordered,
            "hardest": [one for one in sorted(ordered, key=lambda one: one.share) if one.marked and not one.by_hand and one.share < 0.8][:3],
            "mistakes": sorted(
                ((task, what, times) for task in ordered for what, is_known, times, _ in task.most_common() if is_known and times > 1),
                key=lambda one: -one[2],
            )[:3],
        }

    def look(self, tasks, assignment, name, student, scores):
        """Takes down what one graded notebook says of each task. Returns whether it names another student than its own, or nobody."""
        root = self.parent.coursedir
        place = root.format_path(root.autograded_directory, student, assignment)
        graded = json.loads((Path(place) / f"{name}.ipynb").read_text(encoding="utf-8"))
        release = Path(root.format_path(root.release_directory, ".", assignment)) / f"{name}.ipynb"
        given = {}
        if release.exists():
            given = {
                marks.get("grade_id"): text_of(cell) for cell in json.loads(release.read_text(encoding="utf-8"))["cells"]
                if (marks := cell["metadata"].get("nbgrader") or {})
            }
        untouched = False
        for cell in graded["cells"]:
            marks = cell["metadata"].get("nbgrader") or {}
            if marks.get("solution"):
                untouched = given.get(marks["grade_id"]) == text_of(cell)
            if not marks.get("grade") or marks["grade_id"] not in scores:
                continue
            grade = scores[marks["grade_id"]]
            heading = cell["metadata"].get("task_name") or marks["grade_id"]
            task = tasks.setdefault((name, marks["grade_id"]), Task(heading, grade.max_score, bool(marks.get("solution"))))
            task.scores[student] = grade.score
            task.states[student] = state = state_of(grade, task, untouched)
            if not task.by_hand and state not in (right, empty):
                task.mistakes[student] = what_is_wrong(cell)
        return "\n- `identifier` says " in text_of(graded["cells"][0])

    def released_at(self, assignment):
        """When it was handed out, in UTC: as the configuration says, else when the released notebooks were made."""
        if assignment in self.released:
            return parse_utc(str(self.released[assignment]))
        root = self.parent.coursedir
        made = list(Path(root.format_path(root.release_directory, ".", assignment)).glob("*.ipynb"))
        if not made:
            return None
        return datetime.fromtimestamp(max(file.stat().st_mtime for file in made), timezone.utc).replace(tzinfo=None)


def text_of(cell):
    return "".join(cell["source"])


def state_of(grade, task, untouched):
    if grade.needs_manual_grade:
        return unmarked
    if grade.score >= task.points:
        return right
    if untouched and grade.score == 0:
        return empty
    return partly if grade.score > 0 else "wrong"


def what_is_wrong(cell):
    """In words, and whether they are those of a known mistake."""
    said = ""
    for output in cell["outputs"]:
        shown = "".join(output.get("data", {}).get("text/html", ""))
        if found := re.search(r"<caption[^>]*>(.*?)</caption>", shown, re.DOTALL):
            said = html.unescape(re.sub(r"<[^>]*>", "", found[1]))
    found = re.match(r"[\d.]+ of [\d.]+ points: (.*)", said, re.DOTALL)
    if not found:
        return "the test did not run to its end", False
    reason = found[1]
    if reason.startswith(known_mistake):
        return reason.removeprefix(known_mistake), True
    if reason.startswith(error):
        # What an error says may be the student's own words: only its kind is told.
        if borrowed in reason:
            return "asks the library for what is to be written", False
        kind = reason.removeprefix(error).partition(":")[0]
        return f"an error ({kind if kind in errors_by_name else 'of another kind'})", False
    return "differs, and matches no known mistake", False


def by_day(days):
    """How many were handed in on each day after the release: (day, number, percent of the most). Empty days are one line."""
    counted = Counter(max(int(day), 0) + 1 for day in days)
    most = max(counted.values(), default=1)
    lines, last = [], 0
    for day in sorted(counted):
        if day > last + 1:
            lines.append((f"{last + 1}" if day == last + 2 else f"{last + 1} to {day - 1}", 0, 0))
        lines.append((str(day), counted[day], round(100 * counted[day] / most)))
        last = day
    return lines

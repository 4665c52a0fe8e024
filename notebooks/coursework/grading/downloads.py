"""What a learning platform's «download all submissions» gives, sorted by student: for `nbgrader zip_collect`.

A file from a page is called `<identifier>_<assignment>.ipynb`; around that the platform writes whose account it came from.

Moodle: `Ada King_4711_assignsubmission_file/ada_deltas.ipynb` (before 4.1 with a line below at the folder's end, and without
folders, if so chosen, `Ada King_4711_assignsubmission_file_ada_deltas.ipynb`); marked blindly, «Participant» is everyone's
name. Source: mod/assign/classes/downloader.php of Moodle, get_student_prefix and load_submissionplugin_filelist.

Canvas: `kingada_LATE_4711_98765_ada_deltas.ipynb`, with the name in small letters, the account's number and the file's, and
LATE only if it was; `anon_x1y2z_98765_ada_deltas.ipynb` if marked anonymously; a file that was handed in again is called
`ada_deltas-1.ipynb`. Source: lib/content_zipper.rb of Canvas, get_filename and add_upload_submission.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from nbgrader.plugins import FileNameCollectorPlugin
from traitlets import Unicode

moodle = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_file(?:_(?P<rest>.*))?")
canvas = re.compile(
    r"(?:(?P<late>LATE_)?(?P<anonymous>anon_[^_]+)|(?P<name>.+?)_(?P<late_too>LATE_)?(?P<number>\d+))_\d+_(?P<rest>.+)"
)
#: What browsers and platforms add to the name of a file that is there already: « (1)», «-1», « 2».
again = r"(?: ?\(\d+\)|[- ]\d{1,3})*"


@dataclass
class Download:
    """A notebook among what was downloaded."""

    path: str
    #: Whose account it came from: their name, and what tells accounts of one name apart. None outside a platform's names.
    account: object
    #: The file's name without what the platform has put before it.
    name: str
    late: bool = False
    #: What its name says of whose it is: an identifier, or nothing.
    student: object = None
    #: Of several from one account the one with the highest numbers is the last.
    turn: tuple = ()

    @property
    def source(self):
        return f"{self.account[0]} ({self.account[1]})" if self.account else "no account"


def download(path, inside):
    """A download by its path below the folder that it was extracted to."""
    parts = [unicodedata.normalize("NFC", part) for part in Path(inside).parts]
    for n, part in enumerate(parts):
        is_file = n == len(parts) - 1
        # The first folder bears the archive's name, which may look like one of Canvas's; another is a student's archive.
        found = moodle.fullmatch(part) or ((is_file or n > 0) and canvas.fullmatch(part))
        if not found:
            continue
        said = found.groupdict()
        account = (said["name"], said["number"]) if said["name"] else (said["anonymous"], "marked anonymously")
        is_late = bool(said.get("late") or said.get("late_too"))
        return Download(path, account, said["rest"] if is_file else parts[-1], is_late)
    return Download(path, None, parts[-1])


def sort(downloads, assignment, identifier):
    """Which download counts for which student, and what the instructor has to be told: problems, and remarks."""
    problems, remarks = [], []
    wanted = re.compile(rf"(?:(?P<student>.+)_)?{re.escape(assignment)}(?P<again>{again})\.ipynb")
    for one in downloads:
        found = wanted.fullmatch(one.name)
        if found:
            one.turn = tuple(map(int, re.findall(r"\d+", found["again"])))
        if found and found["student"] and re.fullmatch(identifier, found["student"], re.ASCII):
            one.student = found["student"]
        elif found and found["student"]:
            problems.append(f"{one.path}: «{found['student']}» is no identifier of the form {identifier}. Rename the file.")
        elif found and one.account:
            one.student = one.account[0]
            remarks.append(f"{one.path}: its name says no identifier, so it is filed under the account's name, «{one.student}».")
        else:
            problems.append(f"{one.path} is called neither <identifier>_{assignment}.ipynb nor {assignment}.ipynb. Rename it, if it is work on {assignment}.")

    accounts, students = defaultdict(set), defaultdict(set)
    for one in downloads:
        if one.student:
            accounts[one.student].add(one.source)
            students[one.account].add(one.student)
    chosen = {}
    for student, sources in sorted(accounts.items()):
        theirs = [one for one in downloads if one.student == student]
        where = ", ".join(one.path for one in theirs)
        if len(sources) > 1:
            problems.append(f"«{student}» was handed in from {len(sources)} accounts, {' and '.join(sorted(sources))}, and nobody's is collected: {where}. Rename what is not theirs.")
            continue
        others = {other for one in theirs if one.account for other in students[one.account]} - {student}
        if others:
            problems.append(f"{theirs[0].source} has handed in as «{student}» and as {', '.join(f'«{other}»' for other in sorted(others))}, and neither is collected: {where}. Keep the right one.")
            continue
        last = max(one.turn for one in theirs)
        latest = [one for one in theirs if one.turn == last]
        if len(latest) > 1:
            problems.append(f"«{student}» has handed in several files, and nothing tells which is the last: {where}. Keep that one.")
            continue
        chosen[student] = latest[0]
        if len(theirs) > 1:
            remarks.append(f"«{student}» has handed in {len(theirs)} files: {latest[0].path} counts, by the number in its name.")
        if latest[0].late:
            remarks.append(f"«{student}» was late, says Canvas, and not by how much: write the time into submitted/{student}/{assignment}/timestamp.txt, if that is to cost marks.")
    return chosen, problems, remarks


class Downloads(FileNameCollectorPlugin):
    """zip_collect's collector: looks at all files at once, so that two of one name are told, and none is lost."""

    identifier = Unicode(r"[a-z0-9][a-z0-9.@-]+", help="pattern for a student's identifier; the same for JavaScript").tag(config=True)
    asks_for = Unicode("your login, in small letters and digits", help="how the pages ask for it").tag(config=True)

    _chosen = None

    def collect(self, submitted_file):
        if self.named_regexp:  # the instructor's own, for a platform that is none of these
            return super().collect(submitted_file)
        if self._chosen is None:
            self._chosen = self._sorted()
        return self._chosen.get(Path(submitted_file))

    def _sorted(self):
        run = self.parent
        assignment = run.coursedir.assignment_id
        extracted = Path(run._format_collect_path(run.extracted_directory))
        files = [path for path in sorted(extracted.rglob("*")) if path.is_file() and is_notebook(path)]
        found = [download(str(path), path.relative_to(extracted)) for path in files]
        chosen, problems, remarks = sort(found, assignment, self.identifier)
        for text in remarks:
            self.log.warning(text.replace(f"{extracted}/", ""))
        for text in problems:
            self.log.error("Not collected: %s", text.replace(f"{extracted}/", ""))
        return {Path(one.path): {"student_id": student, "file_id": f"{assignment}.ipynb"} for student, one in chosen.items()}


def is_notebook(path):
    """Some systems write an ending of their own behind ours; what a Mac puts beside each file in an archive is no notebook."""
    return ".ipynb" in path.name.lower() and not path.name.startswith("._") and "__MACOSX" not in path.parts

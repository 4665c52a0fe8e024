"""How nbgrader is configured: for a class's folder, and for showing what students wrote."""

import hashlib
import json
import os
import re
import sqlite3
from pathlib import Path

import nbgrader
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, Execute, LimitOutput, SaveAutoGrades


def configure(c, course, show_case):
    """Everything that makes the marks, for the class in the folder `course`."""
    from . import downloads, pipeline  # what students' servers, which read this file too, have no use for

    c.CourseDirectory.root = str(course)
    c.CourseDirectory.course_id = "backpropagation"
    # Runs side by side wait for each other's writes: for 5 s, as it comes, which a busy disk can take.
    c.CourseDirectory.db_url = f"sqlite:///{course / 'gradebook.db'}?timeout=120"

    # What stands in place of a solution. The markers are comments: // BEGIN SOLUTION … // END SOLUTION.
    c.ClearSolutions.code_stub = {"typescript": "return undefined; // your code"}
    c.ClearSolutions.text_stub = "*Your answer here.*"
    # The rubric of an answer in words, in the question's cell: it stays here until the feedback.
    c.ClearMarkScheme.enforce_metadata = False

    # A submission is data: the notebook that is graded is built anew from the release (submission.py).
    c.Autograde.exporter_class = pipeline.SubmissionExporter
    c.Autograde.sanitize_preprocessors = [CheckCellMetadata]
    c.Autograde.autograde_preprocessors = [
        Execute,
        LimitOutput,
        pipeline.CleanOutputs,
        pipeline.ScoresOnly,
        SaveAutoGrades,
        AssignLatePenalties,
        CheckCellMetadata,
        pipeline.Finished,
    ]
    c.AssignLatePenalties.plugin_class = pipeline.Late
    c.ExportApp.plugin_class = pipeline.Marks
    c.ExchangeFactory.collect = pipeline.Collect
    # The names in an archive of all submissions, as Moodle and Canvas give them.
    c.ZipCollectApp.collector_plugin = downloads.Downloads

    # A cell that takes longer is interrupted, and the grading goes on with the next. The kernel's own limits come before:
    # 20 s for a cell, 25 s for a test, and up to 45 s to begin anew after a crash (src/kernel/grading/submission.ts).
    c.Execute.timeout = 120
    c.Execute.interrupt_on_timeout = True
    # A kernel that is busy says nothing for a while: 4 s, as it comes, would lose a whole submission on a full machine.
    c.Execute.iopub_timeout = 60
    # With this argument the kernel grades: the students' cells run in a process apart, without files or network.
    settings = course / ".grading.json"
    pipeline.write_whole(settings, json.dumps({"trusted": trusted_cells(course), "showCase": show_case}))
    c.Execute.extra_arguments = [f"--grading={settings}"]

    # Where assignments are handed out and in. The variable EXCHANGE names a folder that all can reach.
    c.Exchange.root = os.environ.get("EXCHANGE", str(course / "exchange"))
    configure_display(c, course)


def configure_display(c, folder):
    """Formgrader and feedback: formulas set, nothing fetched from elsewhere, nothing run. `folder` has the templates."""
    nbgraders_own = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
    c.HTMLExporter.extra_template_basedirs = [str(folder / "templates"), str(nbgraders_own)]
    c.HTMLExporter.filters = {"markdown2html": "grading.display.markdown2html"}
    c.HTMLExporter.exclude_anchor_links = True


#: A given cell that shows a student's own numbers, which no answer is to read from there.
shows_own_numbers = re.compile(r"^own(?:Numbers|Result)\(", re.MULTILINE)


def trusted_cells(course):
    """The tests of the assignments, and what shows numbers of a student's own, by the hash of their text: what the kernel
    runs out of the students' reach.

    They are as they were at `generate_assignment`: nbgrader grades by these, whatever has become of the source.
    """
    gradebook = course / "gradebook.db"
    if not gradebook.exists():
        return []
    connection = sqlite3.connect(gradebook)
    try:
        rows = connection.execute(
            "SELECT source, grade_cells.id FROM source_cell LEFT JOIN base_cell USING (name, notebook_id) LEFT JOIN "
            "grade_cells ON grade_cells.id = base_cell.id WHERE source_cell.cell_type = 'code' AND locked"
        )
        trusted = {source for source, test in rows if source and (test or shows_own_numbers.search(source))}
        return sorted(hashlib.sha256(source.encode("utf-8")).hexdigest() for source in trusted)
    except sqlite3.OperationalError:  # a gradebook without assignments yet
        return []
    finally:
        connection.close()

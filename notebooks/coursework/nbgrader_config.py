"""What nbgrader has to know of this course. Loaded by each of its commands that runs in this folder."""

import hashlib
import json
import os
import sqlite3
from pathlib import Path

import nbgrader

c = get_config()  # noqa: F821
course = Path(__file__).resolve().parent

c.CourseDirectory.root = str(course)
c.CourseDirectory.course_id = "backpropagation"

# What stands in place of a solution. The markers are comments: // BEGIN SOLUTION … // END SOLUTION.
c.ClearSolutions.code_stub = {"typescript": "return undefined; // your code"}
c.ClearSolutions.text_stub = "*Your answer here.*"

# A cell that takes longer is interrupted, and the grading goes on with the next.
c.Execute.timeout = 60
c.Execute.interrupt_on_timeout = True


def trusted_cells():
    """The tests of the assignments, by the hash of their text: what the kernel runs out of the students' reach."""
    hashes = []
    for path in sorted(course.glob("source/*/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            marks = cell["metadata"].get("nbgrader", {})
            if cell["cell_type"] == "code" and marks.get("grade") and not marks.get("solution"):
                hashes.append(hash_of("".join(cell["source"])))
    return hashes + [hash_of(text) for text in cells_of_gradebook()]


def cells_of_gradebook():
    """The same as they were at `generate_assignment`: nbgrader grades by these, whatever has become of the source."""
    gradebook = course / "gradebook.db"
    if not gradebook.exists():
        return []
    connection = sqlite3.connect(gradebook)
    try:
        rows = connection.execute("SELECT source FROM source_cell WHERE cell_type = 'code' AND locked")
        return [source for (source,) in rows if source]
    except sqlite3.OperationalError:  # a gradebook without assignments yet
        return []
    finally:
        connection.close()


def hash_of(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


# With this argument the kernel grades: the students' cells run in a process apart, without files or network.
settings = course / ".grading.json"
settings.write_text(json.dumps({"trusted": trusted_cells()}), encoding="utf-8")
c.Execute.extra_arguments = [f"--grading={settings}"]

# Feedback is read without a network: the templates here leave out what would be fetched from elsewhere.
nbgraders_own = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
c.HTMLExporter.extra_template_basedirs = [str(course / "templates"), str(nbgraders_own)]

# Where assignments are handed out and in. The variable EXCHANGE names a folder that all can reach.
c.Exchange.root = os.environ.get("EXCHANGE", str(course / "exchange"))

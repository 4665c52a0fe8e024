"""Builds notebooks without a kernel: reads submissions as lines of JSON, {"raw": base64, "student": name}, and answers with a line each."""

import base64
import json
import sys
from pathlib import Path

import nbformat

folder, assignment = sys.argv[1:]
sys.path.insert(0, folder)
from grading import display, submission  # noqa: E402
from grading.pipeline import assignment_of  # noqa: E402
from nbgrader.coursedir import CourseDirectory  # noqa: E402

names = {"assignment": assignment, "notebook": assignment}
known = assignment_of(CourseDirectory(root=str(Path(folder))), names)
print(json.dumps({"recorded": known.recorded, "points": known.points}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    if "html" in asked:
        answer = {"html": display.clean(asked["html"])}
    elif "words" in asked:
        answer = {"words": display.inert(asked["words"])}
    else:
        try:
            built = submission.build(known, base64.b64decode(asked["raw"]), asked.get("student"))
            nbformat.validate(nbformat.from_dict(built.notebook))
            answer = {"notebook": built.notebook, "notes": built.notes}
        except submission.Unreadable as error:
            answer = {"refused": str(error)}
    print(json.dumps(answer), flush=True)

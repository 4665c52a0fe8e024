"""Makes a class's gradebook by nbgrader's own interface, as told by JSON on standard input; reads a table, and prints it; or
says why rosters are refused, a line for each."""

import csv
import json
import sys

from nbgrader.api import Gradebook


def make(told):
    with Gradebook("sqlite:///gradebook.db", "backpropagation") as gradebook:
        for assignment in told["assignments"]:
            name = assignment["name"]
            gradebook.add_assignment(name, duedate=assignment.get("duedate"), course_id="backpropagation")
            gradebook.add_notebook(name, name)
            for cell in assignment["cells"]:
                gradebook.add_grade_cell(cell["name"], name, name, max_score=cell["points"], cell_type=cell["type"])
        for student in told["students"]:
            gradebook.add_student(student.pop("id"), **student)
        for submission in told["submissions"]:
            name, student = submission["assignment"], submission["student"]
            made = gradebook.add_submission(name, student, timestamp=submission.get("timestamp"))
            made.notebooks[0].late_submission_penalty = submission.get("penalty", 0)
            for cell, score in submission["grades"].items():
                grade = gradebook.find_grade(cell, name, name, student)
                grade.auto_score = score
                grade.needs_manual_grade = score is None
        gradebook.db.commit()


def refused(roster):
    from grading.gradebook import Moodle, Trouble, read_table

    moodle = Moodle(roster=roster)
    try:
        moodle.people(read_table(roster, moodle.column_names()))
    except Trouble as trouble:
        return str(trouble)
    return "it is not"


if sys.argv[1] == "make":
    make(json.load(sys.stdin))
elif sys.argv[1] == "refused":
    sys.path.insert(0, ".")
    print("\n".join(map(refused, sys.argv[2:])))
else:
    with open(sys.argv[2], newline="", encoding="utf-8-sig") as file:
        print(json.dumps(list(csv.reader(file, delimiter=sys.argv[3], strict=True))))

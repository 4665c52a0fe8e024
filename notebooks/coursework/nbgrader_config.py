"""What nbgrader has to know of this class. Loaded by each of its commands that runs in this folder."""

import sys
from pathlib import Path

course = Path(__file__).resolve().parent
sys.path.insert(0, str(course))
from grading.configuration import configure  # noqa: E402

c = get_config()  # noqa: F821

# Late work: percent of an assignment's points for each day begun after the due date, or a student's extension.
c.Late.percent_per_day = 0
# Which mark counts when a student submits again after grading: the "last", or the "better".
c.Marks.counts = "last"
# Who students say they are in the pages of `npm run course:pages`, and by their files' names: a pattern for the whole
# identifier, and the words in which it is asked for.
c.Downloads.identifier = r"[a-z0-9][a-z0-9.@-]+"
c.Downloads.asks_for = "your login, in small letters and digits"
# A public word of the class, such as "autumn-2027": with it, some tasks have numbers of each student's own, which follow from the
# word and their identifier. After a change: npm run course:new -- --renew, then nbgrader generate_assignment --force.
c.OwnNumbers.word = ""
# With True feedback shows one of the hidden cases that differ, where the mistake is not a known one.
configure(c, course, show_case=False)

"""What every user's nbgrader has to know on a hub. The instructor's course folder has a configuration of its own."""

import os
import sys
from pathlib import Path

coursework = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(coursework))
from grading.configuration import configure_display  # noqa: E402

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "backpropagation"

# A folder that all can write to, and no one can list others' submissions in: chmod ugo+rwx, once.
c.Exchange.root = os.environ["EXCHANGE"]

# Formgrader takes its templates from the folder that its server was started in: those are the same, wherever that is.
configure_display(c, coursework)

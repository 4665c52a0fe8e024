"""What every user's nbgrader has to know on a hub. The instructor's course folder has a configuration of its own."""

import os

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "backpropagation"

# A folder that all can write to, and no one can list others' submissions in: chmod ugo+rwx, once.
c.Exchange.root = os.environ["EXCHANGE"]

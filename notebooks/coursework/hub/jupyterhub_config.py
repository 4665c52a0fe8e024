"""JupyterHub on one server: accounts of the system, one kernel for all, nbgrader's exchange.

Start it as root, in a folder of its own, with the variables below set:

    BACKPROP=/opt/backpropagation EXCHANGE=/srv/nbgrader/exchange jupyterhub -f …/hub/jupyterhub_config.py

BACKPROP is the project's folder, readable by all, `npm ci` done in it, and its kernel put where all users'
Jupyter finds it:

    JUPYTER_DATA_DIR=$BACKPROP/.jupyter/hub npm run kernel:install
"""

import os
from pathlib import Path

c = get_config()  # noqa: F821
project = os.environ["BACKPROP"]
here = str(Path(__file__).resolve().parent)

# Each user's server is a process of that user's own account: the system keeps their files apart.
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.default_url = "/lab"
c.Spawner.environment = {
    "JUPYTER_PATH": f"{project}/.jupyter/hub",
    # Where every server finds what nbgrader has to know.
    "JUPYTER_CONFIG_PATH": f"{here}/config",
    "EXCHANGE": os.environ["EXCHANGE"],
}

# The system's own passwords (PAM) by default. Who may come in:
c.Authenticator.allow_all = True

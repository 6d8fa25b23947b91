"""Loads the probe in every interpreter of an observed program, before any code of it.

The runner puts this folder on PYTHONPATH, which `site` turns into an import of this file
(https://docs.python.org/3/library/site.html), also in the interpreters that spawn and
forkserver start. It then removes itself from `sys.path` and lets the environment's own
sitecustomize, if there is one, have its turn.
"""

import os
import sys

import grader_probe

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != _HERE]
grader_probe.install()

_this = sys.modules.pop("sitecustomize")
try:
    import sitecustomize  # noqa: F401
except ModuleNotFoundError as error:
    if error.name != "sitecustomize":
        raise
    sys.modules["sitecustomize"] = _this

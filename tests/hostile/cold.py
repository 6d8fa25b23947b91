"""`grade`, under which nothing begins warm."""

import sys
from typing import Any

from grader import cli
from grader.cli import commands
from grader.settings import Settings


def _settings(**chosen: Any) -> Settings:
    return Settings(**chosen, warm=False)


if __name__ == "__main__":
    vars(commands)["Settings"] = _settings
    sys.exit(cli.main())

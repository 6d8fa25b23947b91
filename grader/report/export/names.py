"""File names for learners: nothing that a learner or a download calls itself leads elsewhere."""

import re
import unicodedata
from hashlib import sha256

_LONGEST = 60
"""Characters: at most 4 bytes each, and a file system takes 255 bytes."""

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Devices on Windows, whatever their ending is."""


class FileNames:
    """Names for the files of learners, each given once, also where case does not count."""

    def __init__(self, ending: str) -> None:
        self._ending = ending
        self._given: set[str] = set()

    def of(self, learner: str) -> str:
        """The file name for a learner: the id, as far as it can be one."""
        stem = re.sub(r"[^\w.@+-]+", "_", learner)[:_LONGEST].strip("._ ")
        whole = stem == learner != "" and not _RESERVED.fullmatch(stem)
        stem = stem or "learner"
        digest = sha256(learner.encode(errors="surrogatepass")).hexdigest()
        name = stem if whole else f"{stem}-{digest[:8]}"
        if self._key(name) in self._given:
            name = f"{stem}-{digest}"
        self._given.add(self._key(name))
        return name + self._ending

    def _key(self, name: str) -> str:
        return unicodedata.normalize("NFKC", name).casefold()

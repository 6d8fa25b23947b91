"""The names of the pages' files: nothing that a learner chose decides where a page lies."""

import re
from hashlib import sha256

_SLUG = 32
_HASH = 12

PAGE = re.compile(rf"[a-z0-9-]{{1,{_SLUG}}}-[0-9a-f]{{{_HASH}}}\.html")
"""What `page_name` gives, and so what may be taken away once a learner is gone."""


def page_name(learner: str) -> str:
    """The file of the learner with this id: a readable beginning, and a hash of the whole id.

    Lower case, since some file systems know no other; the hash tells "Ada" from "ada".
    """
    slug = re.sub(r"[^a-z0-9]+", "-", learner.lower())[:_SLUG].strip("-") or "learner"
    return f"{slug}-{sha256(learner.encode(errors='surrogatepass')).hexdigest()[:_HASH]}.html"

r"""An error whose class and text would steer terminals and CI."""
POISON = "\x1b[2J\x1b]0;owned\x07\n::error::owned\n##[error]owned<script>\u202e\0\udcff"

raise type(POISON.replace("\0", "").replace("\udcff", ""), (Exception,), {})(POISON)

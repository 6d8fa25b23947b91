r"""A right answer, around it what steers terminals, CI and browsers, and what is no text."""
import os

from four import four

POISON = (
    b"\x1b[2J\x1b]0;owned\x07\x1b[31m\x1b]8;;http://example.org\x1b\\\n"
    b"::stop-commands::x\n::error::owned\n##[error]owned\n::set-output name=x::y\n"
    b"<script>alert('owned')</script></pre><img src=x onerror=alert(0)>\n"
    b"\xe2\x80\xae\xe2\x80\xa6\xe2\x81\xa6\xe2\x81\xa9\xef\xbb\xbf\n"
    b"\0\0\0\xff\xfe\xc3\x28\xed\xa0\x80\n"
    b"=cmd|' /C calc'!A0\r\n\r\n\x08\x08\x08\x7f\n"
    b"\xe2\x80\xa8\xe2\x80\xa9\x85\x0b\x0c\n"
)

if __name__ == "__main__":
    os.write(1, POISON)
    os.write(2, POISON)
    four()
    os.write(1, POISON)

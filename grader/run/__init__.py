"""Running a program and observing it: the only part of the kit that knows how a Trace is made."""

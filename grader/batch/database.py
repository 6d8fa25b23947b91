"""The gradebook's file: its tables, and opening it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_APPLICATION = 0x6D706762  # "mpgb": what file(1) and we know it by
_SCHEMA = 1
LOCK = "batch.lock"
_TABLES = """
CREATE TABLE learners (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, ids TEXT NOT NULL);
CREATE TABLE submissions (
    learner TEXT PRIMARY KEY REFERENCES learners, digest TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX submissions_by_digest ON submissions (digest);
CREATE TABLE contents (digest TEXT PRIMARY KEY, files BLOB NOT NULL);
CREATE TABLE reports (
    learner TEXT REFERENCES learners, exercise TEXT, digest TEXT NOT NULL,
    kit TEXT NOT NULL, checks TEXT NOT NULL, settings TEXT NOT NULL,
    status TEXT NOT NULL, points INTEGER NOT NULL, max_points INTEGER NOT NULL,
    report TEXT NOT NULL, trace BLOB NOT NULL, notices TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (learner, exercise));
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE marks (
    learner TEXT REFERENCES learners, exercise TEXT, points REAL NOT NULL, max_points REAL,
    comment TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (learner, exercise));
"""


class GradebookError(Exception):
    """The gradebook cannot be read or written; one line for people."""


def connected(path: Path) -> sqlite3.Connection:
    """An open gradebook, which is made where the file is new. Raises GradebookError."""
    with told(path):
        connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection


_PATIENCE = 30.0
"""Seconds to wait for another who is writing."""


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Be the only batch that writes to the gradebook in this folder.

    The lock is SQLite's on a file of its own: every system has it, and takes it back from who
    has died. Raises GradebookError if another batch has it.
    """
    with told(folder / LOCK):
        connection = sqlite3.connect(folder / LOCK, timeout=0, isolation_level=None)
    try:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise GradebookError(
                f"another batch is writing to {folder}: wait until it has ended, or give -o "
                "another folder."
            ) from error
        yield
    finally:
        connection.close()


@contextmanager
def told(path: Path) -> Iterator[None]:
    """An error of SQLite's as one line for people."""
    try:
        yield
    except sqlite3.Error as error:
        raise GradebookError(
            f"{path} cannot be used: {error}. What was graded before is kept: mend that, and give "
            "the same command again."
        ) from error


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    [(application,)] = connection.execute("PRAGMA application_id")
    [(schema,)] = connection.execute("PRAGMA user_version")
    [(tables,)] = connection.execute("SELECT count(*) FROM sqlite_master")
    if application not in (0, _APPLICATION) or (application == 0 and tables):
        raise GradebookError(f"{path} is no gradebook: name another folder.")
    if application and schema != _SCHEMA:
        raise GradebookError(
            f"{path} is of another version of the kit ({schema}, not {_SCHEMA}): use that, or "
            "name another folder."
        )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    if not application:
        connection.executescript(
            f"BEGIN IMMEDIATE; {_TABLES} PRAGMA application_id = {_APPLICATION}; "
            f"PRAGMA user_version = {_SCHEMA}; COMMIT;"
        )

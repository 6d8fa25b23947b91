"""The gradebook's file: its tables, opening it, and who may write to it."""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from grader.handed_in import GRADEBOOK

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
    revision INTEGER NOT NULL,
    PRIMARY KEY (learner, exercise));
CREATE TABLE facts (name TEXT PRIMARY KEY, value NOT NULL);
INSERT INTO facts VALUES ('revision', 0);
CREATE TABLE marks (
    learner TEXT REFERENCES learners, exercise TEXT,
    points REAL NOT NULL, max_points REAL NOT NULL,
    comment TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (learner, exercise));
"""


class GradebookError(Exception):
    """The gradebook cannot be read or written; one line for people."""


class Database:
    """An open gradebook as SQLite has it. Every method raises GradebookError where it cannot."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The gradebook of a batch."""
        path = folder / GRADEBOOK
        if not path.is_file():
            raise GradebookError(
                f"there is no gradebook in {folder}: name the folder that was given to "
                "`grade batch PATH... -o`."
            )
        return cls(path, _connected(path))

    @classmethod
    def create(cls, folder: Path) -> Self:
        """The gradebook in a folder, which is made if it is not there."""
        path = made(folder) / GRADEBOOK
        return cls(path, _connected(path))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """All that a query gives."""
        with told(self._path):
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def transaction(self, *, is_news: bool = True) -> Iterator[sqlite3.Connection]:
        """Write all of something, or nothing; on the disk when it ends. `is_news` says that it
        changes what there is to tell of the class.
        """
        with told(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                if is_news:
                    self._connection.execute(
                        "UPDATE facts SET value = value + 1 WHERE name = 'revision'"
                    )
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def fact(self, name: str, otherwise: Any) -> Any:
        """What was kept under a name."""
        rows = self.rows("SELECT value FROM facts WHERE name = ?", name)
        return rows[0][0] if rows else otherwise

    def keep_fact(self, name: str, value: Any) -> None:
        """Keep something under a name."""
        with self.transaction(is_news=False) as connection:
            connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))


def _connected(path: Path) -> sqlite3.Connection:
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
    made(folder)
    with told(folder / LOCK):
        connection = sqlite3.connect(folder / LOCK, timeout=0, isolation_level=None)
        try:
            connection.execute("BEGIN EXCLUSIVE")
            # Where a file can only be read, SQLite lets several have that.
            connection.execute("PRAGMA user_version = 1")
        except sqlite3.Error as error:
            connection.close()
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise GradebookError(
                    f"another batch is writing to {folder}: wait until it has ended, or give -o "
                    "another folder."
                ) from error
            raise
    try:
        yield
    finally:
        connection.close()


def made(folder: Path) -> Path:
    """The folder, which is there now. Raises GradebookError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GradebookError(
            f"{folder} cannot be made a folder: {error.strerror or error}."
        ) from error
    return folder


@contextmanager
def sound(path: Path) -> Iterator[None]:
    """Records that cannot be read, as one line for people."""
    try:
        yield
    except (msgspec.MsgspecError, zlib.error, ValueError, TypeError, AttributeError) as error:
        raise GradebookError(
            f"{path} is damaged, or was changed by another program: {error}. Name another folder, "
            "or a copy from before."
        ) from error


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
    [(tables, odd)] = connection.execute(
        "SELECT count(*), total(type IN ('trigger', 'view')) FROM sqlite_master"
    )
    # A trigger would do something of its own whenever we write.
    if application not in (0, _APPLICATION) or (application == 0 and tables) or odd:
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

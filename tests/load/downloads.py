"""Building what learning platforms give to download: folders and archives of a whole class."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from grader.load.collect import Collection, HandedIn, collect

Files = Mapping[str, str | bytes]

Q6 = "print('six')\n"


def folder(root: Path, name: str, files: Files) -> Path:
    top = root / name
    for path, data in files.items():
        file = top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_bytes(data))
    return top


def zipped(root: Path, name: str, files: Files) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    path = root / f"{name}.zip"
    path.write_bytes(zip_bytes(files))
    return path


def zipped_with_its_folder(root: Path, name: str, files: Files) -> Path:
    return zipped(root, name, {f"{name}/{path}": data for path, data in files.items()})


Build = Callable[[Path, str, Files], Path]
BUILDS: tuple[Build, ...] = (folder, zipped, zipped_with_its_folder)


def zip_bytes(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path, (2024, 5, 1, 12, 0, 0)), _bytes(data))
    return buffer.getvalue()


def csv_file(
    root: Path, *rows: Iterable[str], encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path = root / "roster.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def learners(collection: Collection) -> dict[str, list[str]]:
    """The paths that each learner's submission has."""
    return {
        each.learner.id: sorted(file.path for file in each.read()[1])
        for each in collection.handed_in
    }


def taken(path: Path, **options: object) -> dict[str, list[str]]:
    with collect([path], **options) as collection:  # type: ignore[arg-type]
        return learners(collection)


def one(collection: Collection, learner: str) -> HandedIn:
    (found,) = (each for each in collection.handed_in if each.learner.id == learner)
    return found


def contents(handed_in: HandedIn) -> dict[str, str]:
    return {file.path: file.data.decode() for file in handed_in.read()[1]}


def _bytes(data: str | bytes) -> bytes:
    return data if isinstance(data, bytes) else data.encode()

"""What an answer needs of the rest of its file to run by itself."""

import ast
import builtins
import symtable
import warnings
from collections.abc import Iterator, Sequence

from msgspec import Struct

from grader.load.python import parse, plain_python

_ALWAYS_THERE = frozenset(dir(builtins)) | {
    *("__name__", "__file__", "__doc__", "__builtins__", "__annotations__"),
    *("In", "Out", "display", "exit", "get_ipython", "quit"),
}
"""What needs no definition. A learner's own `list` or `sum` is another answer's accident."""

_POOLS = {"Manager", "Pool", "ProcessPoolExecutor", "ThreadPool", "ThreadPoolExecutor"}
_RUNS = {"Process", "Thread", "Timer", "Popen", "call", "check_call", "check_output", "run"}
_SYSTEM = {"fork", "forkpty", "popen", "posix_spawn", "spawn", "start", "system"}
_STARTERS = frozenset(_POOLS | _RUNS | _SYSTEM | {"eval", "exec", "input"})
"""Calls that start something, run what we cannot see, or wait for somebody."""

_TASKS = frozenset(
    ("apply", "apply_async", "imap", "imap_unordered", "map", "map_async", "starmap", "submit")
)
"""Methods of a pool; the builtin map is harmless."""


_DEEPEST = 20
"""How many assignments may need one another."""


class _Binding(Struct, frozen=True, eq=False):
    """A statement that gives names to something, and its place in the order of the file."""

    place: tuple[int, int]
    names: frozenset[str]
    uses: frozenset[str]
    text: str
    node: ast.stmt

    @property
    def is_late(self) -> bool:
        """Whether it looks up what it uses only when called, which is in the answer."""
        return isinstance(self.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def needed(source: str, before: Sequence[str], after: Sequence[str]) -> str:
    """The statements of the code before and after an answer that it needs to run by itself.

    For each name that it uses and does not bind (or only further down): the closest earlier
    statement that binds it, or else the first later one, and what those need in turn.
    Nothing is taken that would start processes, as other answers do, or that could not be
    carried out itself. "" if nothing is needed, or the source is no Python.
    """
    plain = plain_python(source)
    uses, binds = _names(plain)
    missing = (uses - binds) | _used_early(plain)
    sources = [*before, *after]
    choice = _Choice(
        [found for n, text in enumerate(sources) for found in _bindings(text, n)], ready=binds
    )
    choice.take(missing, (len(before), -1))
    taken = dict.fromkeys(choice.taken)
    if missing - binds - _ALWAYS_THERE - {name for found in taken for name in found.names}:
        taken = dict.fromkeys([*choice.stars, *taken])
    return "".join(f"{found.text}\n" for found in taken)


class _Choice:
    """The statements taken so far, each after those that it needs itself."""

    def __init__(self, bindings: Sequence[_Binding], ready: frozenset[str]) -> None:
        self._bindings = bindings
        self._ready = ready
        self._seen: set[_Binding] = set()
        self._able: dict[_Binding, bool] = {}
        self.stars = [found for found in bindings if "*" in found.names]
        self.taken: list[_Binding] = []

    def take(self, names: frozenset[str], place: tuple[int, int]) -> None:
        """What binds these names at this place, after all that it needs."""
        found = {self._closest(name, place) for name in names - _ALWAYS_THERE}
        new = [binding for binding in found if binding is not None and binding not in self._seen]
        for binding in sorted(new, key=lambda one: one.place):
            if binding in self._seen:
                continue  # an earlier one of these needed it
            self._seen.add(binding)
            if isinstance(binding.node, ast.FunctionDef | ast.AsyncFunctionDef):
                self.take(binding.uses - self._ready, place)
            else:
                self.take(binding.uses, binding.place)
            self.taken.append(binding)

    def _closest(self, name: str, place: tuple[int, int], depth: int = 0) -> _Binding | None:
        own = [one for one in self._bindings if name in one.names]
        earlier = [one for one in reversed(own) if one.place < place]
        later = [one for one in own if one.place > place]
        return next((one for one in [*earlier, *later] if self._can_run(one, depth)), None)

    def _can_run(self, binding: _Binding, depth: int) -> bool:
        """Whether a statement starts nothing, and all that it needs at once can be had."""
        if binding.is_late or isinstance(binding.node, ast.Import | ast.ImportFrom):
            return True
        if binding not in self._able:
            self._able[binding] = False  # for what needs itself
            wanted = binding.uses - _ALWAYS_THERE if not self.stars else ()
            self._able[binding] = (
                depth < _DEEPEST
                and not self._starts(binding.node, {binding})
                and all(self._closest(name, binding.place, depth + 1) for name in wanted)
            )
        return self._able[binding]

    def _starts(self, node: ast.AST, seen: set[_Binding]) -> bool:
        """Whether a call in it may start processes, or run what cannot be seen from here.

        To define a function starts nothing; to call it does what its body does.
        """
        for call in ast.walk(node):
            if not isinstance(call, ast.Call):
                continue
            match call.func:
                case ast.Attribute(attr=name) if name in _STARTERS | _TASKS:
                    return True
                case ast.Name(id=name):
                    called = [b for b in self._bindings if name in b.names and b not in seen]
                    seen.update(called)
                    if name in _STARTERS or any(self._starts(b.node, seen) for b in called):
                        return True
        return False


def _used_early(source: str) -> frozenset[str]:
    """The names that a source uses at its top level before it binds them itself."""
    tree = parse(source)
    early: set[str] = set()
    bound: set[str] = set()
    later: dict[str, frozenset[str]] = {}
    for node in tree.body if tree else ():
        uses, binds = _names_of(node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            later[node.name] = uses - {node.name}
        else:
            inside = {name for used in uses for name in later.get(used, ())}
            early |= (uses | inside) - binds - bound
        bound |= binds
    return frozenset(early & bound)


# -- what statements bind and use ----------------------------------------------------------


def _bindings(source: str, number: int) -> Iterator[_Binding]:
    """The statements at the top level of a source that bind names."""
    plain = plain_python(source)
    tree = parse(plain)
    if tree is None:
        return
    lines = [line.encode() for line in plain.split("\n")]
    for order, (node, nested) in enumerate(_statements(tree.body)):
        names = frozenset(_bound(node))
        if names:
            text = _unparsed(node) if nested else _text(lines, node)
            yield _Binding((number, order), names, _names_of(node)[0], text, node)


def _unparsed(node: ast.stmt) -> str:
    """Its source, "" for one that is nested too deeply to be taken apart."""
    try:
        return ast.unparse(node)
    except RecursionError:
        return ""


def _names_of(node: ast.stmt) -> tuple[frozenset[str], frozenset[str]]:
    return _names(_unparsed(node))


def _statements(body: Sequence[ast.stmt], nested: bool = False) -> Iterator[tuple[ast.stmt, bool]]:
    """The statements of a module, with those in the body of its main guard or of a `try`.

    A `try` around imports, and any other `if`, is one statement: it chooses.
    """
    for node in body:
        match node:
            case ast.Try(body=inner) if not all(map(_is_import, inner)):
                yield from _statements(inner, nested=True)
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__")), body=inner):
                yield from _statements(inner, nested=True)
            case _:
                yield node, nested


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _bound(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            if not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
                yield from (alias.asname or alias.name.partition(".")[0] for alias in aliases)
        case (
            ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name)
        ):
            yield name
        case ast.Assign(targets=targets):
            yield from (name for target in targets for name in _targets(target))
        case ast.AnnAssign(target=target, value=value) if value is not None:
            yield from _targets(target)
        case ast.Try(body=body) | ast.If(body=body):
            yield from (name for inner in body for name in _bound(inner))


def _targets(target: ast.expr) -> Iterator[str]:
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            yield from (name for inner in targets for name in _targets(inner))
        case ast.Starred(value=inner):
            yield from _targets(inner)


def _text(lines: Sequence[bytes], node: ast.stmt) -> str:
    """The source of a statement, with its decorators.

    As ast.get_source_segment has it, which would take all the source apart for each one.
    """
    decorators = getattr(node, "decorator_list", [])
    above = lines[decorators[0].lineno - 1 : node.lineno - 1] if decorators else []
    own = [*lines[node.lineno - 1 : node.end_lineno]]
    own[-1] = own[-1][: node.end_col_offset]
    own[0] = own[0][node.col_offset :]
    return b"\n".join([*above, *own]).decode()


def _names(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """The global names that a source uses anywhere, and those that it binds."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the learner's code, and not for us
            top = symtable.symtable(source, "answer", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(), frozenset()
    uses: set[str] = set()
    binds: set[str] = set()
    tables = [top]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            if table is not top and not symbol.is_global():
                continue
            if symbol.is_referenced():
                uses.add(symbol.get_name())
            if symbol.is_assigned() or symbol.is_imported():
                binds.add(symbol.get_name())
    return frozenset(uses), frozenset(binds)

"""Which programs could tell a warm start from a cold one: those are started cold.

In a program that begins warm some modules are in memory before it imports them, and its own
code does not stand at the bottom of the stack. It sees nothing of either if it imports standard
modules only, uses them by their names and looks into neither them nor the interpreter. Whoever
does more than that may mean no harm, and begins cold all the same.
"""

import ast
import sys
import warnings
from collections.abc import Iterable

_LONGEST = 100_000
"""Bytes of a program; one that is longer would take long to look through."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PLAIN = _words(
    """
    abc argparse array base64 bisect calendar collections concurrent contextlib copy csv
    dataclasses datetime decimal enum errno fractions functools glob hashlib heapq io itertools
    json keyword locale math multiprocessing numbers operator os pathlib pickle platform pprint
    queue random re secrets select shlex shutil signal socket stat statistics string struct sys
    tempfile textwrap threading time timeit traceback typing unicodedata urllib uuid zlib
    """
)
"""Modules to which it makes no difference what is in memory when they are imported. It does to
`logging`, whose exit handler ran after that of `multiprocessing`, and what `subprocess` starts
may look at the program from outside, as `ps` does.
"""

_OF_SYS = _words(
    """
    argv byteorder exc_info executable exit float_info getdefaultencoding getfilesystemencoding
    getsizeof implementation int_info maxsize maxunicode platform stderr stdin stdout version
    version_info
    """
)
"""What of `sys` is the same; the limit of recursion is not (see warm_program.py)."""

_BUILTINS = _words("__import__ breakpoint compile delattr dir eval exec setattr vars")
"""Functions that look into things, or run what stands in no file."""

_TELLING = _words(
    """
    TemporaryDirectory __del__ _getframe collections.abc environ excepthook extract_stack
    f_back format_stack get_context gi_frame print_stack putenv register_at_fork
    set_start_method setprofile settrace stack_info stacklevel tb_frame unsetenv walk_stack
    os.* os.close os.closerange os.dup2 os.execl os.execle os.execlp os.execlpe os.execv
    os.execve os.execvp os.execvpe os.popen os.posix_spawn os.posix_spawnp os.spawnl
    os.spawnle os.spawnlp os.spawnlpe os.spawnv os.spawnve os.spawnvp os.spawnvpe os.system
    urllib.error urllib.parse urllib.request
    """
) | {
    # A name of `multiprocessing` only once something has imported the module.
    f"multiprocessing.{name}"
    for name in (
        "connection", "dummy", "forkserver", "heap", "managers", "pool", "popen_fork",
        "popen_forkserver", "popen_spawn_posix", "popen_spawn_win32", "queues",
        "resource_sharer", "resource_tracker", "shared_memory", "sharedctypes", "spawn",
        "synchronize", "util",
    )
}  # fmt: skip
"""Names of anything, and of modules."""

_OF_MODULES = _words("_sys builtins modules sys")
"""By these, names of most modules too, one gets to the interpreter: `os.sys` is `sys`."""

_HARMLESS = _words(
    """
    __call__ __class__ __doc__ __enter__ __eq__ __exit__ __file__ __init__ __iter__ __len__
    __module__ __name__ __next__ __qualname__ __repr__ __str__
    """
)
"""Of Python's own names those that lead to nothing else."""


def is_telling(source: bytes) -> bool:
    """Whether a program, its file as it is, might tell a warm start from a cold one."""
    if len(source) > _LONGEST:
        return True
    try:
        source.decode()  # which ast.parse() does not ask of comments, as Python does of a file
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the learner's code, and not for us
            nodes = [*ast.walk(ast.parse(source))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    program = _Program(nodes)
    return any(map(program.tells, nodes))


def shadows(names: Iterable[str]) -> bool:
    """Whether one of these files, beside a program, has the name of a standard module, or of
    what every interpreter looks for at its start.
    """
    return any(name.partition(".")[0] in _TAKEN for name in names)


_TAKEN = sys.stdlib_module_names | {"sitecustomize", "usercustomize"}


class _Program:
    """What each node of a program is looked at with: which names stand for modules, what else
    was imported by its name, and where a name stands only for an attribute to be taken.
    """

    def __init__(self, nodes: Iterable[ast.AST]) -> None:
        self._modules: dict[str, str] = {}
        self._imported: set[str] = set()
        self._taken_from: set[int] = set()
        for node in nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    top = alias.name.partition(".")[0]
                    self._modules[alias.asname or top] = alias.name if alias.asname else top
            elif isinstance(node, ast.ImportFrom):
                self._imported |= {alias.asname or alias.name for alias in node.names}
            elif isinstance(node, ast.Attribute):
                self._taken_from.add(id(node.value))

    def tells(self, node: ast.AST) -> bool:
        """Whether this node alone might tell the difference."""
        match node:
            case ast.Import(names):
                return any(alias.name.partition(".")[0] not in _PLAIN for alias in names)
            case ast.ImportFrom(module, names, level):
                return bool(level) or self._tells_import(module or "", names)
            case ast.Attribute(ast.Name(name), attribute, context):
                is_imported = name in self._modules or name in self._imported
                changes = is_imported and not isinstance(context, ast.Load)
                leads = attribute in _OF_MODULES
                return changes or leads or _is_named(attribute, self._modules.get(name, ""))
            case ast.Attribute(_, name) | ast.keyword(str(name)):
                return name in _OF_MODULES or _is_named(name)
            case ast.Name(name):
                is_bare = name in self._modules and id(node) not in self._taken_from
                return is_bare or name in _BUILTINS or _is_named(name)
            case ast.FunctionDef(name):
                return name in _TELLING
            case ast.AsyncFunctionDef():
                return True  # one that is never awaited is warned of where it goes
            case ast.Constant(str(text)):
                return "/proc" in text
            case ast.Constant(bytes(data)):
                return b"/proc" in data
        return False

    def _tells_import(self, module: str, names: Iterable[ast.alias]) -> bool:
        if module.partition(".")[0] not in _PLAIN:
            return True
        return any(alias.name in _OF_MODULES or _is_named(alias.name, module) for alias in names)


def _is_named(name: str, module: str = "") -> bool:
    """Whether a name, of a module or of something else, is one that tells."""
    if module == "sys":
        return name not in _OF_SYS
    if name.startswith("__") and name not in _HARMLESS:
        return True
    return name in _TELLING or f"{module}.{name}" in _TELLING

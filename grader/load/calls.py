"""Calls of an answer's functions from elsewhere in the file."""

import ast
from collections.abc import Iterator, Sequence

from grader.load.python import parse, plain_python


def calls_from(answer: str, others: Sequence[str]) -> str:
    """The statements of the other code that call functions of an answer, "" if there is none
    or if the answer does something by itself.

    People write a function for each question, and call them all in one place. Only calls
    standing alone are taken, without arguments or with constants, also below
    `if __name__ == "__main__":`.
    """
    tree = parse(plain_python(answer))
    if tree is None or not all(map(_is_definition, tree.body)):
        return ""
    own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    called = [
        ast.unparse(node)  # a name and constants: nothing deep
        for source in others
        if (other := parse(plain_python(source))) is not None
        for node in _statements(other.body)
        if _calls_one_of(node, own)
    ]
    return "".join(f"{line}\n" for line in dict.fromkeys(called))


def _is_definition(node: ast.stmt) -> bool:
    """A statement that starts nothing: a definition, an import, a constant."""
    if isinstance(node, ast.Assign):
        return isinstance(node.value, ast.Constant | ast.List | ast.Tuple | ast.Dict)
    definitions = (
        *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
        *(ast.Import, ast.ImportFrom, ast.Pass),
    )
    is_words = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_words or isinstance(node, definitions)


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Those of the top level, and of what is guarded or tried there."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try):
            yield from _statements(node.body)


def _calls_one_of(node: ast.stmt, names: set[str]) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=args, keywords=[])):
            return name in names and all(isinstance(each, ast.Constant) for each in args)
        case _:
            return False

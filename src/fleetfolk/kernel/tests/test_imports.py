"""The kernel knows no models of ours and no requests."""

import ast
from pathlib import Path

import pytest

import fleetfolk.kernel

MODULES = sorted(Path(fleetfolk.kernel.__file__).parent.glob("*.py"))
FOREIGN = ("django.http", "django.shortcuts", "django.contrib", "django_htmx", "allauth", "fleetfolk.")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_it_imports_the_kernel_and_no_request(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text())):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            assert name.startswith("fleetfolk.kernel") or not name.startswith(FOREIGN)

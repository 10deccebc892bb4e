"""The layers of the code: who may import whom."""

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_the_layers_of_the_code_are_kept() -> None:
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS

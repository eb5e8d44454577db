"""What may not be in a template: broken syntax, names of files that do not exist, scripts and styles in line."""

import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, TemplateNotFound, TemplateSyntaxError, meta

FOLDER = Path(__file__).parents[2] / "templates"
# What a strict content policy would block in silence. Data scripts are inert, and the one onclick of the portal's
# contract is a mark that clients look for: the policy keeps it from ever running.
INLINE = {
    "un <script> en línea": re.compile(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>", re.I),
    "un <style> en línea": re.compile(r"<style\b", re.I),
    "un atributo style": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.I),
    "un atributo on…": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=\s*(?!\"IniciarClaveUnica)", re.I),
}
# Read by a PDF maker, by mail programs and from a disk, where no content policy applies.
NO_POLICY = ("pdf/", "mail/", "case_file/")


def template_names() -> list[str]:
    return sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())


def problems_of(name: str, environment: Environment) -> Iterator[str]:
    """What is wrong with the template `name`, one sentence each."""
    source = (FOLDER / name).read_text(encoding="utf-8")
    try:
        tree = environment.parse(source, name)
        environment.compile(tree, name)
    except TemplateSyntaxError as error:
        yield f"{name}:{error.lineno}: no compila: {error.message}"
        return
    for target in sorted(filter(None, meta.find_referenced_templates(tree))):
        if not _exists(target, environment):
            yield f"{name}: nombra «{target}», que no existe"
    if not name.startswith(NO_POLICY):
        yield from (f"{name}: lleva {what}" for what, pattern in INLINE.items() if pattern.search(source))


def _exists(name: str, environment: Environment) -> bool:
    assert environment.loader is not None
    try:
        environment.loader.get_source(environment, name)
    except TemplateNotFound:
        # The PDF's own environment is rooted in its folder.
        return (FOLDER / "pdf" / name).is_file()
    return True

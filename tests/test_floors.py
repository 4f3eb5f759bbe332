"""The house stands: imports go down only, one door for states, one clock, small pieces, clean pages.

Every test names the files that break its statement, and what in them does.
"""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLOORS = {
    "experts": set(),
    "services": {"experts"},
    "evaluations": {"experts", "services"},
    "recruitment": {"experts", "services", "evaluations"},
    "payments": {"experts", "services"},
}
# The roof of the project package may see every app; all the rest of it is the cellar and sees none.
ROOF = {"__init__", "settings", "urls", "celery", "wsgi", "roles", "apps", "pages", "today", "management"}
ROOF |= {
    "demo",
    "demo_life",
    "rehearsal",
    "verify",
    "departures",
    "departure_pages",
    "stats",
    "tally",
    "served",
    "annual",
    "feeds",
}
PURE = {"datetime", "decimal", "collections", "enum", "dataclasses", "typing", "math"}

SOURCES = sorted(
    path.relative_to(ROOT)
    for package in ["expertteam", *FLOORS]
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)
PAGES = sorted(path.relative_to(ROOT) for path in (ROOT / "templates").rglob("*.html"))
RULES = [path for path in SOURCES if path.name == "rules.py" or "rules" in path.parts]
VIEWS = [path for path in SOURCES if path.name == "views.py" or "views" in path.parts]


@cache
def text(path):
    return (ROOT / path).read_text(encoding="utf8")


@cache
def nodes(path):
    return list(ast.walk(ast.parse(text(path))))


def calls(path):
    """Every call in the file, as written."""
    return [ast.unparse(node) for node in nodes(path) if isinstance(node, ast.Call)]


def functions(path):
    return [node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def imported(path):
    """Every module that the file names in an import, the names behind ``from expertteam import`` included."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def offenders(paths, wrong):
    """What is wrong in which file."""
    return {str(path): found for path in paths if (found := list(wrong(path)))}


def matches(pattern, flags=re.M):
    return lambda path: [match[0] for match in re.finditer(pattern, text(path), flags)]


def too_high(path):
    """The imports of this file that look up."""
    package, module = path.parts[0], path.with_suffix("").parts[1]
    if package == "expertteam" and module in ROOF:
        return
    for name in imported(path):
        root, *rest = name.split(".")
        if root in FLOORS and root not in FLOORS.get(package, set()) | {package}:
            yield name
        if root == "expertteam" and rest and rest[0] in ROOF:
            yield name


def test_imports_go_down_only():
    assert offenders(SOURCES, too_high) == {}


def test_the_roof_is_made_of_modules_that_exist():
    there = {path.with_suffix("").parts[1] for path in SOURCES if path.parts[0] == "expertteam"}

    assert there >= ROOF


def test_nothing_is_imported_inside_a_function():
    def inside(path):
        return [n.lineno for f in functions(path) for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)]

    assert offenders(SOURCES, inside) == {}


def test_states_are_moved_in_workflow_only():
    def assigned(path):
        for node in nodes(path):
            if isinstance(node, ast.Attribute) and node.attr == "state" and not isinstance(node.ctx, ast.Load):
                yield ast.unparse(node)

    def written(path):
        doors = r"\b(update|aupdate|update_or_create|bulk_update|setattr|update_fields)\b"
        return [call for call in calls(path) if re.search(doors + r".*(\bstate=|['\"]state['\"])", call)]

    elsewhere = [path for path in SOURCES if path != Path("expertteam/workflow.py")]

    assert (offenders(elsewhere, assigned), offenders(elsewhere, written)) == ({}, {})


def test_only_the_clock_asks_the_time():
    asking = re.compile(r"\b(timezone|date|datetime)\.(now|today|utcnow)\(|\.local(date|time)\(\)|^time\.time\(")

    def asked(path):
        return [call for call in calls(path) if asking.search(call)]

    elsewhere = [path for path in SOURCES if path != Path("expertteam/clock.py")]

    assert offenders(elsewhere, asked) == {}
    assert offenders(SOURCES, matches(r"auto_now|default=(timezone|date|datetime)\.")) == {}


def test_history_is_never_taken_away():
    taken = r"[Hh]istor\w*(\.\w+|\([^()]*\))*\.(delete|update|bulk_\w+)\(|skip_history|DELETE FROM|without_history"

    assert offenders(SOURCES, matches(taken)) == {}


def test_rules_are_pure():
    def foreign(path):
        package = path.parts[0]
        near = ("expertteam.regulation.", "experts.rules.")
        near += (f"{package}.rules.", f"{package}.facts.", f"{package}.categories.")
        return [name for name in imported(path) if name.split(".")[0] not in PURE and not name.startswith(near)]

    pure = [*RULES, *(path for path in SOURCES if path.name in ("facts.py", "categories.py"))]

    assert offenders(pure, foreign) == {}


def test_every_rule_quotes_its_article():
    def silent(path):
        for function in functions(path):
            cites = any(ast.unparse(each).startswith("article(") for each in function.decorator_list)
            if cites and not re.search(r"[\u4e00-\u9fff]", ast.get_docstring(function) or ""):
                yield function.name

    assert offenders(RULES, silent) == {}


def test_modules_and_functions_are_short():
    def long(path):
        lines = len(text(path).splitlines())
        too_long = [f.name for f in functions(path) if f.end_lineno - f.lineno + 1 > 40]
        return ([f"{lines} lines"] if lines > 300 else []) + too_long

    alone = Path("services/verify_draw.py")  # a program of one page, which its own test measures

    assert offenders([path for path in SOURCES if path != alone], long) == {}


def test_kernel_and_settings_are_small():
    code = [line for line in text(Path("expertteam/workflow.py")).splitlines() if line.strip()]
    settings = [line for line in text(Path("expertteam/settings.py")).splitlines() if line.strip()]

    assert (len(code) <= 150, len(settings) < 150) == (True, True)


def test_views_decide_nothing():
    deciding = re.compile(r"\.(has_perms?|delete|bulk_create|bulk_update)\(|(?<!self)\.save\((?!commit=False)")

    def decided(path):
        return [call for call in calls(path) if deciding.search(call)]

    assert offenders(VIEWS, decided) == {}


def test_nothing_is_waved_through():
    waved = r"# ?noqa|TODO|FIXME|XXX|except:|^@csrf_exempt(?!  #)"

    assert offenders(SOURCES, matches(waved)) == {}


def test_nothing_typed_is_taken_for_markup():
    """Exempt are the QR code, which we draw, and help texts and the manual, which we write."""
    ours = ("documents.py", "field_notes.html", "manual.py")
    checked = [path for path in [*SOURCES, *PAGES] if path.name not in ours]

    assert offenders(checked, matches(r"mark_safe\(|SafeString\(|\|\s*safe\b|{% autoescape off")) == {}


def test_pages_carry_nothing_inline_and_nothing_foreign():
    inline = r"<style|\sstyle=|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")|<[^>]*\son\w+=|javascript:"
    foreign = r"(?:src|action)=[\"']?(?:https?:)?//|<link[^>]*href=[\"']?(?:https?:)?//|@import|url\(['\"]?https?:"

    assert offenders(PAGES, matches(inline)) == {}
    assert offenders(PAGES, matches(foreign)) == {}


def test_pages_are_short_and_ask_no_permission():
    def long(path):
        return [lines] if (lines := len(text(path).splitlines())) > 120 else []

    assert offenders(PAGES, long) == {}
    assert offenders(PAGES, matches(r"\bperms\.|is_superuser")) == {}

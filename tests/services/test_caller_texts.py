"""Every kind of SMS that goes to a bare number is either a client's, and shown to the desk, or nobody's but its receiver's."""

import ast
from pathlib import Path

from services.callers import CLIENTS

ROOT = Path(__file__).parents[2]
APPS = ["expertteam", "experts", "services", "evaluations", "recruitment", "payments"]
# Codes, links and news of an account; what is told to experts, witnesses and whoever reports or objects.
OWN = {"account", "account-", "new-phone", "change", "answered", "offered", "former", "witness"}
# Function -> which argument is the key, or how it begins.
SENDERS = {"text": 0, "text_link": 0, "tell_client": 1, "unsettled": 1}


def test_every_kind_of_sms_is_shown_to_the_desk_or_kept_from_it():
    paths = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    found = {kind for path in paths for kind in kinds(ast.parse(path.read_text("utf8")))}

    assert found == CLIENTS | OWN
    assert not CLIENTS & OWN


def kinds(tree):
    """How the keys begin of what this module sends; one handed on by a function is sought where that is called."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    away = {name.name for node in imports if node.module != "expertteam.notify" for name in node.names}
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            name = ast.unparse(call.func).removeprefix("notify.").removeprefix("messages.")
            if name in SENDERS and name not in away:
                yield from begins(call.args[SENDERS[name]], function)


def begins(key, function):
    """The literal with which a key begins; nothing where it is an argument of one of the senders."""
    if isinstance(key, ast.JoinedStr):
        return begins(key.values[0], function)
    if isinstance(key, ast.FormattedValue):
        return begins(key.value, function)
    if isinstance(key, ast.Constant):
        return [key.value.partition(":")[0]]
    given = [value for node in ast.walk(function) if isinstance(node, ast.Assign) for value in assigned(node, key.id)]
    handed_on = function.name in SENDERS and key.id in [each.arg for each in function.args.args]
    assert given or handed_on, ast.unparse(function)
    return [kind for value in given for kind in begins(value, function)]


def assigned(node, name):
    """What this statement assigns to the name, alone or beside others."""
    target, value = node.targets[0], node.value
    several = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
    sides = zip(target.elts, value.elts, strict=True) if several else [(target, value)]
    return [value for target, value in sides if ast.unparse(target) == name]

"""All of an app's past migrations in one step, for a database that has none of them yet.

A migration draws anew every model that is related to the one it changes, and here nearly all of them
are: most of a minute for an empty database.  The tables as the last change leaves them need one drawing.
The single migrations remain the source: whoever is on the way through them goes on with them.
"""

from importlib import import_module

from django.db.migrations import RunPython, RunSQL
from django.db.migrations.operations.base import Operation


def steps(replaces: list[tuple[str, str]]) -> list[Operation]:
    """Everything that these migrations (app, name) do, in order."""
    modules = [import_module(f"{app}.migrations.{name}") for app, name in replaces]
    return [step for module in modules for step in module.Migration.operations]


class AtOnce(Operation):
    """Create the tables as these steps leave them, then enter the first rows as they do; there is no way back."""

    reversible = False

    def __init__(self, steps: list[Operation]):
        self.steps = steps

    def state_forwards(self, app_label, state):
        vars(state).pop("apps", None)  # drawn when next asked for, not at every step
        for step in self.steps:
            step.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for model in to_state.apps.get_app_config(app_label).get_models():
            schema_editor.create_model(model)
        for step in self.steps:
            if isinstance(step, RunPython):
                step.code(to_state.apps, schema_editor)
            elif isinstance(step, RunSQL):
                raise NotImplementedError("plain SQL has to be taken over by hand")

    def describe(self):
        return "Create every table at once"

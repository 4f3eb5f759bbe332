"""The database fails at one statement after another: what is half done then is seen, and trying again succeeds."""

from itertools import count

from django.db import OperationalError, connection, transaction


def rows(models):
    """Every row of these and of their histories, to be compared with what is there later."""
    histories = [model.history.model for model in models if hasattr(model, "history")]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in [*models, *histories]}


def failing_at(k):
    """A wrapper that fails the k-th statement and no other."""
    numbers = count(1)

    def wrapper(execute, sql, *rest):
        if next(numbers) == k:
            raise OperationalError(f"planted at {k}: {sql}")
        return execute(sql, *rest)

    return wrapper


def sweep(call, models):
    """Let the k-th statement fail, for every k, until the call goes through; the number of faults planted.

    ``models``: everything that the call writes.
    """
    before, k = rows(models), 0
    while True:
        k += 1
        try:
            with connection.execute_wrapper(failing_at(k)):
                call()
        except OperationalError:
            transaction.set_rollback(False)  # the fault was planted: the database itself can still be asked
            assert rows(models) == before, f"half done after statement {k}"
        else:
            return k - 1

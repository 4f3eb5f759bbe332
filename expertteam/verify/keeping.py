"""Messages, files, accounts, states (all through the Measures)."""

import hashlib
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db import connection

from expertteam.verify.invariant import Invariant
from expertteam.verify.rows import HISTORY, ask, schema

LATE = {"sqlite": "datetime(:now, '-1 day')", "postgresql": "CAST(:now AS timestamptz) - INTERVAL '1 day'"}
FILE = {"file", "digest", "content_type"}  # columns of every table that keeps what somebody sent
ATTEMPTS = 8  # after these a person looks


def late() -> Iterator[str]:
    """Keys of messages that nobody has handed over a day after they were due, and nobody was asked to look at."""
    waiting = f"""SELECT key FROM expertteam_notification WHERE sent_at IS NULL AND attempts < {ATTEMPTS}
        AND due < {LATE[connection.vendor]}"""
    return (key for (key,) in ask(waiting))


def spoilt() -> Iterator[str]:
    """Files that are not there, or not what they were when they came."""
    for table in (each for each, columns in schema().items() if set(columns) >= FILE and HISTORY not in each):
        for key, name, digest in ask(f"SELECT id, file, digest FROM {table}"):
            if not default_storage.exists(name):
                yield f"{table} {key}"
                continue
            with default_storage.open(name) as stored:
                if hashlib.sha256(stored.read()).hexdigest() != digest:
                    yield f"{table} {key}"


INVARIANTS = [
    Invariant("I29.late", "10(3)", "没有消息到期一天以后还没有发出，也没有转人工", late),
    Invariant(
        "I29.sent", "10(3)", "发出的消息都有收信人，发出不早于产生",
        f"""SELECT key FROM expertteam_notification WHERE sent_at < created_at OR attempts > {ATTEMPTS}
              OR (channel = 'inapp' AND (to_id IS NULL OR sent_at IS NULL)) OR (channel <> 'inapp' AND address = '')
            UNION SELECT key FROM expertteam_notification GROUP BY key HAVING COUNT(*) > 1""",
    ),
    Invariant("I32.files", "11", "收下的文件都在，和收到时的指纹一致", spoilt),
    Invariant(
        "I33.disabled", "4", "停用的账号没有会话，没有岗位和待确认的岗位",
        """SELECT u.username FROM expertteam_user u WHERE u.is_active = FALSE AND (
            EXISTS (SELECT 1 FROM usersessions_usersession s WHERE s.user_id = u.id)
            OR EXISTS (SELECT 1 FROM expertteam_user_groups m JOIN auth_group g ON g.id = m.group_id
              WHERE m.user_id = u.id AND g.name NOT IN ('expert', 'client'))
            OR EXISTS (SELECT 1 FROM expertteam_rolegrant g WHERE g.user_id = u.id AND g.state <> 'revoked'))""",
    ),
    Invariant(
        "I33.changes", "4", "账号变更由一人提出、另一人确认，都不是本人确认；手机号验证过、过了观察期才换",
        """SELECT c.id FROM expertteam_accountchange c WHERE c.state IN ('cooling', 'done') AND (
            c.confirmed_by_id IS NULL OR c.confirmed_by_id IN (c.proposed_by_id, c.user_id) OR c.check_note = ''
            OR (c.kind = 'phone' AND (c.proved_at IS NULL OR c.effective_at <= c.confirmed_at))
            OR (c.kind = 'phone' AND c.state = 'done' AND NOT EXISTS (
              SELECT 1 FROM expertteam_historicalaccountchange h WHERE h.id = c.id AND h.state = 'done'
              AND h.history_date >= c.effective_at)))""",
    ),
    Invariant(
        "I33.staff", "12", "有后台权限的账号都担任着岗位，没有超级管理员",
        """SELECT u.username FROM expertteam_user u WHERE u.is_superuser = TRUE OR (u.is_staff = TRUE AND NOT EXISTS (
            SELECT 1 FROM expertteam_user_groups m JOIN auth_group g ON g.id = m.group_id
            WHERE m.user_id = u.id AND g.name NOT IN ('expert', 'client')))""",
    ),
]  # fmt: skip

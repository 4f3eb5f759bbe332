from django.db import migrations

from expertteam.squash import AtOnce, steps

REPLACES = [
    ("evaluations", "0001_initial"),
    ("evaluations", "0002_initial"),
    ("evaluations", "0003_ledger_and_dismissal"),
    ("evaluations", "0004_seed_scheme"),
]


class Migration(migrations.Migration):
    initial = True
    replaces = REPLACES
    dependencies = [("services", "0005_cancelled_reviews")]
    operations = [AtOnce(steps(REPLACES))]

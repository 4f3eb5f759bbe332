from django.db import migrations

from expertteam.squash import AtOnce, steps

REPLACES = [
    ("payments", "0001_tables"),
    ("payments", "0002_seed_rates"),
]


class Migration(migrations.Migration):
    initial = True
    replaces = REPLACES
    dependencies = [("services", "0005_cancelled_reviews")]
    operations = [AtOnce(steps(REPLACES))]

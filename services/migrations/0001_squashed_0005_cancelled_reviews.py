from django.db import migrations

from expertteam.squash import AtOnce, steps

REPLACES = [
    ("services", "0001_initial"),
    ("services", "0002_panels"),
    ("services", "0003_seed_score_sheets"),
    ("services", "0004_leaving"),
    ("services", "0005_cancelled_reviews"),
]


class Migration(migrations.Migration):
    initial = True
    replaces = REPLACES
    dependencies = [("experts", "0004_services")]
    operations = [AtOnce(steps(REPLACES))]

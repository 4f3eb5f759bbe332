from django.db import migrations

from expertteam.squash import AtOnce, steps

REPLACES = [
    ("experts", "0001_initial"),
    ("experts", "0002_initial"),
    ("experts", "0003_search_text"),
    ("experts", "0004_services"),
]


class Migration(migrations.Migration):
    initial = True
    replaces = REPLACES
    dependencies = [("expertteam", "0008_pay_numbers")]
    operations = [AtOnce(steps(REPLACES))]

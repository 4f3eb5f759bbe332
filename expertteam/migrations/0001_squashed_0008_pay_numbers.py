from django.db import migrations

from expertteam.squash import AtOnce, steps

REPLACES = [
    ("expertteam", "0001_initial"),
    ("expertteam", "0002_working_days"),
    ("expertteam", "0003_cache_table"),
    ("expertteam", "0004_nobody_above_the_roles"),
    ("expertteam", "0005_services"),
    ("expertteam", "0006_review_numbers"),
    ("expertteam", "0007_open_numbers"),
    ("expertteam", "0008_pay_numbers"),
]


class Migration(migrations.Migration):
    initial = True
    replaces = REPLACES
    dependencies = [("auth", "0012_alter_user_first_name_max_length")]
    operations = [AtOnce(steps(REPLACES))]

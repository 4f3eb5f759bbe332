from django.db import migrations

from expertteam.squash import AtOnce, steps

REPLACES = [
    ("recruitment", "0001_initial"),
    ("recruitment", "0002_discarded_notices"),
    ("recruitment", "0003_annulled_at"),
    ("recruitment", "0004_renewal"),
]


class Migration(migrations.Migration):
    initial = True
    replaces = REPLACES
    dependencies = [("experts", "0004_services")]
    operations = [AtOnce(steps(REPLACES))]

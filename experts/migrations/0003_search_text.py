from django.db import migrations, models

from expertteam import search


def fill(apps, schema_editor):
    """Whoever is on the team already is found from the start."""
    experts = apps.get_model("experts", "Expert").objects
    for expert in experts.select_related("user").prefetch_related("specialities"):
        facts = {
            "title": expert.title,
            "employer": f"{expert.employer}{expert.position}",
            "biography": expert.biography,
            "district": expert.get_district_display(),
        }
        shown = [expert.line, *(text for field, text in facts.items() if text and field in expert.public_fields)]
        topics = [speciality.get_topic_display() for speciality in expert.specialities.all()]
        name = expert.user.name
        text = search.document(name, topics, shown)
        experts.filter(pk=expert.pk).update(reading=search.reading(name), search_text=text)


class Migration(migrations.Migration):
    dependencies = [("experts", "0002_initial"), ("expertteam", "0001_initial")]

    operations = [
        migrations.AddField(
            "expert",
            "reading",
            models.CharField("姓名拼音", max_length=400, blank=True, default="", editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            "expert",
            "search_text",
            models.TextField("检索文本", blank=True, default="", editable=False),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0003_targets"),
    ]

    operations = [
        migrations.AddField(model_name="job", name="program_id", field=models.BigIntegerField(null=True)),
        migrations.AddField(model_name="job", name="place_id", field=models.BigIntegerField(null=True)),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=models.Q(("program_id", None), ("created_by_id", 0), _connector="OR"),
                name="jobs_of_person_or_program",
            ),
        ),
    ]
